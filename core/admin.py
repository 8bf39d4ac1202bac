"""The base of the back office: one organisation in scope, verbs in services, refusals shown where they belong."""

from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django_q.models import Failure, OrmQ, Schedule, Success
from unfold.admin import ModelAdmin, StackedInline, TabularInline

from core.errors import Refused
from core.forms import OrganizationForm
from core.models import Job

Action = Callable[..., HttpResponse | None]
Panel = Callable[[HttpRequest, Any], SafeString]

_panels: dict[str, list[Panel]] = defaultdict(list)


def panel(model: str) -> Callable[[Panel], Panel]:
    """Let a higher floor show something on the page of a lower floor's row: `@panel("media_library.Media")`."""

    def register(draw: Panel) -> Panel:
        _panels[model].append(draw)
        return draw

    return register


class OrganizationInline(TabularInline):
    form = OrganizationForm
    extra = 0


class OrganizationStackedInline(StackedInline):
    form = OrganizationForm
    extra = 0


class ReadOnly:
    """For pages that show and change nothing. Stands before the other base."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class OrganizationAdmin(ModelAdmin):
    """Lists and forms of tenant models; the scoped manager does the rest."""

    form = OrganizationForm
    show_full_result_count = False
    list_per_page = 50
    list_filter_submit = True

    class Media:
        js = ("js/admin_labels.js",)

    warn_unsaved_form = True

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Every form carries the organisation it was opened in."""
        fieldsets = super().get_fieldsets(request, obj)
        if any("opened_in" in options["fields"] for _, options in fieldsets):
            return fieldsets
        return [*fieldsets, (None, {"fields": ["opened_in"], "classes": ["hidden"]})]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **options: Any) -> HttpResponse:
        if (row := options.get("obj")) is not None:
            context["panels"] = [draw(request, row) for draw in _panels[self.opts.label]]
        return super().render_change_form(request, context, **options)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """What is not here answers 404, whoever it belongs to, instead of a redirect with a message."""
        raise Http404


def told(action: Action) -> Action:
    """What a service refuses is told on the page the person is on."""

    @wraps(action)
    def wrapped(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | None:
        try:
            return action(self, request, *args, **kwargs)
        except Refused as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return None

    return wrapped


class PlatformAdmin(ReadOnly, ModelAdmin):
    """Tables of the whole installation: superusers only, read only."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)


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


__all__ = [
    "OrganizationAdmin",
    "OrganizationInline",
    "OrganizationStackedInline",
    "PlatformAdmin",
    "ReadOnly",
    "panel",
    "told",
]
