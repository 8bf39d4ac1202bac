"""Finding the organization a request is about, before there is a scope."""

from typing import Any
from uuid import UUID

from django.db.models import F
from django.http import HttpRequest

from accounts.models import Membership, Organization, Role
from accounts.services.activity import note_presence
from core.audit import record
from core.tenancy import organization_scope

SESSION_KEY = "back_office_organization"
#: Where nobody chose: the organization one was in last.
LAST_THERE = F("last_active_at").desc(nulls_last=True)
#: Asked by every request; as text, because composing it each time costs more than answering it.
MEMBER_OF = """
SELECT accounts_organization.*, accounts_membership.role, accounts_membership.id AS membership_id,
    accounts_membership.last_active_at FROM accounts_organization
JOIN accounts_membership ON accounts_membership.organization_id = accounts_organization.id
WHERE accounts_organization.slug = %s AND accounts_membership.user_id = %s AND accounts_membership.is_active"""


def find_organization(slug: str, user: Any) -> Organization | None:
    """The organization of an address as far as this person may know of it; None otherwise.

    Members know theirs, everybody knows an open one. A superuser is nobody special here: what they do in somebody
    else's organization they do in the back office. Remembers the role on the user, so that `can()` asks nothing more.
    """
    if user.is_authenticated:
        for found in Organization.objects.raw(MEMBER_OF, [slug, user.pk]):
            user.roles[found.pk] = found.role  # type: ignore[attr-defined]
            note_presence(found.membership_id, found.last_active_at)  # type: ignore[attr-defined]
            return found
    organization = Organization.objects.filter(slug=slug, is_open=True).first()
    if organization is not None and user.is_authenticated:
        user.roles[organization.pk] = None
    return organization


def back_office_organization(request: HttpRequest) -> Organization | None:
    """In whose organization the back office works: the session's choice, else where one was last.

    A superuser may choose any, has an owner's rights there for this request, and is never put into one unasked.
    """
    if not request.user.is_authenticated:
        return None
    chosen = chosen_organization_id(request)
    making = Membership.objects.of(request.user).making()
    membership = making.filter(organization_id=chosen).first() if chosen else None
    if membership is None and chosen and request.user.is_superuser:
        return _as_platform_staff(request.user, chosen)
    membership = membership or making.order_by(LAST_THERE, "organization__name").first()
    return _as_member(request.user, membership) if membership else None


def _as_platform_staff(user: Any, key: UUID) -> Organization | None:
    user.roles[key] = Role.OWNER
    return Organization.objects.filter(pk=key).first()


def _as_member(user: Any, membership: Membership) -> Organization:
    user.roles[membership.organization_id] = membership.role
    note_presence(membership.pk, membership.last_active_at)
    return membership.organization


def chosen_organization_id(request: HttpRequest) -> UUID | None:
    chosen = request.session.get(SESSION_KEY)
    return UUID(chosen) if chosen else None


def choose_back_office(request: HttpRequest, organization: Organization) -> None:
    """Work there from now on. Its owners can read that a superuser came, also one who is a member."""
    if request.user.is_superuser:
        with organization_scope(organization):
            record("entered", by=request.user)
    request.session[SESSION_KEY] = str(organization.pk)
