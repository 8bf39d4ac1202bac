"""What owners decide about members, and what follows at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from accounts.models import ApiToken, Invitation, Membership, Organization, Role, User
from accounts.services.joining import accept_invitation
from accounts.services.members import add_member, change_role, join, reinstate_member, remove_member, suspend_member
from accounts.services.tokens import create_token
from core.errors import Refused
from core.models import AuditEntry
from core.tenancy import organization_scope
from tests.accounts.people import invited, membership_of
from tests.conftest import member

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def token(organization: Organization, alice: User) -> str:
    """Of an owner who is not the last one."""
    dora = member("dora@harbor.test", organization, Role.OWNER)
    _, secret = create_token(membership_of(dora, organization), name="sync", scopes=["courses:read"])
    return secret


def answer_to(token: str) -> int:
    return Client().get("/api/v1/harbor/courses/", headers={"Authorization": f"Token {token}"}).status_code


def test_role_changes_and_is_written_down(
    organization: Organization, alice: User, bob: User, scope: Organization
) -> None:
    change_role(membership_of(bob, organization), role=Role.CREATOR, by=alice)

    assert membership_of(bob, organization).role == Role.CREATOR
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.detail) == ("role_changed", alice, "learner → creator")


@pytest.mark.parametrize("act", ["demote", "suspend", "remove", "command"])
def test_last_owner_stays(organization: Organization, alice: User, bob: User, scope: Organization, act: str) -> None:
    mine = membership_of(alice, organization)
    verbs = {
        "demote": lambda: change_role(mine, role=Role.CREATOR, by=alice),
        "suspend": lambda: suspend_member(mine, by=alice),
        "remove": lambda: remove_member(mine, by=alice),
        "command": lambda: add_member(organization, email="alice@harbor.test", role=Role.LEARNER),
    }

    with pytest.raises(Refused) as refusal:
        verbs[act]()

    assert (refusal.value.code, refusal.value.status) == ("last_owner", 409)
    kept = membership_of(alice, organization)
    assert (kept.role, kept.is_active, AuditEntry.objects.count()) == (Role.OWNER, True, 0)


def test_owner_whose_account_is_closed_does_not_count(
    organization: Organization, alice: User, scope: Organization
) -> None:
    dora = member("dora@harbor.test", organization, Role.OWNER)
    User.objects.filter(pk=dora.pk).update(is_active=False)

    with pytest.raises(Refused):
        change_role(membership_of(alice, organization), role=Role.CREATOR, by=alice)


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_leave_at_once_do_not_both_go(organization: Organization, alice: User) -> None:
    dora = member("dora@harbor.test", organization, Role.OWNER)
    together = Barrier(2)

    def leave(person: User) -> str:
        with organization_scope(organization):
            mine = membership_of(person, organization)
            together.wait(timeout=10)
            try:
                remove_member(mine, by=person)
            except Refused as refusal:
                return refusal.code
            finally:
                connection.close()
        return "left"

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(leave, [alice, dora]))

    assert answers == ["last_owner", "left"]
    owners = Membership.objects.active().filter(organization=organization, role=Role.OWNER)
    assert owners.count() == 1


def test_removing_ends_a_live_session_and_token_at_once(
    organization: Organization, other_organization: Organization, alice: User, token: str, client_of: ClientOf
) -> None:
    dora = User.objects.get(email="dora@harbor.test")
    Membership.objects.create(user=dora, organization=other_organization, role=Role.LEARNER)
    browser = client_of(dora)
    before = [browser.get(path).status_code for path in ("/harbor/", "/harbor/my/", "/harbor/members/", "/admin/")]
    before.append(answer_to(token))

    with organization_scope(organization):
        remove_member(membership_of(dora, organization), by=alice)

    after = [browser.get(path).status_code for path in ("/harbor/", "/harbor/my/", "/harbor/members/")]
    assert before == [200] * 5
    assert (after, answer_to(token), ApiToken.objects.count()) == ([404] * 3, 401, 0)
    assert browser.get("/admin/", follow=True).status_code == 403
    assert browser.get("/summit/").status_code == 200


def test_suspending_keeps_tokens_and_refuses_them(
    organization: Organization, alice: User, token: str, client_of: ClientOf
) -> None:
    dora = User.objects.get(email="dora@harbor.test")
    browser = client_of(dora)
    with organization_scope(organization):
        suspend_member(membership_of(dora, organization), by=alice)
    suspended = (browser.get("/harbor/").status_code, answer_to(token))

    with organization_scope(organization):
        reinstate_member(membership_of(dora, organization), by=alice)

    assert suspended == (404, 401)
    assert (browser.get("/harbor/").status_code, answer_to(token)) == (200, 200)


@pytest.mark.parametrize("verb", [suspend_member, remove_member])
def test_open_door_lets_nobody_back_in(
    organization: Organization, alice: User, bob: User, scope: Organization, verb: Callable[..., object]
) -> None:
    Organization.objects.update(is_open=True)
    verb(membership_of(bob, organization), by=alice)

    with pytest.raises(Refused) as refusal:
        join(Organization.objects.get(pk=organization.pk), bob)

    assert refusal.value.code == "membership_ended"


def test_open_organization_may_admit_nobody_by_itself(organization: Organization, alice: User, charlie: User) -> None:
    organization.is_open, organization.admits_learners = True, False

    with pytest.raises(Refused) as refusal:
        join(organization, charlie)

    assert refusal.value.code == "not_open"


def test_removing_revokes_invitations_of_that_person_here_only(
    organization: Organization, other_organization: Organization, alice: User, bob: User, charlie: User
) -> None:
    here = invited(organization, "robert@example.org", by=alice)
    there = invited(other_organization, "robert@example.org", by=charlie)
    typed = invited(organization, "erin@example.org", by=alice)
    bob.emailaddress_set.create(email="robert@example.org", verified=True)
    bob.emailaddress_set.create(email="erin@example.org")  # typed by him, never proven: the invitation is Erin's

    with organization_scope(organization):
        remove_member(membership_of(bob, organization), by=alice)

    open_ones = Invitation.objects.pending()
    assert [one in open_ones for one in (here, there, typed)] == [False, True, True]
    with pytest.raises(Refused, match="not valid"):
        accept_invitation(typed.digest, by=bob)


def test_removed_member_is_not_reinstated(
    organization: Organization, alice: User, bob: User, scope: Organization
) -> None:
    remove_member(membership_of(bob, organization), by=alice)

    with pytest.raises(Refused) as refusal:
        reinstate_member(membership_of(bob, organization), by=alice)

    assert refusal.value.code == "membership_ended"


@pytest.mark.parametrize(
    "end",
    [remove_member, suspend_member, lambda membership, by: change_role(membership, role=Role.LEARNER, by=by)],
    ids=["removed", "suspended", "demoted"],
)
def test_owner_who_stops_leaves_no_door_open(
    organization: Organization, alice: User, scope: Organization, end: Callable[..., object]
) -> None:
    """Whom they asked in to decide or to make is asked no longer; learners still are."""
    dora = member("dora@harbor.test", organization, Role.OWNER)
    for role in (Role.OWNER, Role.CREATOR, Role.LEARNER):
        invited(organization, f"{role}@example.org", role=role, by=dora)
    invited(organization, "another@example.org", role=Role.OWNER, by=alice)

    end(membership_of(dora, organization), by=alice)

    waiting = Invitation.objects.unanswered().order_by("email").values_list("email", flat=True)
    assert list(waiting) == ["another@example.org", "learner@example.org"]


def test_command_suspends_and_reinstates(organization: Organization, alice: User, bob: User) -> None:
    said = StringIO()

    call_command("suspend_member", "BOB@harbor.test", "harbor", stdout=said)
    suspended = membership_of(bob, organization).is_suspended
    call_command("suspend_member", "bob@harbor.test", "harbor", undo=True, stdout=said)

    assert (suspended, membership_of(bob, organization).is_suspended) == (True, False)
    assert said.getvalue() == "BOB@harbor.test is suspended.\nbob@harbor.test is reinstated.\n"


@pytest.mark.parametrize(
    ("email", "slug", "words"),
    [
        ("nobody@harbor.test", "harbor", "is no member of harbor"),
        ("alice@harbor.test", "nowhere", "There is no organization called 'nowhere'"),
        ("alice@harbor.test", "harbor", "needs an owner"),
    ],
)
def test_command_says_why_not(organization: Organization, alice: User, email: str, slug: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("suspend_member", email, slug)
