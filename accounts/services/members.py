"""Becoming part of an organization, and what its owners decide about those who are."""

import secrets
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import Invitation, Membership, Organization, Role, User
from accounts.models.membership import MAKERS
from accounts.services.addresses import proven_addresses_of
from accounts.services.locking import lock_organization, lock_person
from core.announcements import announce
from core.audit import record
from core.errors import Refused
from core.lines import one_line
from core.tenancy import organization_scope


def join(organization: Organization, user: Any) -> Membership:
    """Become a learner of an open organization; whoever is a member already stays what they are.

    Raises Refused: not_open, membership_ended, account_closed.
    """
    membership = Membership.objects.filter(organization=organization, user=user).first()
    if membership is None:
        membership = _enter(organization, user)
    if not membership.is_active:
        raise Refused("membership_ended", _("Your membership here has ended. Please ask the organization."), status=403)
    user.roles.pop(organization.pk, None)
    return membership


def _enter(organization: Organization, user: Any) -> Membership:
    with organization_scope(organization), transaction.atomic():
        held = lock_organization(organization.pk)
        if not (held.is_open and held.admits_learners):
            raise Refused("not_open", _("One joins this organization by invitation only."), status=403)
        person = lock_person(user.pk)
        membership, is_new = Membership.objects.get_or_create(
            organization=held, user=person, defaults={"role": Role.LEARNER}
        )
        if is_new:
            record("joined", by=user, row=membership)
            announce("member_joined", membership, addresses=frozenset(proven_addresses_of(person)))
    return membership


def change_role(membership: Membership, *, role: Role, by: Any) -> Membership:
    """Raises Refused: membership_ended, last_owner."""
    with transaction.atomic():
        held = _hold(membership)
        _refuse_removed(held)
        if (was := held.role) == role:
            return held
        held.role = role
        held.save(update_fields=["role"])
        _lose_power(held, lost=was)
        record("role_changed", by=by, row=held, detail=f"{was} → {role}")
    return held


def suspend_member(membership: Membership, *, by: Any) -> Membership:
    """Nothing opens for them here until they are reinstated; tokens are kept and refused meanwhile.

    Raises Refused: membership_ended, last_owner.
    """
    with transaction.atomic():
        held = _hold(membership)
        _refuse_removed(held)
        if not held.is_active:
            return held
        held.is_active = False
        held.save(update_fields=["is_active"])
        _lose_power(held, lost=held.role)
        record("member_suspended", by=by, row=held)
    return held


def reinstate_member(membership: Membership, *, by: Any) -> Membership:
    """End a suspension. Raises Refused: membership_ended for somebody who was removed; they need an invitation."""
    with transaction.atomic():
        held = _hold(membership)
        _refuse_removed(held)
        if held.is_active:
            return held
        held.is_active = True
        held.save(update_fields=["is_active"])
        record("member_reinstated", by=by, row=held)
    return held


def remove_member(membership: Membership, *, by: Any) -> None:
    """End a membership: tokens are gone, invitations void, and only a new invitation brings them back.

    What they did here stays. Once more changes nothing. Raises Refused: last_owner.
    """
    with transaction.atomic():
        held = _hold(membership)
        if held.removed_at is not None:
            return
        Membership.objects.filter(pk=held.pk).update(is_active=False, removed_at=Now())
        _lose_power(held, lost=held.role)
        held.tokens.all().delete()
        _revoke_invitations(held)
        record("member_removed", by=by, row=held)
        announce("member_removed", held)


def _hold(membership: Membership) -> Membership:
    """The membership as it is now, while nobody else changes any of its organization."""
    lock_organization(membership.organization_id)
    return Membership.objects.select_related("user", "organization").get(pk=membership.pk)


def _refuse_removed(membership: Membership) -> None:
    if membership.removed_at is not None:
        raise Refused("membership_ended", _("This person was removed. Invite them again instead."), status=409)


def _lose_power(membership: Membership, *, lost: str) -> None:
    """Whoever stops being an owner leaves no door open: those they asked in to decide or to make are asked no more."""
    if lost != Role.OWNER:
        return
    _refuse_without_owner(membership.organization_id, lost=lost)
    sent = Invitation.objects.unanswered().filter(organization=membership.organization_id)
    sent.filter(invited_by=membership.user_id, role__in=MAKERS).update(revoked_at=Now())


def _refuse_without_owner(organization_id: UUID, *, lost: str | None) -> None:
    """Asked after a role was lost; that is taken back where it would leave nobody in charge."""
    if lost != Role.OWNER:
        return
    if not Membership.objects.in_charge_of(organization_id).exists():
        words = _("An organization needs an owner. Make somebody else an owner first.")
        raise Refused("last_owner", words, status=409)


def _revoke_invitations(membership: Membership) -> None:
    """Those to their own mailboxes: an address that was merely typed may be somebody else's."""
    sent = Invitation.objects.unanswered().filter(organization=membership.organization_id)
    sent.filter(email__in=proven_addresses_of(membership.user)).update(revoked_at=Now())


def add_member(organization: Organization, *, email: str, role: Role) -> str | None:
    """Give somebody a role here, or another one. Answers the new password if the account had to be made.

    Raises Refused: last_owner.
    """
    with organization_scope(organization), transaction.atomic():
        lock_organization(organization.pk)
        user, password = _find_or_make(email)
        had = Membership.objects.active().filter(organization=organization, user=user).values_list("role", flat=True)
        lost = had.first()
        membership, _is_new = Membership.objects.update_or_create(
            organization=organization, user=user, defaults={"role": role, "is_active": True, "removed_at": None}
        )
        _refuse_without_owner(organization.pk, lost=lost)
        record("member_added", by=None, row=membership, detail=role)
        if lost is None:  # the operator vouches for the address
            announce("member_joined", membership, addresses=frozenset({user.email.lower()}))
    return password


def _find_or_make(email: str) -> tuple[User, str | None]:
    found = User.objects.filter(email__iexact=email).first()
    if found is not None:
        return found, None
    password = secrets.token_urlsafe(12)
    return make_account(email, password), password


def make_account(email: str, password: str, *, name: str = "") -> User:
    """An account that somebody else makes: its address counts as confirmed, because they vouch for it."""
    with transaction.atomic():
        user = User.objects.create_user(email, password, name=one_line(name))
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
