"""Playlists: media in an order of somebody's own. One writer of a list at a time, places without gaps."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.announcements import announce
from core.errors import Refused
from core.lines import one_line
from core.ordering import LAST, place_once, put_in_order, renumber
from media_library.models import Media, Playlist, PlaylistEntry, PlaylistStatus
from media_library.services.playlist_covers import drop_cover

MOST_ENTRIES = 500
MOST_OWN = 200  # lists of one person in an organization
TITLE_CHARACTERS = 200
DESCRIPTION_CHARACTERS = 5000
WRITTEN = ("title", "description", "type", "status")


@transaction.atomic
def save_playlist(playlist: Playlist, *, by: Any, written: Iterable[str] = WRITTEN) -> Playlist:
    """Write a new playlist, or of one there is the columns `written`: what others change meanwhile stays.

    Raises Refused: title_missing, too_long, too_many_playlists, playlist_gone (404).
    """
    playlist.title = one_line(playlist.title)
    playlist.description = playlist.description.replace("\0", "")
    _check_texts(playlist)
    if not playlist._state.adding:
        _write(playlist, {name: getattr(playlist, name) for name in written})
        return playlist
    if playlist.owner_id is None:
        playlist.created_by = by
    else:
        _check_room(playlist.owner_id)
    playlist.save()
    announce("playlist_created", playlist, by=by)
    return playlist


def share_playlist(playlist: Playlist, *, by: Any) -> None:
    """Somebody's own is seen by everybody who may browse the organization's library, the library's is published.

    Raises Refused: playlist_gone (404).
    """
    _set_status(playlist, PlaylistStatus.PUBLISHED)


def stop_sharing(playlist: Playlist, *, by: Any) -> None:
    """Its owner alone sees it; of the library's those who make content. Raises Refused: playlist_gone (404)."""
    _set_status(playlist, PlaylistStatus.DRAFT)


@transaction.atomic
def delete_playlist(playlist: Playlist, *, by: Any) -> None:
    """Its media stay in the library."""
    drop_cover(playlist)
    playlist.delete()


@transaction.atomic
def add_media(playlist: Playlist, media_ids: Iterable[UUID], *, by: Any, position: int | None = None) -> int:
    """Put media into the list, in this order, at a place from 1 or at the end; what stands in it stays where it is.

    Returns how many are new. Raises Refused, with the field `media`: unknown_media (also what this person may not
    watch), too_many.
    """
    standing = locked_entries(playlist)
    held = list(standing.values_list("media", flat=True))
    new = [key for key in _known(media_ids, playlist, by) if key not in held]
    _refuse_overflow(len(held) + len(new))
    place = len(held) if position is None else min(max(position - 1, 0), len(held))
    _append(playlist, new)
    reorder_playlist(playlist, [*held[:place], *new, *held[place:]], by=by)
    return len(new)


@transaction.atomic
def remove_media(playlist: Playlist, media_id: UUID, *, by: Any) -> None:
    """Take media out of the list; it stays in the library. Raises Refused: not_in_playlist (404)."""
    entries = locked_entries(playlist)
    if not entries.filter(media=media_id).delete()[0]:
        raise Refused("not_in_playlist", _("This media does not stand in the playlist."), status=404)
    renumber(entries)


@transaction.atomic
def reorder_playlist(playlist: Playlist, media_ids: Iterable[UUID], *, by: Any) -> None:
    """Put the list in this order; media that is not named follows in its own order.

    Raises Refused, with the field `media`: unknown_media.
    """
    entries = locked_entries(playlist)
    entry_of = dict(entries.values_list("media", "pk"))
    wanted = list(media_ids)
    if set(wanted) - entry_of.keys():
        raise _refusal("unknown_media", _("This media does not stand in the playlist."), field="media")
    put_in_order(entries, [entry_of[key] for key in wanted])


