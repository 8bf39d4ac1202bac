"""What a page needs in order to show the player; templates include `media_library/player.html` with it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.templatetags.static import static
from django.urls import reverse

from accounts.models import Organization
from media_library.going_on import GoingOn, going_on
from media_library.languages import language_name
from media_library.links import Audience, Files, seconds_left, sign_link
from media_library.models import Kind, Media, Referrer, Rendition, RenditionKind
from media_library.models.media import LengthSource
from media_library.models.pictures import PREVIEWS
from media_library.services.playing import ByHand, Hosted, hosted_playback, why_by_hand
from media_library.services.watching import record_of

NOBODY = Audience()
MASTER = "master.m3u8"
SOUND = "sound"  # in a query: of a film its sound


@dataclass(frozen=True)
class PlayerContext:
    """Addresses are empty where there is nothing to fetch. Times in seconds, `percent` 0–100 of this learner.

    `hls_url` and `previews_url` open for `links_seconds`; `links_url` answers fresh ones. Where `playback_url` stands,
    the first address has to be asked for there too. `by_hand` says why watching cannot be measured, or is empty.
    """

    media_id: UUID
    title: str
    is_audio: bool
    duration: float | None
    hls_url: str
    links_url: str
    links_seconds: int
    previews_url: str
    thumbnail_url: str
    captions_url: str
    cues_url: str
    language: str
    hosted: Hosted | None = None
    playback_url: str = ""
    by_hand: str = ""
    wants_length: bool = False
    item_id: UUID | None = None
    sessions_url: str = ""
    referrer: str = Referrer.DIRECT_LINK
    position: float = 0.0
    percent: float = 0.0
    seen: Sequence[tuple[int, int]] = ()
    completed: bool = False

    @property
    def by_hand_words(self) -> str:
        return ByHand(self.by_hand).words if self.by_hand else ""

    @property
    def language_name(self) -> str:
        return language_name(self.language)

    @property
    def going_on(self) -> GoingOn:
        return going_on(self.position, length=self.duration, is_completed=self.completed)

    @property
    def has_transcript(self) -> bool:
        return bool(self.cues_url)

    @property
    def is_playable(self) -> bool:
        return bool(self.hls_url or self.playback_url or self.module)

    @property
    def module(self) -> str:
        """The script that plays it in its host's player; empty where ours does."""
        name = self.hosted.playback.player if self.hosted else ""
        return static(f"js/players/{name}.js") if name else ""

    @property
    def policy(self) -> Mapping[str, Sequence[str]]:
        """What a page that shows it may load besides (`core.content_policy`)."""
        return self.hosted.playback.policy if self.hosted else {}


def player_context(
    media: Media,
    *,
    user: Any,
    organization: Organization,
    audience: Audience,
    item: Any = None,
    start: float | None = None,
    referrer: str = Referrer.DIRECT_LINK,
    as_sound: bool = False,
) -> PlayerContext:
    """Three statements at most: the record, how its host plays it if it lies at one, and the transcript's language
    unless `for_player()` brought it along.

    `item` is what it was opened from on a higher floor, a row or its key; `start` overrides the second to resume at;
    `as_sound`: of a film of ours only its sound is played.
    """
    record = record_of(user, media)
    return PlayerContext(
        **_files(MediaAddresses(media, organization.slug, audience, as_sound=as_sound)),
        item_id=getattr(item, "pk", item),
        sessions_url=reverse("watch_sessions", args=[organization.slug]),
        referrer=referrer,
        position=_first_known(start, record.position if record else None),
        percent=record.percent if record else 0.0,
        seen=record.seconds if record else (),
        completed=bool(record and record.completed_at),
    )


def player_preview(media: Media, *, slug: str, audience: Audience) -> PlayerContext:
    """The player for those who made it: nothing is recorded."""
    return PlayerContext(**_files(MediaAddresses(media, slug, audience)))


def _files(address: "MediaAddresses") -> dict[str, Any]:
    media = address.media
    return {
        "media_id": media.pk,
        "title": media.title,
        "is_audio": media.kind == Kind.AUDIO or address.as_sound,
        "duration": media.duration,
        "by_hand": why_by_hand(media) or "",
        "wants_length": media.duration is None or media.duration_source == LengthSource.PLAYERS,
        **_stream_facts(address),
        "previews_url": address.storyboard,
        "thumbnail_url": address.thumbnail,
        "captions_url": address.captions,
        "cues_url": address.cues,
        "language": media.transcript.language if media.transcript else "",
    }


