"""Bringing in a show in the back office: its feed is looked at first, then it comes; the page says how far it is."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from unfold.widgets import UnfoldAdminURLInputWidget

from accounts.permissions import can
from core.errors import Refused
from core.forms import OpenedHereForm
from media_library.models import PodcastImport, ShowImportState
from media_library.podcasts.importing.ownership import may_start
from media_library.podcasts.importing.report import sounds_of
from media_library.podcasts.importing.shows import is_unseen, look_at_show, start_import

TEMPLATES = "admin/media_library/podcast_imports"
LATEST = 10
LIVE = (ShowImportState.LOOKING, ShowImportState.IMPORTING)


class FeedForm(OpenedHereForm):
    url = forms.CharField(
        label=gettext_lazy("Address of its feed"), max_length=1000, widget=UnfoldAdminURLInputWidget
    )  # fmt: skip


def podcast_import_urls() -> list[Any]:
    """Below `/admin/podcast-imports/`."""
    doors: dict[str, tuple[Callable[..., HttpResponse], str]] = {
        "": (import_page, "back_office_podcast_imports"),
        "<uuid:podcast_import_id>/": (result_page, "back_office_podcast_import"),
        "<uuid:podcast_import_id>/state/": (state_fragment, "back_office_podcast_import_state"),
        "<uuid:podcast_import_id>/start/": (start, "back_office_podcast_import_start"),
    }
    return [path(below, admin.site.admin_view(view), name=name) for below, (view, name) in doors.items()]


@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """Where one writes the address of a feed; what was brought in before stands below."""
    _refuse_unless(request, "content.edit")
    form = FeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = look_at_show(form.cleaned_data["url"], by=request.user)
            return redirect("back_office_podcast_import", row.pk)
        except Refused as refusal:
            form.add_error("url", refusal.message)
    context = {"title": _("Import a show"), "form": form, "imports": PodcastImport.objects.all()[:LATEST]}
    return render(request, f"{TEMPLATES}/form.html", admin.site.each_context(request) | context)


@require_safe
def result_page(request: HttpRequest, podcast_import_id: UUID) -> HttpResponse:
    """What would come, what comes and what did not; asked again every two seconds while work on it goes on."""
    context = _context(request, podcast_import_id)
    context["title"] = _("Import: %(name)s") % {"name": context["import"]}
    return render(request, f"{TEMPLATES}/result.html", admin.site.each_context(request) | context)


@require_safe
def state_fragment(request: HttpRequest, podcast_import_id: UUID) -> HttpResponse:
    response = render(request, f"{TEMPLATES}/state.html", _context(request, podcast_import_id))
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def start(request: HttpRequest, podcast_import_id: UUID) -> HttpResponse:
    """A second press finds it under way. What was never seen is looked at."""
    _refuse_unless(request, "content.edit")
    row = get_object_or_404(PodcastImport, pk=podcast_import_id)
    try:
        start_import(row, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("back_office_podcast_import", row.pk)


def _context(request: HttpRequest, podcast_import_id: UUID) -> dict[str, Any]:
    _refuse_unless(request, "content.view")
    row = get_object_or_404(PodcastImport.objects.select_related("podcast"), pk=podcast_import_id)
    sounds = sounds_of(row)
    is_live = row.state in LIVE or sounds.coming > 0
    comes = may_start(row, by=request.user)
    return {
        "import": row, "sounds": sounds, "is_live": is_live, "comes": comes, "is_unseen": is_unseen(row),
        "can_start": row.state not in LIVE and (comes or is_unseen(row)),
    }  # fmt: skip


def _refuse_unless(request: HttpRequest, action: str) -> None:
    """A superuser who chose no organization has none to look at."""
    organization = request.organization  # type: ignore[attr-defined]
    if organization is None or not (request.user.is_superuser or can(request.user, action, organization)):
        raise PermissionDenied
