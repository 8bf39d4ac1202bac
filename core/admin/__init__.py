"""The base of the back office, and its pages about what every floor shares."""

from core.admin.activity import ActivityAdmin
from core.admin.base import (
    NotedByServices,
    OrganizationAdmin,
    OrganizationInline,
    OrganizationStackedInline,
    ReadOnly,
    list_action,
    panel,
    told,
)
from core.admin.outbox import OutboxAdmin
from core.admin.platform import JobAdmin, PlatformAdmin

__all__ = [
    "ActivityAdmin",
    "JobAdmin",
    "NotedByServices",
    "OrganizationAdmin",
    "OrganizationInline",
    "OrganizationStackedInline",
    "OutboxAdmin",
    "PlatformAdmin",
    "ReadOnly",
    "list_action",
    "panel",
    "told",
]
