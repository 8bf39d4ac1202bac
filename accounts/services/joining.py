"""Answering an invitation."""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import Invitation, Membership, Role
from accounts.services.addresses import addresses_of, proven_addresses_of
from accounts.services.invitations import pending_by_digest
from accounts.services.locking import lock_organization, lock_person
from core.announcements import announce
from core.audit import record
from core.errors import Refused
from core.tenancy import organization_scope

#: An invitation never takes a role away from somebody who got a stronger one meanwhile.
STRENGTH = {Role.CUSTOMER: 0, Role.LEARNER: 1, Role.CREATOR: 2, Role.OWNER: 3}


def invitations_for(user: Any) -> list[Invitation]:
    """Those that wait for an answer, for addresses this person has proven to be theirs."""
    pending = Invitation.objects.pending().filter(email__in=proven_addresses_of(user)).select_related("organization")
    memberships = {one.organization_id: one for one in Membership.objects.filter(user=user)}
    return [one for one in pending if _lets_in(one, memberships.get(one.organization_id))]


def is_addressed_to(invitation: Invitation, user: Any) -> bool:
    return invitation.email in addresses_of(user)


def accept_invitation(digest: str, *, by: Any) -> Membership:
    """Become a member, once: of many who press the button at the same time one is let in.

    Raises Refused: invitation_invalid (404), addressed_to_another, membership_suspended, account_closed (403).
    """
    found = pending_by_digest(digest)
    if found is None:
        raise invalid()
    with organization_scope(found.organization_id), transaction.atomic():
        lock_organization(found.organization_id)
        invitation = pending_by_digest(digest)  # again, now that nobody else can answer it
        if invitation is None:
            raise invalid()
        person = lock_person(by.pk)
        _refuse_others(invitation, person)
        membership = _admit(invitation, person)
        Invitation.objects.filter(pk=invitation.pk).update(accepted_at=Now(), accepted_by=by)
        record("invitation_accepted", by=by, row=membership, detail=membership.role)
        announce("member_joined", membership, addresses=frozenset({*proven_addresses_of(person), invitation.email}))
    by.roles.pop(membership.organization_id, None)
    return membership


def invalid() -> Refused:
    """The same for one that was used, has ended, or never was."""
    return Refused("invitation_invalid", _("This invitation is not valid."), status=404)


def _refuse_others(invitation: Invitation, user: Any) -> None:
    if not is_addressed_to(invitation, user):
        raise Refused("addressed_to_another", _("This invitation is for another address."), status=403)


def _admit(invitation: Invitation, user: Any) -> Membership:
    membership, is_new = Membership.objects.select_related("organization", "user").get_or_create(
        organization=invitation.organization, user=user, defaults={"role": invitation.role}
    )
    if is_new:
        return membership
    if membership.removed_at is not None and invitation.sent_at <= membership.removed_at:
        raise invalid()
    if not membership.is_active and membership.removed_at is None:
        raise Refused("membership_suspended", _("Your membership here is suspended."), status=403)
    return _let_in(membership, Role(invitation.role))


def _let_in(membership: Membership, role: Role) -> Membership:
    """Somebody who was removed comes back as what they are asked to be; a member keeps the stronger role."""
    if membership.is_active:
        role = max(role, Role(membership.role), key=lambda one: STRENGTH[one])
    membership.role, membership.is_active, membership.removed_at = role, True, None
    membership.save(update_fields=["role", "is_active", "removed_at"])
    return membership


def _lets_in(invitation: Invitation, membership: Membership | None) -> bool:
    """Whether joining is still to be done, and would be let through."""
    return membership is None or (membership.removed_at is not None and invitation.sent_at > membership.removed_at)