@transaction.atomic
def move_media(playlist: Playlist, media_id: UUID, *, before: UUID | None, by: Any) -> None:
    """Put media before other media of the list; at the end where that is None, or has gone meanwhile.

    Raises Refused: not_in_playlist (404).
    """
    order = list(locked_entries(playlist).values_list("media", flat=True))
    if media_id not in order:
        raise Refused("not_in_playlist", _("This media does not stand in the playlist."), status=404)
    if before == media_id:
        return
    order.remove(media_id)
    order.insert(order.index(before) if before in order else len(order), media_id)
    reorder_playlist(playlist, order, by=by)


@transaction.atomic
def save_entry(entry: PlaylistEntry, *, by: Any) -> PlaylistEntry:
    """Write one row of a list, new ones at the end; media that stands in it already keeps its one row.

    Raises Refused: too_many, with the field `media`.
    """
    standing = locked_entries(entry.playlist)
    if entry._state.adding:
        _refuse_overflow(standing.exclude(media=entry.media_id).count() + 1)
    saved: PlaylistEntry = place_once(standing, entry, media=entry.media_id)
    return saved


def locked_entries(playlist: Playlist) -> Any:
    """In order; whoever else changes the list waits. Raises Refused: playlist_gone (404)."""
    if not Playlist.objects.select_for_update(no_key=True).filter(pk=playlist.pk):
        raise Refused("playlist_gone", _("This playlist is no longer there."), status=404)
    return PlaylistEntry.objects.filter(playlist=playlist.pk).order_by("position", "pk")


def list_instead(media: Media, other: Media) -> None:
    """What listed one media item lists the other; a list that has both keeps one."""
    entries = PlaylistEntry.objects.filter(media=media)
    entries.filter(playlist__entries__media=other).delete()
    entries.update(media=other)


def _refuse_overflow(entries: int) -> None:
    if entries > MOST_ENTRIES:
        words = _("A playlist holds at most %(most)d media.") % {"most": MOST_ENTRIES}
        raise _refusal("too_many", words, field="media")


def _write(playlist: Playlist, facts: dict[str, Any]) -> None:
    rows = Playlist.objects.filter(pk=playlist.pk)
    if not (rows.update(**facts) if facts else rows.exists()):
        raise Refused("playlist_gone", _("This playlist is gone."), status=404)


def _known(media_ids: Iterable[UUID], playlist: Playlist, by: Any) -> list[UUID]:
    """Those that may be watched now by who adds them."""
    wanted = list(dict.fromkeys(media_ids))
    media = Media.objects.present().visible_to(by, playlist.organization)
    known = set(media.filter(pk__in=wanted).values_list("pk", flat=True))
    if set(wanted) - known:
        raise _refusal("unknown_media", _("There is no such media here."), field="media")
    return wanted


def _append(playlist: Playlist, media_ids: list[UUID]) -> None:
    rows = [PlaylistEntry(playlist=playlist, media_id=key, position=LAST + n) for n, key in enumerate(media_ids)]
    PlaylistEntry.objects.bulk_create(rows)


def _set_status(playlist: Playlist, status: PlaylistStatus) -> None:
    playlist.status = status
    _write(playlist, {"status": status})


def _check_texts(playlist: Playlist) -> None:
    if not playlist.title:
        raise _refusal("title_missing", _("This needs a title."), field="title")
    limits = {"title": TITLE_CHARACTERS, "description": DESCRIPTION_CHARACTERS}
    for field, most in limits.items():
        if len(getattr(playlist, field)) > most:
            raise _refusal("too_long", _("At most %(most)d characters.") % {"most": most}, field=field)


def _check_room(owner_id: Any) -> None:
    """One list after the other, so that the last free place is taken once."""
    User.objects.select_for_update(no_key=True).get(pk=owner_id)
    if Playlist.objects.filter(owner=owner_id).count() >= MOST_OWN:
        words = _("You have %(most)d playlists already. Delete one first.") % {"most": MOST_OWN}
        raise _refusal("too_many_playlists", words, field="title")


def _refusal(code: str, words: str, *, field: str) -> Refused:
    return Refused(code, words, fields={field: [words]})
