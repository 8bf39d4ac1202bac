"""Writing down who did what in an organization."""

from typing import Any

from django.db.models import Model, QuerySet

from core.models.audit import AuditEntry
from core.tenancy import current_organization_id


def record(action: str, *, by: Any, row: Model | None = None, detail: str = "") -> AuditEntry:
    """Note an act in the organization in scope, in the caller's transaction. Raises NoOrganization.

    A superuser who is no member here acts as platform staff, and the entry says so.
    """
    return AuditEntry.objects.create(
        actor=by if by is not None and by.is_authenticated else None,
        as_platform=acts_as_platform(by),
        action=action,
        model=row._meta.label if row is not None else "",
        object_id=str(row.pk) if row is not None else "",
        object_name=str(row)[:200] if row is not None else "",
        detail=detail[:1000],
    )


def history_of(row: Model) -> QuerySet[AuditEntry]:
    """What was done to a row, the latest first."""
    entries: QuerySet[AuditEntry] = AuditEntry.objects.filter(model=row._meta.label, object_id=str(row.pk))
    return entries.select_related("actor")


def acts_as_platform(user: Any) -> bool:
    """Whether a person is here by being a superuser only."""
    if user is None or not user.is_authenticated or not user.is_superuser:
        return False
    memberships = user.memberships.filter(organization=current_organization_id(), is_active=True)
    return not memberships.exists()
