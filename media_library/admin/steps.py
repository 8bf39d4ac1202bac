"""The steps of a media item in the back office: where each one stands, what it waits for, and its buttons."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from unfold.contrib.filters.admin import DropdownFilter

from core.admin import panel
from core.errors import Refused
from core.jobs import label_of
from media_library.models import Media
from media_library.services.status import failed_step
from media_library.services.steps import cancel_media, cancel_step, retry_step, steps_of

Door = Callable[..., HttpResponse]


class TroubleFilter(DropdownFilter):
    """What a step failed for, also where it plays all the same."""

    title = gettext_lazy("failed step")
    parameter_name = "trouble"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("With a failed step"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        return queryset.filter(failed_step()) if self.value() == "yes" else queryset


def step_urls(model_admin: Any) -> list[URLPattern]:
    """For `get_urls` of the admin of media."""
    doors: dict[str, tuple[Door, str]] = {
        "": (require_safe(fragment), "steps"),
        "cancel/": (require_POST(cancel_all), "cancel"),
        "<slug:kind>/retry/": (require_POST(retry), "retry_step"),
        "<slug:kind>/cancel/": (require_POST(cancel), "cancel_step"),
    }
    return [
        path(f"<uuid:media_id>/steps/{below}", _guarded(model_admin, door), name=f"media_library_media_{name}")
        for below, (door, name) in doors.items()
    ]


@panel("media_library.Media")
def steps_panel(request: HttpRequest, media: Media) -> SafeString:
    """Where each step stands; asked again every two seconds while something is under way."""
    return render_to_string("admin/media_library/media/steps.html", _context(request, media), request)


def fragment(request: HttpRequest, media: Media) -> HttpResponse:
    """What the panel is refilled with."""
    return render(request, "admin/media_library/media/steps_list.html", _context(request, media))


def retry(request: HttpRequest, media: Media, kind: str) -> HttpResponse:
    retry_step(media, kind, by=request.user)
    return _done(request, media, _("“%(step)s” is tried again.") % {"step": label_of(kind)})


def cancel(request: HttpRequest, media: Media, kind: str) -> HttpResponse:
    cancel_step(media, kind, by=request.user)
    return _done(request, media, _("“%(step)s” is being stopped.") % {"step": label_of(kind)})


def cancel_all(request: HttpRequest, media: Media) -> HttpResponse:
    cancel_media(media, by=request.user)
    return _done(request, media, _("All work on “%(media)s” is being stopped.") % {"media": media})


def _done(request: HttpRequest, media: Media, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("admin:media_library_media_change", media.pk)


def _guarded(model_admin: Any, door: Door) -> Any:
    """For makers, about media of their organization; what is refused is told on the page."""

    def view(request: HttpRequest, media_id: UUID, **names: str) -> HttpResponse:
        media = get_object_or_404(Media, pk=media_id)
        if not model_admin.has_change_permission(request, media):
            raise PermissionDenied
        try:
            return door(request, media, **names)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("admin:media_library_media_change", media.pk)

    return model_admin.admin_site.admin_view(view)


def _context(request: HttpRequest, media: Media) -> dict[str, Any]:
    steps = steps_of(media)
    return {
        "media": media,
        "steps": steps,
        "is_live": any(step.is_live for step in steps),
        "can_cancel": sum(step.can_cancel for step in steps) > 1,
        "is_operator": request.user.is_superuser,
        "steps_url": reverse("admin:media_library_media_steps", args=[media.pk]),
    }
