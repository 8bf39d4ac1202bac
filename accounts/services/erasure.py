"""Erasing an account: the person goes, the sums stay."""

from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership, Role, User
from accounts.services.identity import person_of
from accounts.services.locking import lock_organization
from core.announcements import announce
from core.audit import record
from core.errors import Refused
from core.holdings import all_holdings
from core.mail import send_mail
from core.tenancy import every_organization, organization_scope


def erase_account(user: Any) -> None:
    """Remove everything that names this person, everywhere, in one transaction; a last mail tells them.

    Their account stays as a row without a name, which visits and results still point to, under a new pseudonym that
    all their events get too. So every figure is what it was, also computed anew; and whoever kept the old pseudonym,
    in an export or another system, finds nobody by it. Raises Refused: last_owner, already_erased.
    """
    with every_organization(reason="a person is erased wherever they have been"), transaction.atomic():
        _hold_organizations(user)
        held = User.objects.select_for_update().get(pk=user.pk)
        if held.erased_at:
            raise Refused("already_erased", _("This account is erased already."), status=409)
        _refuse_last_owner(held)
        person = person_of(held, new_pseudonym=uuid4())
        left = list(Membership.objects.filter(user=held, removed_at__isnull=True))
        for place in all_holdings():
            place.erase(person)
        for membership in left:
            _leave(membership)
        send_mail("accounts/mail/account_erased", to=held.email, context={}, leave_no_trace=True)


def organizations_without_other_owner(user: Any) -> list[str]:
    """Names of those that this person alone is in charge of."""
    with organization_scope(None):
        owned = Membership.objects.active().filter(user=user, role=Role.OWNER).select_related("organization")
        return [one.organization.name for one in owned if not _has_other_owner(one)]


def _hold_organizations(user: Any) -> None:
    """So that nobody else can leave them now. Before the person: changes of members hold rows in that order too."""
    for organization_id in sorted(Membership.objects.filter(user=user).values_list("organization", flat=True)):
        lock_organization(organization_id)


def _refuse_last_owner(user: Any) -> None:
    if alone := organizations_without_other_owner(user):
        words = _("You are the last owner of %(names)s. Make somebody else an owner there first.")
        raise Refused("last_owner", words % {"names": ", ".join(alone)}, status=409)


def _has_other_owner(membership: Membership) -> bool:
    return Membership.objects.in_charge_of(membership.organization_id).exclude(pk=membership.pk).exists()


def _leave(membership: Membership) -> None:
    """Owners read that somebody left for good, not who."""
    with organization_scope(membership.organization_id):
        record("account_erased", by=None, detail=f"{Membership._meta.label} {membership.pk}")
        announce("member_removed", membership)
