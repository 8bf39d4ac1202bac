"""What stands in a playlist for one person, and where they go on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F
from django.urls import reverse

from accounts.models import Organization
from media_library.models import Playlist, PlaylistEntry
from media_library.playlists.cards import picture_address
from media_library.playlists.totals import Totals


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
            completed=sum(row.is_completed for row in self.rows),
            left=sum(row.left for row in self.rows),
        )

    @property
    def next(self) -> Row | None:
        """Where one goes on: the first that is not completed; the first of all when they are."""
        waiting = (row for row in self.rows if not row.is_completed)
        return next(waiting, self.rows[0] if self.rows else None)

    @property
    def picture(self) -> str:
        """The first there is."""
        return next((row.picture for row in self.rows if row.picture), "")

    @property
    def is_begun(self) -> bool:
        return any(row.is_completed or row.at > 0 for row in self.rows)

    @property
    def movable(self) -> Iterator[tuple[Row, UUID | None, UUID | None]]:
        """Each row with what it would stand before one place up and one place down; None there is the end."""
        keys = [row.media_id for row in self.rows]
        for n, row in enumerate(self.rows):
            yield row, keys[n - 1] if n else None, keys[n + 2] if n + 2 < len(keys) else None

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
    """What this person may watch now, in order. One statement."""
    entries = PlaylistEntry.objects.filter(playlist=playlist.pk).visible_to(user, organization)
    told = entries.with_watching(user).in_order().values(
        "media_id", title=F("media__title"), kind=F("media__kind"), duration=F("media__duration"),
        path=F("media__thumbnail_path"), percent=F("watched__percent"), at=F("watched__position"),
        completed_at=F("watched__completed_at"),
    )  # fmt: skip
    rows = [_row(place, one, playlist, organization.slug) for place, one in enumerate(told, start=1)]
    return Contents(rows)


def hidden_from(playlist: Playlist, contents: Contents) -> int:
    """How many stand in it that are not shown. One statement."""
    return PlaylistEntry.objects.filter(playlist=playlist.pk).count() - len(contents.rows)


def play_address(media_id: UUID, playlist: Playlist, *, slug: str) -> str:
    return f"{reverse('media_library:watch', args=[slug, media_id])}?list={playlist.pk}"


def _row(place: int, told: dict[str, Any], playlist: Playlist, slug: str) -> Row:
    media_id = told["media_id"]
    return Row(
        place=place, media_id=media_id, title=told["title"], kind=told["kind"], duration=told["duration"],
        picture=picture_address(media_id, told["path"], slug=slug),
        address=play_address(media_id, playlist, slug=slug),
        percent=told["percent"] or 0.0, at=told["at"] or 0.0, is_completed=told["completed_at"] is not None,
    )  # fmt: skip
