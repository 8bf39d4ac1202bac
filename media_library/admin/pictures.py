"""The picture of a media item in the back office: the candidates, any second, or one of the creator's own."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.admin import panel
from core.errors import Refused
from media_library.links import audience_of
from media_library.models import Kind, Media
from media_library.player import MediaAddresses
from media_library.services.thumbnails import (
    choose_automatically,
    choose_moment,
    choose_thumbnail,
    upload_thumbnail,
)
from media_library.wording import clock_time


class ThumbnailForm(forms.Form):
    """One of the four; each has a button of its own."""

    candidate = forms.CharField(required=False, max_length=100)
    at = forms.FloatField(required=False, min_value=0)
    picture = forms.FileField(required=False)
    automatic = forms.BooleanField(required=False)


def picture_urls(model_admin: Any) -> list[URLPattern]:
    """For `get_urls` of the admin of media."""

    @require_POST
    def choose(request: HttpRequest, media_id: UUID) -> HttpResponse:
        return _choose_view(model_admin, request, media_id)

    view = model_admin.admin_site.admin_view(choose)
    return [path("<uuid:media_id>/thumbnail/", view, name="media_library_media_thumbnail")]


@panel("media_library.Media")
def thumbnail_panel(request: HttpRequest, media: Media) -> SafeString:
    """What stands for it now, and what might instead."""
    address = MediaAddresses(media, request.organization.slug, audience_of(request))  # type: ignore[attr-defined]
    storyboard = media.storyboard
    context = {
        "media": media,
        "thumbnail_url": address.thumbnail,
        "candidates": [_shown(one, address) for one in _by_time(storyboard.candidates)] if storyboard else [],
        "has_film": media.kind == Kind.VIDEO and media.is_playable,
        "last_second": f"{media.duration:.1f}" if media.duration else "",
    }
    return render_to_string("admin/media_library/media/thumbnails.html", context, request)


def _shown(candidate: dict[str, Any], address: MediaAddresses) -> dict[str, str]:
    file = candidate["file"]
    return {"file": file, "time": clock_time(candidate["at"]), "url": address.candidate(file)}


def _by_time(candidates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(candidates, key=lambda one: one["at"])


def _choose_view(model_admin: Any, request: HttpRequest, media_id: UUID) -> HttpResponse:
    media = get_object_or_404(Media, pk=media_id)
    if not model_admin.has_change_permission(request, media):
        raise PermissionDenied
    try:
        _choose(media, ThumbnailForm(request.POST, request.FILES), by=request.user)
        model_admin.message_user(request, _("The picture is changed."), messages.SUCCESS)
    except Refused as refusal:
        model_admin.message_user(request, refusal.message, messages.ERROR)
    return redirect("admin:media_library_media_change", media.pk)


def _choose(media: Media, form: ThumbnailForm, *, by: Any) -> None:
    """Do what the pressed button says. Raises Refused."""
    wanted = form.cleaned_data if form.is_valid() else {}
    if wanted.get("candidate"):
        choose_thumbnail(media, candidate=wanted["candidate"], by=by)
    elif wanted.get("picture"):
        upload_thumbnail(media, wanted["picture"], by=by)
    elif wanted.get("at") is not None:
        choose_moment(media, at=wanted["at"], by=by)
    elif wanted.get("automatic"):
        choose_automatically(media, by=by)
    else:
        raise Refused("nothing_chosen", _("Please choose a picture, a second or a file."))
