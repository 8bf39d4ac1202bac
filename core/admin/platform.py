"""What belongs to the whole installation: for superusers, to look at."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django_q.models import Failure, OrmQ, Schedule, Success
from unfold.admin import ModelAdmin

from core.admin.base import ReadOnly
from core.models import Job
from core.tenancy import every_organization


class PlatformAdmin(ReadOnly, ModelAdmin):
    """Tables of the whole installation: superusers only, read only."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Others are refused before a row is looked for: whether there is one is nothing for them."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().get_object(request, object_id, from_field)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        with every_organization(reason="superusers look at the whole installation, wherever they are working"):
            return _rendered(super().changelist_view(request, extra_context))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        with every_organization(reason="superusers look at the whole installation, wherever they are working"):
            return _rendered(super().changeform_view(request, object_id, form_url, extra_context))


def _rendered(response: Any) -> HttpResponse:
    """Now, while the scope is open."""
    return response.render() if hasattr(response, "render") else response


@admin.register(Job)
class JobAdmin(PlatformAdmin):
    list_display = ["kind", "lane", "state", "attempt", "percent", "error_code", "worker", "created_at", "finished_at"]
    list_filter = ["state", "lane", "kind"]
    search_fields = ["key", "subject_id"]

    @admin.display(description="Progress")
    def percent(self, job: Job) -> str:
        return f"{job.progress:.0f} %"


# Whoever may edit a schedule of django-q2 may run any function: these pages show, to superusers, and change nothing.
for model in (Failure, OrmQ, Schedule, Success):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
    admin.site.register(model, PlatformAdmin)
