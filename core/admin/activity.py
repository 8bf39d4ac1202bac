"""Who did what here."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.admin.base import OrganizationAdmin, ReadOnly
from core.models import AuditEntry


@admin.register(AuditEntry)
class ActivityAdmin(ReadOnly, OrganizationAdmin):
    """For owners, to look at; nobody writes or removes an entry by hand."""

    list_display = ["happened_at", "person", "staff", "words", "what", "object_name", "detail"]
    list_display_links = None
    list_select_related = ["actor"]
    list_filter = [
        ("actor", admin.RelatedOnlyFieldListFilter),
        ("action", admin.AllValuesFieldListFilter),
        "as_platform",
        "happened_at",
    ]
    search_fields = ["object_name", "detail"]
    ordering = ["-id"]
    fields = readonly_fields = [
        "happened_at",
        "actor",
        "as_platform",
        "action",
        "model",
        "object_id",
        "object_name",
        "detail",
    ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("core.view_auditentry")

    @display(description=_("Person"), ordering="actor__name")
    def person(self, entry: AuditEntry) -> str:
        return str(entry.actor) if entry.actor else "–"

    @display(description=_("As"), ordering="as_platform", label={"staff": "warning"})
    def staff(self, entry: AuditEntry) -> tuple[str, Any] | str:
        return ("staff", _("Platform staff")) if entry.as_platform else ""

    @display(description=_("Act"), ordering="action")
    def words(self, entry: AuditEntry) -> str:
        return entry.words

    @display(description=_("What"), ordering="model")
    def what(self, entry: AuditEntry) -> str:
        return kind_of_row(entry) or "–"


def kind_of_row(entry: AuditEntry) -> str:
    """“Course”; empty for an act that is about no row, or about one of a model that is gone."""
    try:
        return capfirst(apps.get_model(entry.model)._meta.verbose_name)
    except (LookupError, ValueError):
        return ""
