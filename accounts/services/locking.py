"""Changes of who belongs to an organization happen one after the other."""

from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import Membership, Organization, User
from core.errors import Refused


def lock_organization(organization_id: UUID) -> Organization:
    """The organization, held until the end of the transaction: taken before memberships and invitations are read.

    Rows that merely point to it may still be written meanwhile.
    """
    return Organization.objects.select_for_update(no_key=True).get(pk=organization_id)


def lock_person(user_id: UUID) -> User:
    """The account as it is now, held until the end of the transaction: after organizations, before memberships.

    Raises Refused: account_closed (403) for an erased or inactive one.
    """
    held = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user_id)
    if held.erased_at is not None or not held.is_active:
        raise Refused("account_closed", _("This account is closed."), status=403)
    return held


def lock_membership(membership: Membership) -> Membership:
    """An active membership of a living account as it is now, with both held until the end of the transaction.

    Raises Refused: account_closed (403), membership_ended (403) for a suspended, removed or erased one.
    """
    person = lock_person(membership.user_id)
    active = Membership.objects.active().select_for_update(of=("self",), no_key=True)
    held: Membership | None = active.filter(pk=membership.pk).first()
    if held is None:
        raise Refused("membership_ended", _("This membership has ended."), status=403)
    held.user = person
    return held
