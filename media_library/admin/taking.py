"""Taking frames of a media item in the back office: which, into which batch, and how the work goes."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.admin import panel
from core.errors import Refused
from core.forms import OpenedHereForm
from media_library.admin.batch_form import batches_by_project
from media_library.batches.extracting import Asked, extract_frames, progress_of, stop_extraction
from media_library.models import ExtractionMode, FrameExtraction, Media, UploadBatch

SHOWN = 10


class TakingForm(OpenedHereForm):
    batch = forms.UUIDField()
    mode = forms.ChoiceField(choices=ExtractionMode.choices)
    interval = forms.FloatField(required=False)
    at = forms.FloatField(required=False)

    def start(self, media: Media, *, by: Any) -> FrameExtraction:
        """Raises Refused: invalid, unknown_batch, and what `extract_frames` raises."""
        if not self.is_valid():
            raise Refused("invalid", " ".join(str(error) for errors in self.errors.values() for error in errors))
        told = self.cleaned_data
        batch = UploadBatch.objects.filter(pk=told["batch"]).first()
        if batch is None:
            raise Refused("unknown_batch", _("There is no such batch here."))
        mode = ExtractionMode(told["mode"])
        interval = told["interval"] if mode == ExtractionMode.EVERY else None
        asked = Asked(mode, interval, told["at"] if mode == ExtractionMode.MOMENT else None)
        return extract_frames(media, batch, asked, by=by)


def taking_urls(model_admin: Any) -> list[URLPattern]:
    """For `get_urls` of the admin of media."""

    def view(door: Any) -> Any:
        def guarded(request: HttpRequest, media_id: UUID, **keys: UUID) -> HttpResponse:
            media = get_object_or_404(Media.objects.select_related("rendition"), pk=media_id)
            if not model_admin.has_change_permission(request, media):
                raise PermissionDenied
            return door(request, media, **keys)

        return model_admin.admin_site.admin_view(guarded)

    return [
        path("<uuid:media_id>/frames/", view(require_safe(fragment)), name="media_library_media_taken"),
        path("<uuid:media_id>/frames/take/", view(require_POST(take)), name="media_library_media_take"),
        path(
            "<uuid:media_id>/frames/<uuid:extraction_id>/stop/",
            view(require_POST(stop)),
            name="media_library_media_stop_taking",
        ),
    ]


@panel("media_library.Media")
def taking_panel(request: HttpRequest, media: Media) -> SafeString:
    """Of films that play from here; nothing for others."""
    if media.rendition is None or not media.rendition.rungs:
        return SafeString("")
    organization = request.organization  # type: ignore[attr-defined]
    context = {
        **_taken(media),
        "projects": batches_by_project(),
        "modes": ExtractionMode.choices,
        "chosen_batch": str(media.batch_id or ""),
        "last_second": f"{media.duration:.1f}" if media.duration else "",
        "extractions_url": reverse("media_extractions", args=[organization.slug, media.pk]),
    }
    return render_to_string("admin/media_library/media/taking.html", context, request)


def fragment(request: HttpRequest, media: Media) -> HttpResponse:
    """What the list of the panel is refilled with."""
    return render(request, "admin/media_library/media/taken.html", _taken(media))


def take(request: HttpRequest, media: Media) -> HttpResponse:
    try:
        extraction = TakingForm(request.POST).start(media, by=request.user)
        words = _("At most %(most)d frames are being taken.") % {"most": extraction.most}
        messages.success(request, words)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect(f"{reverse('admin:media_library_media_change', args=[media.pk])}#frames")


def stop(request: HttpRequest, media: Media, extraction_id: UUID) -> HttpResponse:
    try:
        stop_extraction(get_object_or_404(FrameExtraction, pk=extraction_id, media=media), by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect(f"{reverse('admin:media_library_media_change', args=[media.pk])}#frames")


def _taken(media: Media) -> dict[str, Any]:
    rows = FrameExtraction.objects.filter(media=media).select_related("batch").order_by("-pk")
    extractions = list(rows[:SHOWN])
    progress = progress_of(extractions)
    told = [(one, progress[one.pk]) for one in extractions]
    return {"media": media, "taken": told, "is_live": any(one.is_live for _extraction, one in told)}
