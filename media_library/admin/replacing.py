"""Another file for media in the back office: what will happen, where it is sent, and afterwards what happened."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.safestring import SafeString

from core.admin import panel
from core.errors import Refused
from media_library.admin.upload import upload_page
from media_library.models import Media, Upload, UploadState
from media_library.services.replacing import last_replacement, may_be_replaced, refuse_replacing, seen_behind
from media_library.wording import clock_time


def replacing_urls(model_admin: Any) -> list[URLPattern]:
    def page(request: HttpRequest, media_id: UUID) -> HttpResponse:
        return _page(model_admin, request, media_id)

    view = model_admin.admin_site.admin_view(page)
    return [path("<uuid:media_id>/replace/", view, name="media_library_media_replace")]


@panel("media_library.Media")
def replacing_panel(request: HttpRequest, media: Media) -> SafeString:
    """The way to the page, and what became of the file that was sent last. Nothing for what is no upload."""
    if not may_be_replaced(media):
        return SafeString("")
    last = last_replacement(media)
    context = {"media": media, "last": last, "changed": changed_words(last), "unfitting": _may_not_fit(media)}
    return render_to_string("admin/media_library/media/replacing.html", context, request)


def changed_words(upload: Upload | None) -> dict[str, Any]:
    """What replacing has changed, for the page; empty while it has changed nothing."""
    if upload is None or not upload.replacement:
        return {}
    facts = upload.replacement
    lengths = {name: clock_time(facts[f"seconds_{name}"]) or "?" for name in ("before", "after")}
    return {**facts, **lengths}


def _page(model_admin: Any, request: HttpRequest, media_id: UUID) -> HttpResponse:
    media = get_object_or_404(Media, pk=media_id)
    if not model_admin.has_change_permission(request, media):
        raise PermissionDenied
    try:
        refuse_replacing(media)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("admin:media_library_media_change", media.pk)
    facts = {
        "length": clock_time(media.duration), "watched": seen_behind(media, media.whole_seconds).watched,
        "words_stay": media.transcript_chosen_at is not None,
    }  # fmt: skip
    return upload_page(model_admin, request, replaces=media, **facts)


def _may_not_fit(media: Media) -> bool:
    """Whether a person gave or chose the words that are read before another file took the place of theirs."""
    if media.transcript_chosen_at is None:
        return False
    since = {"state": UploadState.ACCEPTED, "finished_at__gt": media.transcript_chosen_at}
    return bool(Upload.objects.filter(replaces=media, **since).exists())
