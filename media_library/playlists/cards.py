"""Playlists on the page that lists them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.permissions import can
from media_library.models import Media, Playlist, PlaylistEntry, PlaylistType
from media_library.player import picture_version
from media_library.playlists.totals import Totals, totals_of

OWN, OF_LIBRARY, SHARED = SORTS = ("own", "library", "shared")
ICONS = {PlaylistType.VIDEO: "video", PlaylistType.PODCAST: "audio", PlaylistType.COURSE: "course"}


@dataclass(frozen=True)
class PlaylistCard:
    """`whose` is library, own or shared; `by` names the member who shares it; `picture` is an address or empty."""

    id: UUID
    title: str
    description: str
    kind: str
    icon: str
    whose: str
    by: str
    is_published: bool
    totals: Totals
    picture: str


def lists_for(user: Any, organization: Organization, whose: str = "") -> QuerySet[Playlist]:
    """Those that this person sees: one's own, the library's, those of members; of one sort where that is named.

    Of others' only makers see one in which there is nothing for them.
    """
    lists: QuerySet[Playlist] = Playlist.objects.visible_to(user, organization).select_related("owner")
    if not can(user, "content.view", organization):
        inside = PlaylistEntry.objects.filter(playlist=OuterRef("pk")).visible_to(user, organization)
        lists = lists.filter(Q(owner=user.pk) | Exists(inside))
    sort = Case(When(owner=user.pk, then=Value(OWN)), When(owner=None, then=Value(OF_LIBRARY)), default=Value(SHARED))
    lists = lists.annotate(sort=sort)
    if whose in SORTS:
        lists = lists.filter(sort=whose)
    return lists.order_by(Case(*(When(sort=name, then=Value(n)) for n, name in enumerate(SORTS))), "title", "pk")


def make_cards(playlists: Sequence[Playlist], *, user: Any, organization: Organization) -> list[PlaylistCard]:
    """In their order. Two statements."""
    keys = [playlist.pk for playlist in playlists]
    totals = totals_of(keys, user=user, organization=organization)
    pictures = covers_of(playlists, user=user, organization=organization)
    return [
        make_card(one, user=user, totals=totals.get(one.pk, Totals()), picture=pictures.get(one.pk, ""))
        for one in playlists
    ]


def make_card(playlist: Playlist, *, user: Any, totals: Totals, picture: str) -> PlaylistCard:
    return PlaylistCard(
        id=playlist.pk, title=playlist.title, description=playlist.description,
        kind=playlist.get_type_display(), icon=ICONS[PlaylistType(playlist.type)],
        whose=whose_is(playlist, user), by=name_of_owner(playlist), is_published=playlist.is_published,
        totals=totals, picture=picture,
    )  # fmt: skip


def covers_of(playlists: Sequence[Playlist], *, user: Any, organization: Organization) -> dict[UUID, str]:
    """The address of what was chosen, else of the first picture of what this person may watch. One statement."""
    slug = organization.slug
    chosen = {playlist.pk: cover_address(playlist, slug=slug) for playlist in playlists if playlist.cover_path}
    others = [playlist.pk for playlist in playlists if playlist.pk not in chosen]
    seen = Media.objects.present().watchable_by(user, organization)  # what is heard alone shows no picture
    entries = PlaylistEntry.objects.filter(playlist__in=others, media__in=seen.values("pk"))
    pictured = entries.exclude(media__thumbnail_path="").in_order().distinct("playlist_id")
    first = pictured.values_list("playlist_id", "media_id", "media__thumbnail_path")
    return chosen | {key: picture_address(media, path, slug=slug) for key, media, path in first}


def picture_address(media_id: UUID, path: str, *, slug: str) -> str:
    """Of the thumbnail of media; empty where there is none."""
    address = reverse("media_library:thumbnail", args=[slug, media_id])
    return f"{address}?v={picture_version(path)}" if path else ""


def whose_is(playlist: Playlist, user: Any) -> str:
    if playlist.owner_id is None:
        return OF_LIBRARY
    return OWN if playlist.owner_id == user.pk else SHARED


def name_of_owner(playlist: Playlist) -> str:
    """Never an address: who has no name is a member."""
    return "" if playlist.owner is None else playlist.owner.name or _("a member")


def cover_address(playlist: Playlist, *, slug: str) -> str:
    """Of the cover that was chosen."""
    address = reverse("media_library:playlist_cover", args=[slug, playlist.pk])
    return f"{address}?v={picture_version(playlist.cover_path)}"
