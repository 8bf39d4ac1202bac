"""What a page needs in order to show the player; templates include `media_library/player.html` with it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts.models import Organization
from media_library.languages import language_name
from media_library.models import Kind, Media, Referrer
from media_library.services.watching import record_of


@dataclass(frozen=True)
class PlayerContext:
    """Addresses are empty where there is nothing to fetch. Times in seconds, `percent` 0–100 of this learner."""

    media_id: UUID
    title: str
    is_audio: bool
    duration: float | None
    hls_url: str
    thumbnail_url: str
    captions_url: str
    cues_url: str
    language: str
    item_id: UUID | None = None
    sessions_url: str = ""
    referrer: str = Referrer.DIRECT_LINK
    position: float = 0.0
    percent: float = 0.0
    completed: bool = False

    @property
    def language_name(self) -> str:
        return language_name(self.language)

    @property
    def has_transcript(self) -> bool:
        return bool(self.cues_url)

    @property
    def is_playable(self) -> bool:
        return bool(self.hls_url)


def player_context(
    media: Media,
    *,
    user: Any,
    organization: Organization,
    item: Any = None,
    start: float | None = None,
    referrer: str = Referrer.DIRECT_LINK,
) -> PlayerContext:
    """Two statements at most: the record, and the transcript's language unless `for_player()` brought it along.

    `item` is what it was opened from on a higher floor, a row or its key; `start` overrides the second to resume at.
    """
    record = record_of(user, media)
    return PlayerContext(
        **_files(media, organization.slug),
        item_id=getattr(item, "pk", item),
        sessions_url=reverse("watch_sessions", args=[organization.slug]),
        referrer=referrer,
        position=_first_known(start, record.position if record else None),
        percent=record.percent if record else 0.0,
        completed=bool(record and record.completed_at),
    )


def player_preview(media: Media, *, slug: str) -> PlayerContext:
    """The player for those who made it: nothing is recorded."""
    return PlayerContext(**_files(media, slug))


def _files(media: Media, slug: str) -> dict[str, Any]:
    address = MediaAddresses(media, slug)
    return {
        "media_id": media.pk,
        "title": media.title,
        "is_audio": media.kind == Kind.AUDIO,
        "duration": media.duration,
        "hls_url": address.hls,
        "thumbnail_url": address.thumbnail,
        "captions_url": address.captions,
        "cues_url": address.cues,
        "language": media.transcript.language if media.transcript else "",
    }


@dataclass(frozen=True)
class MediaAddresses:
    """Where a browser finds the files of one media item. Addresses name the version: they may be kept for long."""

    media: Media
    slug: str

    @property
    def hls(self) -> str:
        if self.media.rendition_id is None:
            return ""
        return reverse("media_library:hls", args=[self.slug, self.media.pk, self.media.rendition_id, "master.m3u8"])

    @property
    def thumbnail(self) -> str:
        return self._versioned("thumbnail", self.media.rendition_id) if self.media.thumbnail_path else ""

    @property
    def captions(self) -> str:
        return self._versioned("captions", self.media.transcript_id)

    @property
    def cues(self) -> str:
        return self._versioned("cues", self.media.transcript_id)

    def _versioned(self, name: str, version: UUID | None) -> str:
        if version is None:
            return ""
        return f"{reverse(f'media_library:{name}', args=[self.slug, self.media.pk])}?v={version}"


def referrer_named(name: str, *, otherwise: str) -> str:
    """How a visit came about, as the link that led here says in `?ref=`."""
    return name if name in Referrer.values else otherwise


def _first_known(*positions: float | None) -> float:
    return next((position for position in positions if position is not None), 0.0)
