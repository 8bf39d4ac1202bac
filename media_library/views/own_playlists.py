"""One's own playlists: made, filled, ordered, shared, given up. Everything works without a script, too."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Refused
from media_library.models import Playlist
from media_library.playlists.form import PlaylistForm
from media_library.services.playlist_covers import drop_cover, set_cover
from media_library.services.playlists import (
    delete_playlist,
    move_media,
    remove_media,
    save_playlist,
    share_playlist,
    stop_sharing,
)
from media_library.views.lookup import key_named
from media_library.views.playlists import refuse_strangers


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any, organization: str) -> HttpResponse:
    refuse_strangers(request)
    return _form(request, Playlist(owner=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Any, organization: str, playlist_id: UUID) -> HttpResponse:
    return _form(request, own_playlist(request, playlist_id))


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Any, organization: str, playlist_id: UUID) -> HttpResponse:
    found = own_playlist(request, playlist_id)
    if request.method != "POST":
        return render(request, "media_library/playlist_delete.html", {"here": "playlists", "playlist": found})
    delete_playlist(found, by=request.user)
    messages.success(request, _("“%(title)s” is deleted.") % {"title": found})
    return redirect("media_library:playlists", organization)


@require_POST
def share(request: Any, organization: str, playlist_id: UUID) -> HttpResponse:
    """`shared=1` shows it to the organization, anything else to its owner alone."""
    found = own_playlist(request, playlist_id)
    verb = share_playlist if request.POST.get("shared") == "1" else stop_sharing
    return _done(request, found, lambda: verb(found, by=request.user))


@require_POST
def move(request: Any, organization: str, playlist_id: UUID, media_id: UUID) -> HttpResponse:
    """`before` is the key of the media it shall stand before; empty: the end."""
    found = own_playlist(request, playlist_id)
    before = key_named(request.POST.get("before", ""))
    return _done(request, found, lambda: move_media(found, media_id, before=before, by=request.user), at=media_id)


@require_POST
def remove(request: Any, organization: str, playlist_id: UUID, media_id: UUID) -> HttpResponse:
    """`next` is the key of the media that takes its place, where one goes on reading."""
    found = own_playlist(request, playlist_id)
    at = key_named(request.POST.get("next", ""))
    return _done(request, found, lambda: remove_media(found, media_id, by=request.user), at=at)


def own_playlist(request: Any, playlist_id: UUID) -> Playlist:
    """Raises Http404 for those of anybody else."""
    mine = Playlist.objects.owned_by(request.user).visible_to(request.user, request.organization)
    found: Playlist = get_object_or_404(mine, pk=playlist_id)
    return found


def _form(request: Any, playlist: Playlist) -> HttpResponse:
    is_new = playlist._state.adding
    form = PlaylistForm(request.POST or None, request.FILES or None, playlist=playlist)
    if request.method == "POST" and form.is_valid():
        refusal = _refusal_of(lambda: _save(request, playlist, form))
        if refusal is None:
            return redirect("media_library:playlist", request.organization.slug, playlist.pk)
        form.add_error(next((name for name in refusal.fields if name in form.fields), None), refusal.message)
    context = {"here": "playlists", "playlist": playlist, "form": form, "is_new": is_new}
    return render(request, "media_library/playlist_form.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _save(request: Any, playlist: Playlist, form: PlaylistForm) -> None:
    save_playlist(form.fill(playlist), by=request.user, written=form.texts)
    if picture := form.cleaned_data["cover"]:
        set_cover(playlist, picture)
    elif form.cleaned_data.get("without_cover"):
        drop_cover(playlist)


def _done(request: Any, playlist: Playlist, verb: Callable[[], object], *, at: UUID | None = None) -> HttpResponse:
    """Back to the list, at the row of media `at`; a script is told whether it was done."""
    refusal = _refusal_of(verb)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({}) if refusal is None else _refused(refusal)
    if refusal is not None:
        messages.error(request, refusal.message)
    address = reverse("media_library:playlist", args=[request.organization.slug, playlist.pk])
    return redirect(f"{address}#media-{at}" if at else address)


def _refused(refusal: Refused) -> JsonResponse:
    error = {"code": refusal.code, "message": refusal.message, "fields": refusal.fields}
    return JsonResponse({"error": error}, status=refusal.status)


def _refusal_of(verb: Callable[[], object]) -> Refused | None:
    try:
        verb()
    except Refused as refusal:
        return refusal
    return None
