"""The pages on which owners decide about people."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Invitation, Membership, Organization, Role, User
from accounts.services.members import suspend_member
from core.tenancy import organization_scope
from tests.accounts.people import invited, membership_of
from tests.conftest import member

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def crowd(organization: Organization, count: int) -> None:
    people = [User(email=f"p{number:03}@harbor.test", name=f"Person {number:03}") for number in range(count)]
    User.objects.bulk_create(people)
    with organization_scope(organization):
        Membership.objects.bulk_create(
            [Membership(organization=organization, user=person, role=Role.LEARNER) for person in people]
        )


def names(page: object) -> list[str]:
    return [one.user.name for one in page.context["page"].object_list]


@pytest.mark.parametrize("path", ["members/", "members/invitations/", "members/{key}/", "members/{key}/remove/"])
def test_pages_are_for_owners_only(
    organization: Organization, alice: User, bob: User, charlie: User, client_of: ClientOf, path: str
) -> None:
    carla = member("carla@harbor.test", organization, Role.CREATOR)
    address = "/harbor/" + path.format(key=membership_of(bob, organization).pk)

    statuses = [client_of(person).get(address).status_code for person in (alice, carla, bob, charlie)]

    assert statuses == [200, 404, 404, 404]
    assert Client().get(address)["Location"] == f"/accounts/login/?next={address}"


def test_member_of_another_organization_is_not_found(
    organization: Organization, alice: User, charlie: User, other_organization: Organization, client_of: ClientOf
) -> None:
    foreign = membership_of(charlie, other_organization)
    invitation = invited(other_organization, "dora@example.org", by=charlie)
    client = client_of(alice)
    paths = [f"/harbor/members/{foreign.pk}/{verb}" for verb in ("", "suspend/", "reinstate/", "remove/")]
    paths += [f"/harbor/members/invitations/{invitation.pk}/{verb}/" for verb in ("resend", "revoke")]

    assert [client.post(path, {"role": "learner"}).status_code for path in paths] == [404] * 6
    kept = membership_of(charlie, other_organization)
    assert (kept.role, kept.is_active, Invitation.objects.pending().count()) == (Role.OWNER, True, 1)


def test_three_hundred_members_are_paged(organization: Organization, alice: User, client_of: ClientOf) -> None:
    crowd(organization, 299)
    client = client_of(alice)

    first, last = client.get("/harbor/members/"), client.get("/harbor/members/?page=6")

    assert (first.context["page"].paginator.count, len(names(first)), names(first)[0]) == (300, 50, "Alice")
    assert names(last)[-1] == "Person 298"


@pytest.mark.parametrize("count", [1, 60])
def test_list_costs_the_same_for_any_number(
    organization: Organization, alice: User, client_of: ClientOf, django_assert_num_queries: Callable[[int], object],
    count: int,
) -> None:  # fmt: skip
    crowd(organization, count)
    client = client_of(alice)

    with django_assert_num_queries(6):  # session, person, membership, roles, count, page
        client.get("/harbor/members/")


def test_words_and_role_narrow_the_list(
    organization: Organization, alice: User, bob: User, client_of: ClientOf
) -> None:
    client = client_of(alice)

    assert names(client.get("/harbor/members/?q=BOB@")) == ["Bob"]
    assert names(client.get("/harbor/members/?role=owner")) == ["Alice"]
    assert names(client.get("/harbor/members/?q=bob&role=owner")) == []
    assert "Nobody fits" in client.get("/harbor/members/?q=zzz").content.decode()


def test_suspended_members_are_listed_and_removed_ones_are_not(
    organization: Organization, alice: User, bob: User, client_of: ClientOf
) -> None:
    client = client_of(alice)
    key = membership_of(bob, organization).pk
    client.post(f"/harbor/members/{key}/suspend/")
    suspended = names(client.get("/harbor/members/"))

    answer = client.post(f"/harbor/members/{key}/remove/", follow=True)

    assert (suspended, names(answer)) == (["Alice", "Bob"], ["Alice"])
    assert client.get(f"/harbor/members/{key}/").status_code == 404


def test_role_is_changed_and_member_reinstated(
    organization: Organization, alice: User, bob: User, client_of: ClientOf
) -> None:
    with organization_scope(organization):
        suspend_member(membership_of(bob, organization), by=alice)
    client = client_of(alice)
    address = f"/harbor/members/{membership_of(bob, organization).pk}/"

    client.post(address, {"role": "creator"})
    client.post(f"{address}reinstate/")

    changed = membership_of(bob, organization)
    assert (changed.role, changed.is_active) == (Role.CREATOR, True)


def test_last_owner_is_told_why_not(organization: Organization, alice: User, client_of: ClientOf) -> None:
    address = f"/harbor/members/{membership_of(alice, organization).pk}/"

    answer = client_of(alice).post(address, {"role": "learner"}, follow=True)

    assert "An organization needs an owner." in answer.content.decode()
    assert membership_of(alice, organization).role == Role.OWNER


def test_owner_who_steps_down_is_led_away(organization: Organization, alice: User, client_of: ClientOf) -> None:
    member("dora@harbor.test", organization, Role.OWNER)
    address = f"/harbor/members/{membership_of(alice, organization).pk}/"

    answer = client_of(alice).post(address, {"role": "learner"})

    assert answer["Location"] == "/"


def test_removing_asks_first(organization: Organization, alice: User, bob: User, client_of: ClientOf) -> None:
    key = membership_of(bob, organization).pk

    page = client_of(alice).get(f"/harbor/members/{key}/remove/")

    assert "Remove Bob?" in page.content.decode()
    assert membership_of(bob, organization).is_active is True


def test_pasted_list_is_answered_line_by_line_once(
    organization: Organization, alice: User, bob: User, client_of: ClientOf
) -> None:
    client = client_of(alice)
    text = "dora@example.org, bob@harbor.test\nnonsense"

    page = client.post("/harbor/members/invitations/", {"emails": text, "role": "creator"}, follow=True)

    assert [(row["line"], str(row["words"])) for row in page.context["answers"]] == [
        ("dora@example.org", "Invited"),
        ("bob@harbor.test", "Is a member already"),
        ("nonsense", "Is not an e-mail address"),
    ]
    assert [(one.email, one.role) for one in page.context["page"].object_list] == [("dora@example.org", "creator")]
    assert client.get("/harbor/members/invitations/").context["answers"] == []


def test_list_that_is_too_long_stays_in_the_form(organization: Organization, alice: User, client_of: ClientOf) -> None:
    text = "\n".join(f"p{number}@example.org" for number in range(51))

    page = client_of(alice).post("/harbor/members/invitations/", {"emails": text, "role": "learner"})

    assert page.context["form"].errors == {"emails": ["At most 50 addresses at once."]}
    assert Invitation.objects.count() == 0


def test_resend_and_revoke(organization: Organization, alice: User, client_of: ClientOf) -> None:
    invitation = invited(organization, "dora@example.org", by=alice)
    client = client_of(alice)
    address = f"/harbor/members/invitations/{invitation.pk}"

    resent = client.post(f"{address}/resend/", follow=True).content.decode()
    client.post(f"{address}/revoke/")

    kept = Invitation.objects.get()
    assert "A new link is on its way to dora@example.org." in resent
    assert (kept.digest != invitation.digest, kept.state.value) == (True, "revoked")


def test_owners_find_the_pages_in_the_frame(alice: User, bob: User, client_of: ClientOf) -> None:
    entry = b'<a class="site-nav__wide" href="/harbor/members/">Members</a>'

    assert (
        client_of(alice).get("/harbor/").content.count(entry),
        client_of(bob).get("/harbor/").content.count(entry),
    ) == (1, 0)
