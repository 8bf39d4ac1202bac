"""Members and invitations for integrators."""

import json
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import ApiToken, Invitation, Membership, Organization, Role, User
from accounts.services.tokens import create_token
from tests.accounts.people import invited, membership_of
from tests.conftest import member

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
MEMBERS, INVITATIONS = "/api/v1/harbor/members/", "/api/v1/harbor/invitations/"


def send(client: Client, method: str, path: str, body: object = None, **headers: str) -> tuple[int, dict]:
    answer = getattr(client, method)(path, json.dumps(body), content_type="application/json", headers=headers)
    return answer.status_code, answer.json() if answer.content else {}


def test_members_are_listed_with_role_and_state(
    organization: Organization, alice: User, bob: User, charlie: User, client_of: ClientOf
) -> None:
    body = client_of(alice).get(MEMBERS).json()

    rows = [(row["email"], row["name"], row["role"], row["suspended"]) for row in body["results"]]
    assert (body["count"], rows) == (
        2,
        [("alice@harbor.test", "Alice", "owner", False), ("bob@harbor.test", "Bob", "learner", False)],
    )


@pytest.mark.parametrize(
    ("query", "emails"),
    [("role=owner", ["alice@harbor.test"]), ("suspended=true", ["bob@harbor.test"]),
     ("suspended=false", ["alice@harbor.test"]), ("email=BOB@harbor.test", ["bob@harbor.test"])],
)  # fmt: skip
def test_members_are_filtered(
    organization: Organization, alice: User, bob: User, client_of: ClientOf, query: str, emails: list[str]
) -> None:
    Membership.objects.filter(user=bob).update(is_active=False)

    assert [row["email"] for row in client_of(alice).get(f"{MEMBERS}?{query}").json()["results"]] == emails


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_any_number(
    organization: Organization, alice: User, client_of: ClientOf, django_assert_num_queries: Callable[[int], object],
    count: int,
) -> None:  # fmt: skip
    for number in range(count):
        member(f"p{number}@harbor.test", organization, Role.LEARNER)
    client = client_of(alice)

    with django_assert_num_queries(5):  # session, person, membership, count, page
        client.get(MEMBERS)


def test_patch_changes_role_and_suspends(
    organization: Organization, alice: User, bob: User, client_of: ClientOf
) -> None:
    path = f"{MEMBERS}{membership_of(bob, organization).pk}/"

    status, body = send(client_of(alice), "patch", path, {"role": "creator", "suspended": True})

    assert (status, body["role"], body["suspended"]) == (200, "creator", True)
    assert membership_of(bob, organization).is_suspended is True


@pytest.mark.parametrize(
    ("method", "body"), [("patch", {"suspended": True}), ("patch", {"role": "learner"}), ("delete", None)]
)
def test_last_owner_stays(
    organization: Organization, alice: User, client_of: ClientOf, method: str, body: object
) -> None:
    status, answer = send(client_of(alice), method, f"{MEMBERS}{membership_of(alice, organization).pk}/", body)

    assert (status, answer["error"]["code"]) == (409, "last_owner")


def test_delete_removes(organization: Organization, alice: User, bob: User, client_of: ClientOf) -> None:
    path = f"{MEMBERS}{membership_of(bob, organization).pk}/"
    client = client_of(alice)

    assert [client.delete(path).status_code, client.delete(path).status_code] == [204, 404]
    assert membership_of(bob, organization).removed_at is not None


def test_unknown_role_is_a_field_error(organization: Organization, alice: User, bob: User, client_of: ClientOf) -> None:
    status, body = send(client_of(alice), "patch", f"{MEMBERS}{membership_of(bob, organization).pk}/", {"role": "king"})

    assert (status, list(body["error"]["fields"])) == (400, ["role"])


def test_inviting_answers_each_line(organization: Organization, alice: User, bob: User, client_of: ClientOf) -> None:
    emails = ["dora@example.org", "bob@harbor.test", "nonsense"]

    status, body = send(client_of(alice), "post", INVITATIONS, {"emails": emails, "role": "creator"})

    invitation = Invitation.objects.get()
    assert status == 200
    assert [(row["line"], row["outcome"]) for row in body["results"]] == [
        ("dora@example.org", "invited"), ("bob@harbor.test", "already_member"), ("nonsense", "not_an_address"),
    ]  # fmt: skip
    assert [row["invitation"] and row["invitation"]["id"] for row in body["results"]] == [
        str(invitation.pk),
        None,
        None,
    ]
    assert invitation.digest not in json.dumps(body)


def test_too_many_at_once_is_a_field_error(alice: User, client_of: ClientOf) -> None:
    emails = [f"p{number}@example.org" for number in range(51)]

    status, body = send(client_of(alice), "post", INVITATIONS, {"emails": emails})

    assert (status, list(body["error"]["fields"]), Invitation.objects.count()) == (400, ["emails"], 0)


def test_invitations_are_listed_resent_and_revoked(
    organization: Organization, alice: User, client_of: ClientOf
) -> None:
    invitation = invited(organization, "dora@example.org", by=alice)
    client = client_of(alice)

    listed = client.get(INVITATIONS).json()["results"]
    resent, _ = send(client, "post", f"{INVITATIONS}{invitation.pk}/resend/")
    revoked = client.delete(f"{INVITATIONS}{invitation.pk}/").status_code

    assert [(row["email"], row["state"]) for row in listed] == [("dora@example.org", "pending")]
    assert (resent, revoked, client.get(INVITATIONS).json()["count"]) == (200, 204, 0)


@pytest.mark.parametrize("path", [MEMBERS, INVITATIONS])
def test_members_are_refused_and_outsiders_find_nothing(
    alice: User, bob: User, charlie: User, client_of: ClientOf, path: str
) -> None:
    statuses = [client_of(person).get(path).status_code for person in (bob, charlie)]

    assert [*statuses, Client().get(path).status_code] == [403, 404, 401]


def test_foreign_rows_are_not_found(
    organization: Organization, other_organization: Organization, alice: User, charlie: User, client_of: ClientOf
) -> None:
    member_path = f"{MEMBERS}{membership_of(charlie, other_organization).pk}/"
    invitation_path = f"{INVITATIONS}{invited(other_organization, 'dora@example.org', by=charlie).pk}/"
    client = client_of(alice)

    tries = [
        send(client, "patch", member_path, {"role": "learner"})[0], client.delete(member_path).status_code,
        client.delete(invitation_path).status_code, send(client, "post", f"{invitation_path}resend/")[0],
    ]  # fmt: skip
    assert tries == [404] * 4


@pytest.mark.parametrize(
    ("scopes", "statuses"),
    [(["courses:write"], [403, 403]), (["members:read"], [200, 403]), (["members:write"], [200, 200])],
)
def test_token_needs_the_scope_of_members(
    organization: Organization, alice: User, scopes: list[str], statuses: list[int]
) -> None:
    _, secret = create_token(membership_of(alice, organization), name="sync", scopes=scopes)
    headers = {"Authorization": f"Token {secret}"}
    body = {"emails": ["dora@example.org"]}

    read = Client().get(MEMBERS, headers=headers).status_code
    assert [read, send(Client(), "post", INVITATIONS, body, **headers)[0]] == statuses
    assert ApiToken.objects.count() == 1
