"""What a feed names beside the sound of an episode: its words, its chapters, its picture. Each comes if it can."""

import io
import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.db import transaction

from core.errors import Refused
from core.fetch import Fetcher
from core.jobs import JobError
from media_library.captions import MAX_FILE_BYTES, CaptionError, TimedText, decode, parse, plain_text
from media_library.chapter_marks import MOST_MARKS, Mark, marks_in
from media_library.models import Episode, Podcast
from media_library.podcasts.artwork import LARGEST_FILE, set_artwork
from media_library.podcasts.holding import hold
from media_library.podcasts.importing.pages import asked_for
from media_library.podcasts.importing.taking import BESIDE
from media_library.services.caption_language import tag_of, usual_language
from media_library.services.sidecars import Given

LARGEST_CHAPTERS = 1024 * 1024  # bytes
JSON, TIMED = "application/json", ("text/vtt", "application/x-subrip", "application/srt")
MOST_SEGMENTS = 20_000


def words_of(episode: Episode, way: Fetcher) -> Given | None:
    """The transcript with the times, the first that can be read; those that know who speaks before the others."""
    told: Sequence[dict[str, str]] = episode.told.get(BESIDE, {}).get("words", [])
    for one in sorted((one for one in told if one["type"] in (JSON, *TIMED)), key=_rank):
        with suppress(JobError, CaptionError, ValueError):
            answer = asked_for(way, one["url"], most_bytes=MAX_FILE_BYTES)
            cues = _segments(answer.content) if one["type"] == JSON else parse(decode(answer.content))
            if cues:
                return Given(cues, tag_of(one["language"]) or tag_of(episode.podcast.language) or usual_language())
    return None


def chapters_of(episode: Episode, way: Fetcher) -> list[Mark]:
    """Podcasting 2.0's JSON; none where it cannot be read."""
    address = episode.told.get(BESIDE, {}).get("chapters")
    if not address:
        return []
    with suppress(JobError, ValueError, RecursionError):
        told = json.loads(asked_for(way, address, most_bytes=LARGEST_CHAPTERS).content)
        listed = told.get("chapters") if isinstance(told, dict) else None
        shown = [one for one in listed if isinstance(one, dict) and one.get("toc") is not False] if listed else []
        named = [{"at": one.get("startTime"), "title": _short(one.get("title"))} for one in shown[:MOST_MARKS]]
        return marks_in(named)
    return []


def take_artwork(episode: Episode, way: Fetcher, *, by: Any) -> None:
    """One of a wrong size is left where it is: the show's stands for it."""
    address = episode.told.get(BESIDE, {}).get("artwork")
    if address and not episode.artwork_path:
        with suppress(JobError, Refused):
            answer = asked_for(way, address, most_bytes=LARGEST_FILE)
            give_artwork(episode, answer.content, by=by)


@transaction.atomic
def give_artwork(holder: Podcast | Episode, content: bytes, *, by: Any) -> None:
    """One that somebody chose while it was fetched stays. Raises Refused like `set_artwork`."""
    hold(holder)
    if not holder.artwork_path:
        set_artwork(holder, io.BytesIO(content), by=by)


def _rank(told: dict[str, str]) -> int:
    return ("text/vtt", JSON, *TIMED).index(told["type"])


def _segments(content: bytes) -> list[TimedText]:
    """`{"segments": [{"speaker", "startTime", "endTime", "body"}]}`. Raises ValueError for anything else."""
    told = json.loads(content)
    rows = told.get("segments") if isinstance(told, dict) else None
    if not isinstance(rows, list):
        raise ValueError("There are no segments.")
    cues = (_cue(one) for one in rows[:MOST_SEGMENTS] if isinstance(one, dict))
    return sorted((cue for cue in cues if cue), key=lambda cue: cue.start)


def _cue(told: dict[str, Any]) -> TimedText | None:
    start, end = _second(told.get("startTime")), _second(told.get("endTime"))
    text = plain_text(str(told.get("body") or ""))
    if start is None or end is None or end <= start or not text:
        return None
    return TimedText(start, end, text, plain_text(str(told.get("speaker") or ""))[:80])


def _second(told: Any) -> float | None:
    is_number = isinstance(told, int | float) and not isinstance(told, bool)
    return float(told) if is_number and 0 <= told < 360_000 else None


def _short(title: Any) -> Any:
    return plain_text(title)[:200] if isinstance(title, str) else title
