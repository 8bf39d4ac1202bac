"""What an owner cannot do by inviting: pester an address, learn whose it is, write lines into a mail."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone

from accounts.models import Organization, Role, User
from accounts.services.invitations import MOST_TO_ONE_ADDRESS, resend, revoke
from accounts.services.inviting import invite
from accounts.services.joining import accept_invitation
from accounts.services.organizations import change_organization, create_organization
from core.errors import Refused
from core.models import OutgoingMail
from tests.accounts.people import invited, membership_of

pytestmark = pytest.mark.django_db
SECOND = "bob@private.test"


def test_one_address_gets_five_mails_a_day(organization: Organization, alice: User, scope: Organization) -> None:
    invitation = invited(organization, "dora@example.org", by=alice)
    for _ in range(MOST_TO_ONE_ADDRESS - 1):
        resend(invitation, by=alice)

    with pytest.raises(Refused) as refusal:
        resend(invitation, by=alice)
    revoke(invitation, by=alice)
    with pytest.raises(Refused) as once_more:
        invite(organization, ["dora@example.org"], role=Role.LEARNER, by=alice)

    answers = [(one.value.code, one.value.status) for one in (refusal, once_more)]
    assert answers == [("too_many_invitations", 429)] * 2
    assert (MOST_TO_ONE_ADDRESS, OutgoingMail.objects.count()) == (5, 5)
    assert invite(organization, ["emil@example.org"], role=Role.LEARNER, by=alice)[0].outcome == "invited"


def test_next_day_the_same_address_may_be_asked_again(
    organization: Organization, alice: User, scope: Organization
) -> None:
    invitation = invited(organization, "dora@example.org", by=alice)
    for _ in range(MOST_TO_ONE_ADDRESS - 1):
        resend(invitation, by=alice)
    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(hours=25))

    resend(invitation, by=alice)

    assert OutgoingMail.objects.count() == MOST_TO_ONE_ADDRESS + 1


def test_private_address_of_a_member_is_invited_like_a_stranger(
    organization: Organization, alice: User, bob: User, scope: Organization
) -> None:
    EmailAddress.objects.create(user=bob, email=SECOND, verified=True)

    answers = invite(organization, [SECOND, "stranger@private.test"], role=Role.LEARNER, by=alice)

    assert [answer.outcome.value for answer in answers] == ["invited", "invited"]


def test_member_who_accepts_by_a_private_address_keeps_the_stronger_role(
    organization: Organization, alice: User
) -> None:
    EmailAddress.objects.create(user=alice, email=SECOND, verified=True)
    invitation = invited(organization, SECOND, role=Role.LEARNER, by=alice)

    accept_invitation(invitation.digest, by=alice)

    found = membership_of(alice, organization)
    assert (found.role, found.is_active) == (Role.OWNER, True)


def test_names_write_no_lines_into_an_invitation(
    organization: Organization, alice: User, work_off: Callable[[], int]
) -> None:
    User.objects.filter(pk=alice.pk).update(name="Alice\nPay at http://evil.test")
    Organization.objects.filter(pk=organization.pk).update(name="Harbor\nSchool")
    alice.refresh_from_db()

    invited(organization, "dora@example.org", by=alice)
    work_off()

    assert "Alice Pay at http://evil.test invites you to join Harbor School as Learner." in mail.outbox[0].body


def test_name_of_an_organization_is_one_line(organization: Organization, alice: User, scope: Organization) -> None:
    change_organization(organization, values={"name": "Harbor\r\nAcademy\u2028\u202e"}, by=alice)
    founded, _password = create_organization(slug="academy", name="New\nSchool", owner_email=alice.email)

    names = Organization.objects.filter(pk__in=[organization.pk, founded.pk]).values_list("name", flat=True)
    assert list(names) == ["Harbor Academy", "New School"]
