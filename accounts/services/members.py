"""Becoming part of an organisation."""

from typing import Any

from django.db import transaction

from accounts.models import Membership, Organization, Role
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
