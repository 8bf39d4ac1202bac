"""What stands in a playlist for one person, and where they go on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.urls import reverse

from accounts.models import Organization
from media_library.models import Kind, Playlist, PlaylistEntry, Publication
from media_library.playlists.cards import picture_address
from media_library.playlists.totals import Totals
from media_library.podcasts.hearing import Heard, heard_alone


@dataclass(frozen=True)
class Row:
    """Media in its place among what this person sees, from 1. `percent` 0–100 and `at` (seconds) are theirs."""

    place: int
    media_id: UUID
    title: str
    kind: str
    duration: float | None
    picture: str
    address: str
    percent: float
    at: float
    is_completed: bool
    seen_at: datetime | None  # when it was last watched, since there is the list

    @property
    def goes_on(self) -> bool:
        """Begun and not completed."""
        return not self.is_completed and self.at > 0

    @property
    def left(self) -> float:
        """Seconds."""
        return 0.0 if self.is_completed else (self.duration or 0.0) * (100 - self.percent) / 100


@dataclass(frozen=True)
class Contents:
    rows: Sequence[Row]

    @property
    def totals(self) -> Totals:
        return Totals(
            count=len(self.rows),
            seconds=sum(row.duration or 0.0 for row in self.rows),
            unknown=sum(row.duration is None for row in self.rows),
            completed=sum(row.is_completed for row in self.rows),
            left=sum(row.left for row in self.rows),
        )

    @property
    def next(self) -> Row | None:
        """Where one goes on: what was watched last, or when that is completed the first behind it that is not.

        Behind the last one the first follows. When all are completed, it is the first of all.
        """
        start = self._last_watched
        waiting = (row for row in [*self.rows[start:], *self.rows[:start]] if not row.is_completed)
        return next(waiting, self.rows[0] if self.rows else None)

    @property
    def _last_watched(self) -> int:
        """Its index; the first one's where nothing was."""
        seen = [(row.seen_at, row.place) for row in self.rows if row.seen_at]
        return max(seen)[1] - 1 if seen else 0

    @property
    def picture(self) -> str:
        """The first there is."""
        return next((row.picture for row in self.rows if row.picture), "")

    @property
    def is_begun(self) -> bool:
        return any(row.is_completed or row.at > 0 for row in self.rows)

    @property
    def movable(self) -> Iterator[tuple[Row, UUID | None, UUID | None, UUID | None]]:
        """Each row with what it would stand before one place up and one place down, and with the row beside it.

        None there is the end; the row beside it is the next, of the last one that before it.
        """
        keys = [row.media_id for row in self.rows]
        for n, row in enumerate(self.rows):
            above, behind = keys[n - 1] if n else None, keys[n + 2] if n + 2 < len(keys) else None
            yield row, above, behind, keys[n + 1] if n + 1 < len(keys) else above

    def at(self, media_id: UUID) -> "Standing | None":
        """Where one stands while this plays; None where it does not stand in the list."""
        place = next((row.place for row in self.rows if row.media_id == media_id), None)
        return None if place is None else Standing(self.rows, place)


@dataclass(frozen=True)
class Standing:
    """One row of a list, and those beside it."""

    rows: Sequence[Row]
    place: int

    @property
    def previous(self) -> Row | None:
        return self.rows[self.place - 2] if self.place > 1 else None

    @property
    def next(self) -> Row | None:
        return self.rows[self.place] if self.place < len(self.rows) else None


def contents_of(playlist: Playlist, *, user: Any, organization: Organization) -> Contents:
    """What this person may watch or hear now, in order. Two statements more where something is no part
    of the open library.
    """
    entries = PlaylistEntry.objects.filter(playlist=playlist.pk).visible_to(user, organization)
    told = entries.with_watching(user).in_order().values(
        "media_id", title=F("media__title"), kind=F("media__kind"), duration=F("media__duration"),
        path=F("media__thumbnail_path"), percent=F("watched__percent"), at=F("watched__position"),
        completed_at=F("watched__completed_at"), seen_at=F("watched__updated_at"),
        publication=F("media__publication"),
    )  # fmt: skip
    closed = [one["media_id"] for one in told if one["publication"] != Publication.PUBLISHED]
    heard = heard_alone(user, organization, closed)
    rows = [_row(place, one, playlist, organization.slug) for place, one in enumerate(told, start=1)]
    return Contents([_as_heard(row, heard.get(row.media_id), playlist, organization.slug) for row in rows])


def hidden_from(playlist: Playlist, contents: Contents) -> int:
    """How many stand in it that are not shown. One statement."""
    return PlaylistEntry.objects.filter(playlist=playlist.pk).count() - len(contents.rows)


def play_address(media_id: UUID, playlist: Playlist, *, slug: str) -> str:
    return f"{reverse('media_library:watch', args=[slug, media_id])}?list={playlist.pk}"


def _as_heard(row: Row, heard: Heard | None, playlist: Playlist, slug: str) -> Row:
    """What is open as an episode alone is called and played as that; it has no picture."""
    if heard is None:
        return row
    return replace(
        row, title=heard.title, kind=Kind.AUDIO, picture="", address=f"{heard.page(slug)}?list={playlist.pk}"
    )


def address_behind(playlist: Playlist, media_id: UUID, *, user: Any, organization: Organization) -> str:
    """Of what follows media for this person, also where that is not theirs to watch any more; empty at the end.

    Two statements.
    """
    entries = PlaylistEntry.objects.filter(playlist=playlist.pk)
    place = entries.filter(media=media_id).values_list("position", flat=True).first()
    if place is None:
        return ""
    behind = entries.filter(position__gt=place).visible_to(user, organization).in_order()
    key = behind.values_list("media_id", flat=True).first()
    return play_address(key, playlist, slug=organization.slug) if key else ""


def _since(playlist: Playlist, seen_at: datetime | None) -> datetime | None:
    """What was watched before there was the list says nothing about where one is in it."""
    return seen_at if seen_at and seen_at >= playlist.created_at else None


def _row(place: int, told: dict[str, Any], playlist: Playlist, slug: str) -> Row:
    media_id = told["media_id"]
    return Row(
        place=place, media_id=media_id, title=told["title"], kind=told["kind"], duration=told["duration"],
        picture=picture_address(media_id, told["path"], slug=slug),
        address=play_address(media_id, playlist, slug=slug),
        seen_at=_since(playlist, told["seen_at"]),
        percent=told["percent"] or 0.0, at=told["at"] or 0.0, is_completed=told["completed_at"] is not None,
    )  # fmt: skip
