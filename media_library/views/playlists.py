"""Playlists to look at and to play: the library's, those that members share, one's own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import can
from media_library.models import Playlist
from media_library.playlists.cards import SORTS, cover_address, lists_for, make_card, make_cards
from media_library.playlists.contents import Standing, address_behind, contents_of, hidden_from
from media_library.views.lookup import key_named
from media_library.views.sending import send_file

CARDS_A_PAGE = 24
#: Its address names a version that never changes; only this person's browser may keep it.
FOREVER = "private, max-age=31536000, immutable"


@require_safe
def playlists(request: Any, organization: str) -> HttpResponse:
    user, here = request.user, request.organization
    refuse_strangers(request)
    whose = request.GET.get("whose", "")
    page = Paginator(lists_for(user, here, whose), CARDS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "here": "playlists", "page": page, "cards": make_cards(list(page), user=user, organization=here),
        "whose": whose if whose in SORTS else "", "kept": f"whose={whose}" if whose in SORTS else "",
    }  # fmt: skip
    return render(request, "media_library/playlists.html", context)


@require_safe
def playlist(request: Any, organization: str, playlist_id: UUID) -> HttpResponse:
    user, here = request.user, request.organization
    found = visible_playlist(request, playlist_id)
    contents = contents_of(found, user=user, organization=here)
    totals = contents.totals
    picture = cover_address(found, slug=here.slug) if found.cover_path else contents.picture
    is_own = found.owner_id == user.pk
    may_arrange = is_own or (found.owner_id is None and can(user, "content.edit", here))
    context = {
        "here": "playlists", "playlist": found, "contents": contents, "totals": totals, "next": contents.next,
        "card": make_card(found, user=user, totals=totals, picture=picture), "is_own": is_own,
        "hidden": hidden_from(found, contents) if may_arrange else 0, "may_arrange": may_arrange,
    }  # fmt: skip
    return render(request, "media_library/playlist.html", context)


@require_safe
def play(request: Any, organization: str, playlist_id: UUID) -> HttpResponse:
    """Leads to where one goes on: the first that is not completed, whose player goes to its second."""
    found = visible_playlist(request, playlist_id)
    row = contents_of(found, user=request.user, organization=request.organization).next
    if row is None:
        messages.info(request, _("There is nothing to play in it yet."))
        return redirect("media_library:playlist", organization, playlist_id)
    return redirect(f"{row.address}&play=1")


@require_safe
def cover(request: Any, organization: str, playlist_id: UUID) -> HttpResponseBase:
    """The one that was chosen."""
    found = visible_playlist(request, playlist_id)
    if not found.cover_path:
        raise Http404
    response = send_file(request, found.cover_path, content_type="image/jpeg")
    response.headers.setdefault("Cache-Control", FOREVER)
    return response


def refuse_strangers(request: Any) -> None:
    """Playlists are members', also where the catalog is open to everybody. Raises Http404."""
    if not can(request.user, "course.learn", request.organization):
        raise Http404


def visible_playlist(request: Any, playlist_id: UUID) -> Playlist:
    """Raises Http404 where there is none, or none that this person may see."""
    seen = Playlist.objects.visible_to(request.user, request.organization).select_related("owner")
    found: Playlist = get_object_or_404(seen, pk=playlist_id)
    return found


def standing_in(request: HttpRequest, media_id: UUID) -> dict[str, Any]:
    """For the page of media that is played through a list: `?list=` names it. Empty where it is played for itself.

    Also where the list is not this person's to see, or does not hold the media any more: then it plays alone.
    """
    found = _list_named(request)
    if found is None:
        return {}
    here = request.organization  # type: ignore[attr-defined]
    standing: Standing | None = contents_of(found, user=request.user, organization=here).at(media_id)
    return {} if standing is None else {"playlist": found, "standing": standing}


def way_on(request: HttpRequest, media_id: UUID) -> HttpResponse | None:
    """For who plays a list through, and comes to media that is not theirs to watch any more.

    Leads to what follows it, at the end to the list. None where no list is named that this person may see.
    """
    found = _list_named(request)
    if found is None:
        return None
    here = request.organization  # type: ignore[attr-defined]
    address = address_behind(found, media_id, user=request.user, organization=here)
    if not address:
        messages.info(request, _("What came next in this playlist is not available any more."))
        return redirect("media_library:playlist", here.slug, found.pk)
    messages.info(request, _("What came next is not available any more: this follows it."))
    return redirect(f"{address}&play=1" if request.GET.get("play") else address)


def _list_named(request: HttpRequest) -> Playlist | None:
    playlist_id = key_named(request.GET.get("list", ""))
    if playlist_id is None:
        return None
    seen = Playlist.objects.visible_to(request.user, request.organization)  # type: ignore[attr-defined]
    found: Playlist | None = seen.filter(pk=playlist_id).first()
    return found
