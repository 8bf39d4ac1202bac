"""Who may do what. One question, `can()`; pages, API, admin and services all ask it."""

from typing import Any

from accounts.models import Membership, Organization, Role
from accounts.models.membership import MAKERS

ALL = frozenset(Role.values)
OWNERS = frozenset({Role.OWNER})

#: action: the roles that may.
GRANTS: dict[str, frozenset[str]] = {
    "catalog.browse": frozenset({Role.OWNER, Role.CREATOR, Role.LEARNER}),
    "course.learn": ALL,
    "course.enroll": frozenset({Role.OWNER, Role.CREATOR, Role.LEARNER}),  # a customer is let in by an owner
    "library.search": ALL,
    "content.view": MAKERS,  # drafts, unpublished media, other people's progress
    "content.edit": MAKERS,
    "course.publish": MAKERS,
    "media.upload": MAKERS,
    "analytics.view": MAKERS,
    "events.send": MAKERS,
    "sources.manage": OWNERS,  # credentials at hosts
    "webhooks.manage": OWNERS,  # who is told what happens here, with names where they say so
    "members.manage": OWNERS,
    "activity.view": OWNERS,
    "organization.edit": OWNERS,
}


def role_in(user: Any, organization: Organization) -> str | None:
    """The role of an active member, None for everybody else. Asked once a request, then remembered on the user."""
    if not user.is_authenticated or not user.is_active:
        return None
    if organization.pk not in user.roles:
        found = (
            Membership.objects.active()
            .filter(user=user, organization=organization)
            .values_list("role", flat=True)
            .first()
        )
        user.roles[organization.pk] = found
    role: str | None = user.roles[organization.pk]
    return role


def can(user: Any, action: str, organization: Organization) -> bool:
    """May this person do that here? Raises KeyError for an action nobody defined."""
    allowed = GRANTS[action]
    return role_in(user, organization) in allowed
