"""Taking frames of a media item in the back office: which, into which batch, and how the work goes."""

import math
from typing import Any
from urllib.parse import urlencode
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
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.admin import panel
from core.errors import Refused
from core.forms import OpenedHereForm
from media_library.admin.batch_form import batches_by_project
from media_library.batches.extracting import Asked, extract_frames, progress_of, same_second, stop_extraction
from media_library.models import ExtractionMode, Frame, FrameExtraction, Media, UploadBatch

SHOWN = 10
USUAL = {"mode": ExtractionMode.EVERY.value, "interval": "30", "at": "0"}


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
        "chosen_batch": request.GET.get("batch", str(media.batch_id or "")),
        "last_second": _last_tenth(media.duration) if media.duration else "",
        "typed": _typed(request),
        "estimate_url": reverse("media_extraction_estimate", args=[organization.slug, media.pk]),
    }
    return render_to_string("admin/media_library/media/taking.html", context, request)


def _last_tenth(duration: float) -> str:
    """The last second, in tenths, that lies before the end."""
    return f"{max(0, math.ceil(round(duration * 10, 6)) - 1) / 10:.1f}"


def _typed(request: HttpRequest) -> dict[str, str]:
    """What a form that was refused had said, else what is asked for most."""
    return {name: request.GET.get(name, usual) for name, usual in USUAL.items()}


def fragment(request: HttpRequest, media: Media) -> HttpResponse:
    """What the list of the panel is refilled with."""
    return render(request, "admin/media_library/media/taken.html", _taken(media))


def take(request: HttpRequest, media: Media) -> HttpResponse:
    """What is refused stays typed."""
    try:
        extraction = TakingForm(request.POST).start(media, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        typed = {name: request.POST[name] for name in ("batch", *USUAL) if name in request.POST}
        return _back(media, urlencode(typed))
    if extraction.most:
        words = ngettext(
            "At most %(most)d frame is being taken.", "At most %(most)d frames are being taken.", extraction.most
        )
        messages.success(request, words % {"most": extraction.most})
    else:
        messages.info(request, _("The batch has these frames already: there is nothing to take."))
    return _back(media)


def _back(media: Media, query: str = "") -> HttpResponse:
    page = reverse("admin:media_library_media_change", args=[media.pk])
    return redirect(f"{page}?{query}#frames" if query else f"{page}#frames")


def stop(request: HttpRequest, media: Media, extraction_id: UUID) -> HttpResponse:
    try:
        stop_extraction(get_object_or_404(FrameExtraction, pk=extraction_id, media=media), by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return _back(media)


def _taken(media: Media) -> dict[str, Any]:
    rows = FrameExtraction.objects.filter(media=media).select_related("batch").order_by("-pk")
    extractions = list(rows[:SHOWN])
    progress = progress_of(extractions)
    there = _there(media, [one for one in extractions if one.at is not None and one.skipped])
    told = [(one, progress[one.pk], there.get((one.batch_id, one.at))) for one in extractions]
    return {"media": media, "taken": told, "is_live": any(one.is_live for one in progress.values())}


def _there(media: Media, moments: list[FrameExtraction]) -> dict[Any, Any]:
    """By batch and second of moments that were there already: the key of the frame. No query where there is none."""
    wanted = {(one.batch_id, one.at) for one in moments}
    frames = Frame.objects.filter(media=media, batch__in={batch for batch, _at in wanted}) if wanted else []
    found = [(frame, at) for frame in frames for batch, at in wanted if frame.batch_id == batch]
    return {(frame.batch_id, at): frame.pk for frame, at in found if same_second(frame.second, at or 0.0)}
