"""What was read before an end does not outlive it: services look at account and membership again."""

from collections.abc import Callable

import pytest

from accounts.models import ApiToken, Membership, Organization, Role, User
from accounts.services.erasure import erase_account
from accounts.services.joining import accept_invitation
from accounts.services.members import join, remove_member, suspend_member
from accounts.services.tokens import create_token
from core.errors import Refused
from core.tenancy import organization_scope
from tests.accounts.people import invited, membership_of

pytestmark = pytest.mark.django_db


def refusal_of(act: Callable[[], object]) -> tuple[str, int]:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.code, refusal.value.status


def close(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def erase(user: User) -> None:
    erase_account(User.objects.get(pk=user.pk))


@pytest.mark.parametrize("end", [erase, close])
def test_closed_account_joins_nothing(organization: Organization, end: Callable[[User], None]) -> None:
    Organization.objects.filter(pk=organization.pk).update(is_open=True)
    visitor = User.objects.create_user("visitor@example.org", "x")
    end(visitor)

    assert refusal_of(lambda: join(organization, visitor)) == ("account_closed", 403)
    assert Membership.objects.filter(user=visitor).count() == 0


def test_closed_account_accepts_no_invitation(organization: Organization, alice: User) -> None:
    visitor = User.objects.create_user("visitor@example.org", "x")
    invitation = invited(organization, "visitor@example.org", role=Role.CREATOR, by=alice)
    close(visitor)

    assert refusal_of(lambda: accept_invitation(invitation.digest, by=visitor)) == ("account_closed", 403)
    assert Membership.objects.filter(user=visitor).count() == 0


def test_door_that_was_closed_meanwhile_lets_nobody_in(organization: Organization, charlie: User) -> None:
    organization.is_open = True  # as it was when the page was asked for

    assert refusal_of(lambda: join(organization, charlie)) == ("not_open", 403)


@pytest.mark.parametrize("end", [erase, close])
def test_closed_account_gets_no_token(organization: Organization, bob: User, end: Callable[[User], None]) -> None:
    stale = membership_of(bob, organization)
    end(bob)

    assert refusal_of(lambda: create_token(stale, name="late", scopes=["courses:read"])) == ("account_closed", 403)
    with organization_scope(organization):
        assert ApiToken.objects.count() == 0


@pytest.mark.parametrize("end", [remove_member, suspend_member])
def test_ended_membership_gets_no_token(
    organization: Organization, alice: User, bob: User, end: Callable[..., object]
) -> None:
    """Else it would open again with the membership."""
    stale = membership_of(bob, organization)
    with organization_scope(organization):
        end(membership_of(bob, organization), by=alice)

    refusal = refusal_of(lambda: create_token(stale, name="late", scopes=["courses:read"]))

    assert refusal == ("membership_ended", 403)
    with organization_scope(organization):
        assert ApiToken.objects.count() == 0
