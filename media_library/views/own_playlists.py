"""One's own playlists: made, filled, ordered, shared, given up. Everything works without a script, too."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Refused
from media_library.models import Kind, Media, Playlist, PlaylistEntry, PlaylistType
from media_library.playlists.form import PlaylistForm
from media_library.services.playlist_covers import drop_cover, set_cover
from media_library.services.playlists import (
    add_media,
    delete_playlist,
    move_media,
    remove_media,
    save_playlist,
    share_playlist,
    stop_sharing,
)
from media_library.views.lookup import key_named, watchable_media
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


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Any, organization: str) -> HttpResponse:
    """`media` names what is to be added: a choice among the lists that one may fill, and a new one."""
    told = request.POST if request.method == "POST" else request.GET
    media = watchable_media(request, key_named(told.get("media", "")) or _nothing())
    said, refusal = _try_to_add(request, media) if request.method == "POST" else ("", None)
    if said and not _is_asked_by_script(request):
        messages.success(request, said)
        return redirect("media_library:watch", organization, media.pk)
    context = {"here": "playlists", "media": media, "said": said, "refusal": refusal}
    context["lists"] = _to_fill(request, media)
    name = "playlist_choice" if _is_asked_by_script(request) else "playlist_add"
    response = render(request, f"media_library/{name}.html", context, status=refusal.status if refusal else 200)
    response["Cache-Control"] = "no-store"
    return response


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


def _try_to_add(request: Any, media: Media) -> tuple[str, Refused | None]:
    """What is to be said, or why not."""
    try:
        return _add(request, media), None
    except Refused as refusal:
        return "", refusal


@transaction.atomic
def _add(request: Any, media: Media) -> str:
    """Into the list that is named, or into a new one of this title."""
    playlist = _wanted(request, media)
    count = add_media(playlist, [media.pk], by=request.user)
    words = _("Added to “%(playlist)s”.") if count else _("It stands in “%(playlist)s” already.")
    return words % {"playlist": playlist}


def _wanted(request: Any, media: Media) -> Playlist:
    """Raises Refused: playlist_gone, also for one that is not theirs to fill."""
    key = key_named(request.POST.get("playlist", ""))
    if key is None:
        title = request.POST.get("title", "")
        return save_playlist(Playlist(owner=request.user, title=title, type=_type_for(media)), by=request.user)
    found: Playlist | None = _fillable(request).filter(pk=key).first()
    if found is None:
        raise Refused("playlist_gone", _("This playlist is no longer there."), status=404)
    return found


def _type_for(media: Media) -> PlaylistType:
    return PlaylistType.PODCAST if media.kind == Kind.AUDIO else PlaylistType.VIDEO


def _fillable(request: Any) -> Any:
    return Playlist.objects.editable_by(request.user, request.organization)


def _to_fill(request: Any, media: Media) -> list[Playlist]:
    """Each with `holds`: whether the media stands in it. Two statements."""
    lists = list(_fillable(request).order_by("title", "pk"))
    entries = PlaylistEntry.objects.filter(media=media, playlist__in=[one.pk for one in lists])
    holding = set(entries.values_list("playlist", flat=True))
    for one in lists:
        one.holds = one.pk in holding
    return lists


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


def _is_asked_by_script(request: Any) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _nothing() -> UUID:
    raise Http404
