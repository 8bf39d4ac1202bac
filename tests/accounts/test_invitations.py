"""Asking people in: what is stored, sent, renewed, refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from threading import Barrier

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Invitation, Membership, Organization, Role, User
from accounts.services.invitations import expire_invitations, pending_by_secret, resend, revoke
from accounts.services.inviting import invite
from accounts.services.joining import accept_invitation
from accounts.services.members import remove_member, suspend_member
from core.errors import Refused
from core.models import AuditEntry, OutgoingMail
from core.secrets import digest_of
from core.tenancy import organization_scope
from tests.accounts.people import invited, last_link, membership_of
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def secret_of(email: str) -> str:
    return last_link(email).split("/")[2]


def outcomes(organization: Organization, lines: list[str], by: User) -> list[tuple[str, str]]:
    return [(answer.line, answer.outcome.value) for answer in invite(organization, lines, role=Role.LEARNER, by=by)]


def test_each_line_has_its_own_answer(organization: Organization, alice: User, bob: User, scope: Organization) -> None:
    invite(organization, ["old@example.org"], role=Role.LEARNER, by=alice)
    lines = ["new@example.org", "", "BOB@harbor.test", "old@example.org", "nonsense", "Ada <ada@example.org>",
             "New@Example.org"]  # fmt: skip

    assert outcomes(organization, lines, alice) == [
        ("new@example.org", "invited"),
        ("BOB@harbor.test", "already_member"),
        ("old@example.org", "renewed"),
        ("nonsense", "not_an_address"),
        ("Ada <ada@example.org>", "invited"),
        ("New@Example.org", "repeated"),
    ]
    emails = Invitation.objects.filter(organization=organization).order_by("email").values_list("email", flat=True)
    assert list(emails) == ["ada@example.org", "new@example.org", "old@example.org"]


def test_suspended_member_is_reinstated_not_invited(
    organization: Organization, alice: User, bob: User, scope: Organization
) -> None:
    suspend_member(membership_of(bob, organization), by=alice)

    assert outcomes(organization, ["bob@harbor.test"], alice) == [("bob@harbor.test", "suspended")]


def test_fifty_addresses_are_taken_and_fifty_one_refused(
    organization: Organization, alice: User, scope: Organization
) -> None:
    addresses = [f"person{number}@example.org" for number in range(51)]

    with pytest.raises(Refused) as refusal:
        invite(organization, addresses, role=Role.LEARNER, by=alice)

    assert (refusal.value.code, Invitation.objects.count()) == ("too_many_addresses", 0)
    assert len(invite(organization, addresses[:50], role=Role.LEARNER, by=alice)) == 50


def test_only_the_digest_is_stored_and_the_mail_says_who_asks(
    organization: Organization, alice: User, work_off: Callable[[], int]
) -> None:
    invitation = invited(organization, "dora@example.org", role=Role.CREATOR, by=alice)
    secret = secret_of("dora@example.org")
    work_off()

    assert invitation.digest == digest_of(secret)
    [message] = mail.outbox
    assert (message.to, message.subject) == (["dora@example.org"], "Harbor School invites you")
    assert f"http://localhost:8000/invitations/{secret}/" in message.body
    assert "Alice invites you to join Harbor School as Creator." in message.body


def test_link_opens_for_fourteen_days(organization: Organization, alice: User) -> None:
    invitation = invited(organization, "dora@example.org", by=alice)

    assert timedelta(days=13, hours=23) < invitation.expires_at - timezone.now() <= timedelta(days=14)


def test_resending_ends_the_old_link_and_starts_the_time_anew(
    organization: Organization, alice: User, scope: Organization
) -> None:
    invitation = invited(organization, "dora@example.org", by=alice)
    old = secret_of("dora@example.org")
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))

    resend(invitation, by=alice)

    assert pending_by_secret(old) is None
    assert pending_by_secret(secret_of("dora@example.org")) == invitation


def test_revoked_invitation_opens_nothing_and_cannot_be_resent(
    organization: Organization, alice: User, scope: Organization
) -> None:
    invitation = invited(organization, "dora@example.org", by=alice)
    revoke(invitation, by=alice)

    assert pending_by_secret(secret_of("dora@example.org")) is None
    with pytest.raises(Refused) as refusal:
        resend(invitation, by=alice)
    assert refusal.value.code == "invitation_ended"


def test_an_organization_sends_so_many_invitations_a_day(
    organization: Organization, alice: User, scope: Organization, settings: object
) -> None:
    settings.INVITATIONS_A_DAY = 2
    invitation = invited(organization, "dora@example.org", by=alice)
    resend(invitation, by=alice)

    with pytest.raises(Refused) as refusal:
        resend(invitation, by=alice)

    assert (refusal.value.code, refusal.value.status) == ("too_many_invitations", 429)
    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert resend(invitation, by=alice) == invitation


def test_invitations_of_others_do_not_count(
    organization: Organization, other_organization: Organization, alice: User, charlie: User, settings: object
) -> None:
    settings.INVITATIONS_A_DAY = 1
    invited(organization, "dora@example.org", by=alice)

    assert invited(other_organization, "dora@example.org", by=charlie).organization == other_organization


def test_expired_invitations_are_closed_everywhere(
    organization: Organization, other_organization: Organization, alice: User, charlie: User
) -> None:
    for home, by in ((organization, alice), (other_organization, charlie)):
        invited(home, "dora@example.org", by=by)
        invited(home, "erik@example.org", by=by)
    Invitation.objects.filter(email="dora@example.org").update(expires_at=timezone.now() - timedelta(minutes=1))

    assert (expire_invitations(), expire_invitations()) == (2, 0)
    states = {(one.organization_id, one.email): one.state.value for one in Invitation.objects.all()}
    assert states == {
        (home.pk, email): state
        for home in (organization, other_organization)
        for email, state in (("dora@example.org", "expired"), ("erik@example.org", "pending"))
    }


def test_command_closes_what_ran_out(organization: Organization, alice: User) -> None:
    invited(organization, "dora@example.org", by=alice)
    Invitation.objects.update(expires_at=timezone.now())
    said = StringIO()

    call_command("expire_invitations", stdout=said)

    assert said.getvalue() == "1 invitation had run out.\n"


def test_accepting_makes_a_member_of_that_role_once(organization: Organization, alice: User) -> None:
    dora = User.objects.create_user("dora@example.org", PASSWORD)
    invitation = invited(organization, "dora@example.org", role=Role.CREATOR, by=alice)

    membership = accept_invitation(invitation.digest, by=dora)

    assert (membership.role, membership.is_active) == (Role.CREATOR, True)
    with pytest.raises(Refused) as refusal:
        accept_invitation(invitation.digest, by=dora)
    assert (refusal.value.code, refusal.value.status) == ("invitation_invalid", 404)


def test_somebody_else_cannot_accept(organization: Organization, alice: User, charlie: User) -> None:
    invitation = invited(organization, "dora@example.org", by=alice)

    with pytest.raises(Refused) as refusal:
        accept_invitation(invitation.digest, by=charlie)

    assert (refusal.value.code, refusal.value.status) == ("addressed_to_another", 403)
    assert Membership.objects.filter(user=charlie, organization=organization).count() == 0


def test_invitation_never_takes_a_stronger_role_away(organization: Organization, alice: User, bob: User) -> None:
    invitation = invited(organization, "erin@example.org", role=Role.CUSTOMER, by=alice)
    Invitation.objects.update(email="alice@harbor.test")

    assert accept_invitation(invitation.digest, by=alice).role == Role.OWNER


def test_removed_member_comes_back_by_a_new_invitation_only(
    organization: Organization, alice: User, bob: User, scope: Organization
) -> None:
    older = invited(organization, "other@example.org", by=alice)
    remove_member(membership_of(bob, organization), by=alice)
    Invitation.objects.filter(pk=older.pk).update(email="bob@harbor.test")  # sent before, to another address of his

    with pytest.raises(Refused) as refusal:
        accept_invitation(older.digest, by=bob)
    assert refusal.value.code == "invitation_invalid"
    newer = invited(organization, "bob@harbor.test", role=Role.CREATOR, by=alice)
    membership = accept_invitation(newer.digest, by=bob)
    assert (membership.role, membership.is_active, membership.removed_at) == (Role.CREATOR, True, None)


def test_suspended_member_cannot_come_back_by_invitation(
    organization: Organization, alice: User, bob: User, scope: Organization
) -> None:
    invitation = invited(organization, "other@example.org", by=alice)
    Invitation.objects.update(email="bob@harbor.test")
    suspend_member(membership_of(bob, organization), by=alice)

    with pytest.raises(Refused) as refusal:
        accept_invitation(invitation.digest, by=bob)

    assert refusal.value.code == "membership_suspended"


def test_every_act_is_written_down(organization: Organization, alice: User, scope: Organization) -> None:
    dora = User.objects.create_user("dora@example.org", PASSWORD, name="Dora")
    first = invited(organization, "dora@example.org", by=alice)
    resend(first, by=alice)
    revoke(first, by=alice)
    second = invited(organization, "dora@example.org", by=alice)
    accept_invitation(second.digest, by=dora)

    entries = AuditEntry.objects.order_by("id").values_list("action", "actor__email")
    assert list(entries) == [
        ("invitation_sent", "alice@harbor.test"),
        ("invitation_renewed", "alice@harbor.test"),
        ("invitation_revoked", "alice@harbor.test"),
        ("invitation_sent", "alice@harbor.test"),
        ("invitation_accepted", "dora@example.org"),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_join_once(organization: Organization, alice: User) -> None:
    people = [User.objects.create_user(f"dora{number}@example.org", PASSWORD) for number in range(4)]
    invitation = invited(organization, "dora0@example.org", by=alice)
    for person in people:
        person.emailaddress_set.create(email="dora0@example.org", verified=False)
    together = Barrier(len(people))

    def click(person: User) -> str:
        together.wait(timeout=10)
        try:
            return str(accept_invitation(invitation.digest, by=person).role)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as threads:
        answers = sorted(threads.map(click, people))

    assert answers == ["invitation_invalid"] * 3 + ["learner"]
    with organization_scope(organization):
        assert Membership.objects.filter(organization=organization, user__in=people).count() == 1


@pytest.mark.django_db(transaction=True)
def test_inviting_the_same_address_at_once_makes_one_invitation(organization: Organization, alice: User) -> None:
    together = Barrier(2)

    def ask(_: int) -> str:
        with organization_scope(organization):
            together.wait(timeout=10)
            [answer] = invite(organization, ["dora@example.org"], role=Role.LEARNER, by=alice)
        connection.close()
        return answer.outcome.value

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(ask, range(2)))

    assert (answers, Invitation.objects.count()) == (["invited", "renewed"], 1)
