"""What somebody has seen of the media of a course, and what they missed of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from courses.models import ContentItem
from courses.progress.missed import Missed, Sentence, what_was_missed
from media_library.models import Cue, Media
from media_library.services.playing import why_by_hand
from media_library.services.watching import record_of


@dataclass(frozen=True)
class MissedInItem:
    """What somebody missed of one item's media; `by_hand` says why nobody can know, or is empty."""

    missed: Missed
    by_hand: str
    has_transcript: bool


def missed_in(media_id: UUID, *, user: Any) -> MissedInItem:
    """With the sentences. Three statements."""
    media = Media.objects.defer("source_metadata", "description").get(pk=media_id)
    record = record_of(user, media)
    by_hand = why_by_hand(media) or ""
    missed = what_was_missed(record.seconds if record else (), length=media.duration, cues=_sentences(media))
    return MissedInItem(missed, by_hand, media.transcript_id is not None)


def _sentences(media: Media) -> Sequence[Sentence]:
    if media.transcript_id is None:
        return []
    cues = Cue.objects.filter(transcript=media.transcript_id).order_by("start", "position")
    return [Sentence._make(row) for row in cues.values_list("start", "end", "text")]


@dataclass(frozen=True)
class MissedItem:
    """An item that was begun and not seen to its end."""

    id: UUID
    title: str
    chapter: str
    missed: Missed


def missed_in_course(course_id: UUID, *, user: Any, is_maker: bool) -> list[MissedItem]:
    """Of what this person has begun to watch, in the order of the course. One statement."""
    items = ContentItem.objects.of_course(course_id).in_outline(is_maker=is_maker).filter(media__isnull=False)
    begun = items.filter(media__watch_records__user=user.pk).in_order().values_list(
        "pk", "title", "chapter__title", "media__duration", "media__watch_records__seconds"
    )  # fmt: skip
    found = (_missed_item(*row) for row in begun)
    return [item for item in found if item.missed.seconds]


def _missed_item(
    key: UUID, title: str, chapter: str, length: float | None, seen: Iterable[tuple[int, int]]
) -> MissedItem:  # fmt: skip
    return MissedItem(key, title, chapter, what_was_missed(seen, length=length))
