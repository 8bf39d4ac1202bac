"""Of whom there is a dashboard."""

from typing import Any
from uuid import UUID

from django.http import Http404

from accounts.models import Membership, Organization
from accounts.models.membership import MAKERS


def find_maker(user_id: UUID, *, organization: Organization) -> Any:
    """Who makes content here, or did: what they made is still watched. Raises Http404."""
    made = Membership.objects.filter(organization=organization, user=user_id, role__in=MAKERS).select_related("user")
    membership = made.first()
    if membership is None:
        raise Http404
    return membership.user
