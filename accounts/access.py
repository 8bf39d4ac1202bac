"""Finding the organisation a request is about, before there is a scope."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from accounts.models import Membership, Organization

SESSION_KEY = "back_office_organization"
#: Asked by every request; as text, because composing it each time costs more than answering it.
MEMBER_OF = """
SELECT accounts_organization.*, accounts_membership.role FROM accounts_organization
JOIN accounts_membership ON accounts_membership.organization_id = accounts_organization.id
WHERE accounts_organization.slug = %s AND accounts_membership.user_id = %s AND accounts_membership.is_active"""


def find_organization(slug: str, user: Any) -> Organization | None:
    """The organisation of an address as far as this person may know of it; None otherwise.

    Members know theirs, everybody knows an open one. Remembers the role on the user, so that `can()` asks nothing more.
    """
    if user.is_authenticated:
        for found in Organization.objects.raw(MEMBER_OF, [slug, user.pk]):
            user.roles[found.pk] = found.role  # type: ignore[attr-defined]
            return found
    organization = Organization.objects.filter(slug=slug, is_open=True).first()
    if organization is not None and user.is_authenticated:
        user.roles[organization.pk] = None
    return organization


def back_office_membership(request: HttpRequest) -> Membership | None:
    """In whose organisation the back office works: the session's choice, else the first one that makes content."""
    if not request.user.is_authenticated:
        return None
    making = Membership.objects.of(request.user).making()
    chosen = request.session.get(SESSION_KEY)
    return (making.filter(organization_id=UUID(chosen)).first() if chosen else None) or making.first()


def choose_back_office(request: HttpRequest, membership: Membership) -> None:
    request.session[SESSION_KEY] = str(membership.organization_id)
