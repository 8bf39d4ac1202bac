"""Words: publishing a transcript, and reading it back."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from core.announcements import announce
from media_library.captions import TimedText
from media_library.models import Cue, Media, Transcript
from media_library.models.media import LengthSource

SPEAKER_CHARACTERS = 80


@transaction.atomic
def publish_transcript(
    media: Media, cues: Sequence[TimedText], *, language: str, method: str, seconds_taken: float = 0
) -> Transcript:
    """Make these cues what is read with the media; earlier transcripts stay. `seconds_taken` is the work's time."""
    words = sum(len(cue.text.split()) for cue in cues)
    transcript = Transcript.objects.create(
        media=media, language=language, method=method, words=words, seconds_taken=seconds_taken
    )
    Cue.objects.bulk_create(_rows(transcript, cues), batch_size=2000)
    media.transcript = transcript
    _learn_length(media, cues)
    media.save(update_fields=["transcript", "duration", "duration_source", "updated_at"])
    announce("transcript_published", media, transcript=transcript)
    return transcript


def timed_texts(transcript: Transcript) -> list[TimedText]:
    """The cues of a transcript as plain data, in order."""
    fields = transcript.cues.order_by("position").values_list("start", "end", "text", "speaker")
    return [TimedText(*values) for values in fields]


def _rows(transcript: Transcript, cues: Iterable[TimedText]) -> list[Cue]:
    return [
        Cue(transcript=transcript, position=position, start=cue.start, end=cue.end, text=cue.text, speaker=_short(cue))
        for position, cue in enumerate(cues)
    ]


def _short(cue: TimedText) -> str:
    return cue.speaker[:SPEAKER_CHARACTERS].rstrip()


def _learn_length(media: Any, cues: Sequence[TimedText]) -> None:
    """Where no file and no host told the length, the last cue does (design.md, mechanism 3)."""
    if media.duration is None and cues:
        media.duration = max(cue.end for cue in cues)
        media.duration_source = LengthSource.LAST_CUE
