"""“Add to playlist”: a choice among the lists one may fill, and a new one; as a page, or in a dialog of a script."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core.errors import Refused
from media_library.models import Kind, Media, Playlist, PlaylistEntry, PlaylistType
from media_library.podcasts.hearing import heard_as
from media_library.services.playlists import add_media, save_playlist
from media_library.views.lookup import key_named, visible_media


@dataclass(frozen=True)
class Offered:
    """What is to be added: its media, what it is called, the page it is shown on, and what a new list would be.

    `title` is what a new list is called unless somebody types something else.
    """

    media: Sequence[UUID]
    name: str
    address: str
    type: PlaylistType
    title: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Any, organization: str) -> HttpResponse:
    """`media` names what is to be added."""
    key = key_named(request.POST.get("media", "") or request.GET.get("media", ""))
    if key is None:
        raise Http404
    media = visible_media(request, key)
    heard = heard_as(request.user, request.organization, [media]).get(media.pk)
    if heard:
        return adding(request, Offered([media.pk], heard.title, heard.page(organization), PlaylistType.PODCAST))
    address = reverse("media_library:watch", args=[organization, media.pk])
    return adding(request, Offered([media.pk], media.title, address, _type_for(media)))


def adding(request: Any, offered: Offered) -> HttpResponse:
    """The choice of a list, and what comes of it. Forms are sent to where it was asked for."""
    said, refusal = _try_to_add(request, offered) if request.method == "POST" else ("", None)
    if said and not _is_asked_by_script(request):
        messages.success(request, said)
        return redirect(offered.address)
    context = {"here": "playlists", "offered": offered, "said": said, "refusal": refusal}
    context["lists"] = _to_fill(request, offered)
    name = "playlist_choice" if _is_asked_by_script(request) else "playlist_add"
    response = render(request, f"media_library/{name}.html", context, status=refusal.status if refusal else 200)
    response["Cache-Control"] = "no-store"
    return response


def _type_for(media: Media) -> PlaylistType:
    return PlaylistType.PODCAST if media.kind == Kind.AUDIO else PlaylistType.VIDEO


def _try_to_add(request: Any, offered: Offered) -> tuple[str, Refused | None]:
    """What is to be said, or why not."""
    try:
        return _add(request, offered), None
    except Refused as refusal:
        return "", refusal


@transaction.atomic
def _add(request: Any, offered: Offered) -> str:
    """Into the list that is named, or into a new one of this title."""
    playlist = _wanted(request, offered)
    count = add_media(playlist, offered.media, by=request.user)
    return _words(count, of=len(offered.media)) % {"playlist": playlist, "count": count}


def _words(count: int, *, of: int) -> str:
    if of == 1:
        return _("Added to “%(playlist)s”.") if count else _("It stands in “%(playlist)s” already.")
    if not count:
        return _("All of it stands in “%(playlist)s” already.")
    return ngettext("%(count)d is new in “%(playlist)s”.", "%(count)d are new in “%(playlist)s”.", count)


def _wanted(request: Any, offered: Offered) -> Playlist:
    """Raises Refused: playlist_gone, also for one that is not theirs to fill."""
    key = key_named(request.POST.get("playlist", ""))
    if key is None:
        made = Playlist(owner=request.user, title=request.POST.get("title", ""), type=offered.type)
        return save_playlist(made, by=request.user)
    found: Playlist | None = _fillable(request).filter(pk=key).first()
    if found is None:
        raise Refused("playlist_gone", _("This playlist is no longer there."), status=404)
    return found


def _fillable(request: Any) -> Any:
    return Playlist.objects.editable_by(request.user, request.organization)


def _to_fill(request: Any, offered: Offered) -> list[Playlist]:
    """Each with `holds`: whether all of it stands in it. Two statements."""
    lists = list(_fillable(request).order_by("title", "pk"))
    entries = PlaylistEntry.objects.filter(media__in=offered.media, playlist__in=[one.pk for one in lists])
    held = dict(entries.order_by().values_list("playlist").annotate(Count("pk")))
    for one in lists:
        one.holds = held.get(one.pk) == len(offered.media)
    return lists


def _is_asked_by_script(request: Any) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"