def _stream_facts(address: "MediaAddresses") -> dict[str, Any]:
    """What never runs out is never asked for anew."""
    stream, key = stream_of(address), [address.slug, address.media.pk]
    return {
        "hosted": stream.hosted,
        "hls_url": stream.hls_url,
        "links_url": "" if stream.opens_for is None else reverse("media_links", args=key) + address.question,
        "links_seconds": stream.opens_for or 0,
        "playback_url": reverse("media_playback", args=key) if stream.is_asked_for else "",
    }


@dataclass(frozen=True)
class Stream:
    """What our own player plays: of ours, or of its host's. `opens_for` seconds, None for ever.

    No address where the host's player plays it, and where the address has to be asked for first (`is_asked_for`).
    """

    hls_url: str
    opens_for: int | None
    hosted: Hosted | None = None

    @property
    def is_asked_for(self) -> bool:
        return self.hosted is not None and self.hosted.playback.is_asked_for


def stream_of(address: "MediaAddresses") -> Stream:
    """One statement for what lies at a host."""
    hosted = hosted_playback(address.media)
    if hosted is None:
        return Stream(address.hls, seconds_left(address.audience))
    seconds = hosted.playback.opens_for
    return Stream(hosted.playback.hls_url, None if seconds is None else int(seconds), hosted)


@dataclass(frozen=True)
class MediaAddresses:
    """Where the files of one media item are found. Thumbnail, captions and cues are for who is logged in.

    The others are signed for their audience and open for a while; so are thumbnail and captions for an API token,
    whose bearer is not logged in. All name the version: they may be kept for long.
    """

    media: Media
    slug: str
    audience: Audience = NOBODY
    as_sound: bool = False

    @property
    def hls(self) -> str:
        return self._signed("hls", self.media.rendition_id, self._playlist)

    @property
    def storyboard(self) -> str:
        """WebVTT: which part of which sheet of small pictures shows which seconds; what is heard has none."""
        return "" if self.plays_sound else self._signed("storyboard", self.media.storyboard_id, PREVIEWS)

    @property
    def plays_sound(self) -> bool:
        """Only the first sound track is played, which a film without one has not."""
        return self._playlist != MASTER

    @property
    def question(self) -> str:
        """With which fresh addresses are asked for that play the same."""
        return f"?{SOUND}=true" if self.plays_sound else ""

    @property
    def _playlist(self) -> str:
        if not self.as_sound or self.media.rendition is None:
            return MASTER
        tracks = self.media.rendition.facts.get("sounds") or []
        return f"{tracks[0]['name']}.m3u8" if tracks else MASTER

    def rendition(self, rendition: Rendition) -> str:
        """Of any rendition of it, present or past."""
        if rendition.kind == RenditionKind.HLS:
            return self._signed("hls", rendition.pk, rendition.main_file)
        return self.file(rendition)

    def file(self, rendition: Rendition) -> str:
        """Of a rendition that is one file, to be saved."""
        return self._signed("whole_file", rendition.pk, rendition.main_file)

    def candidate(self, file: str) -> str:
        """A frame that may become the thumbnail."""
        return self._signed("storyboard", self.media.storyboard_id, file)

    @property
    def thumbnail(self) -> str:
        return self._shown("thumbnail", picture_version(self.media.thumbnail_path))

    @property
    def captions(self) -> str:
        return self._shown("captions", self.media.transcript_id)

    @property
    def cues(self) -> str:
        return self._versioned("cues", self.media.transcript_id)

    def _signed(self, name: str, key: UUID | None, file: str) -> str:
        if key is None:
            return ""
        token = sign_link(Files(self.slug, self.media.pk, key), audience=self.audience)
        return reverse(f"media_library:{name}", args=[self.slug, self.media.pk, key, token, file])

    def _shown(self, name: str, version: UUID | str | None) -> str:
        if self.audience.token_id is None or not version:
            return self._versioned(name, version)
        token = sign_link(Files(self.slug, self.media.pk, self.media.pk), audience=self.audience)
        return self._versioned(f"linked_{name}", version, token)

    def _versioned(self, name: str, version: UUID | str | None, *token: str) -> str:
        if not version:
            return ""
        return f"{reverse(f'media_library:{name}', args=[self.slug, self.media.pk, *token])}?v={version}"


def picture_version(path: str) -> str:
    """Another one for each picture, so that no browser shows one it has kept; empty without a picture."""
    return hashlib.sha256(path.encode()).hexdigest()[:12] if path else ""


def referrer_named(name: str, *, otherwise: str) -> str:
    """How a visit came about, as the link that led here says in `?ref=`."""
    return name if name in Referrer.values else otherwise


def _first_known(*positions: float | None) -> float:
    return next((position for position in positions if position is not None), 0.0)
