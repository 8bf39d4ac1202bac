"""Becoming part of an organisation."""

import secrets
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import Membership, Organization, Role, User
from core.errors import Refused


def join(organization: Organization, user: Any) -> Membership:
    """Become a learner of an open organisation; whoever is a member already stays what they are.

    Raises Refused: not_open, membership_ended.
    """
    membership = Membership.objects.filter(organization=organization, user=user).first()
    if membership is None:
        membership = _enter(organization, user)
    if not membership.is_active:
        raise Refused("membership_ended", "Your membership here has ended. Please ask the organization.", status=403)
    user.roles.pop(organization.pk, None)
    return membership


def _enter(organization: Organization, user: Any) -> Membership:
    if not organization.is_open:
        raise Refused("not_open", "One joins this organization by invitation only.", status=403)
    with transaction.atomic():
        membership, _ = Membership.objects.get_or_create(
            organization=organization, user=user, defaults={"role": Role.LEARNER}
        )
    return membership


def add_member(organization: Organization, *, email: str, role: Role) -> str | None:
    """Give somebody a role here, or another one. Answers the new password if the account had to be made."""
    with transaction.atomic():
        user, password = _find_or_make(email)
        Membership.objects.update_or_create(
            organization=organization, user=user, defaults={"role": role, "is_active": True}
        )
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
        user = User.objects.create_user(email, password, name=name)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
