"""Speech recognition: the last rung of the ladder (requirements T1, T4), where no words are to be had for free."""

import math
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.ai.errors import AiError
from core.ai.heard import HeardCue, in_order
from core.ai.invented import believable
from core.ai.ledger import OverCeiling, cost_of
from core.ai.transcriber import Transcriber
from core.jobs import JobError, JobPostponed, Run, enqueue
from core.models import Unit
from media_library.captions import TimedText
from media_library.languages import language_tag
from media_library.models import Media, Method, Outcome, Timing
from media_library.services.attempts import errors_told, media_to_work_on, scratch_folder
from media_library.services.heard_pieces import heard_pieces
from media_library.services.hosts import host_of
from media_library.services.listening import HeardPiece, Listening, Sound
from media_library.services.paying import OVER_CEILING, over_ceiling_words, price
from media_library.services.rung_record import Tried, keep_rungs
from media_library.services.sound_source import entitled_sound, made_ready
from media_library.services.transcribers import configured_transcriber, may_hear, method_of
from media_library.services.transcripts import publish_transcript
from media_library.sources import Source

PAUSE_SECONDS = 60.0  # where a provider asks for a pause and does not say how long
BYTES_A_SECOND = 32_000  # of sound on the disk while it is heard, at most
NOTHING_HEARD = {
    "no_sound": _("There is no sound that may be listened to here."),
    "no_speech": _("Nobody says anything in it."),
}


@dataclass(frozen=True)
class Words:
    """What was said in all of the recording; `cost` in US dollars."""

    cues: Sequence[TimedText]
    language: str
    timing: Timing
    cost: Decimal


class NoSound(Exception):
    """A silent film, or a host that gives its sound to nobody."""


def expect_hearing(media: Media, *, after: Run) -> bool:
    """Have the words heard, where somebody can and we are entitled to the sound. Answers whether they will be.

    Belongs into the transaction in which the free rungs end without words. A ceiling that is reached does not count
    here: the job says so, and goes on when somebody raises it.
    """
    transcriber = configured_transcriber()
    if transcriber is None or not _has_sound_for_us(media) or media.transcript_id is not None:
        return False
    if not may_hear(transcriber):
        return False
    enqueue("hear_media", media.pk, key=f"hear_media:{media.pk}:{after.job.pk}")
    return True


def hear_media(media_id: UUID, *, run: Run) -> None:
    """Publish what is said in the sound of a media item. That nothing is said is no failure.

    Raises JobError (besides codes of core.ai.errors: over_ceiling), JobPostponed, LeaseLost.
    """
    started = time.monotonic()
    media = media_to_work_on(media_id)
    transcriber = configured_transcriber()
    if transcriber is None or media.transcript_id is not None:
        return  # somebody gave them meanwhile, or switched it off
    method = method_of(transcriber)
    kept = heard_pieces(media.pk)
    needs = int((media.duration or 0) * BYTES_A_SECOND)
    with scratch_folder(run, needs=needs) as scratch, _refusals_told(media, method, run=run), errors_told(run):
        try:
            words = _words(media, transcriber, scratch, run=run)
        except NoSound:
            _end_without_words(media, method, "no_sound", run=run)
            return
        run.check()
        taken = round(time.monotonic() - started, 3)
        if words is None:
            _end_without_words(media, method, "no_speech", run=run)
        else:
            _publish(media, words, transcriber, run=run, seconds_taken=taken)
    kept.forget()


def _has_sound_for_us(media: Media) -> bool:
    host = host_of(media)
    return bool(media.source_path) if host is None else type(host).audio is not Source.audio


def _words(media: Media, transcriber: Transcriber, scratch: Path, *, run: Run) -> Words | None:
    """None where nobody says anything. Raises NoSound."""
    source = entitled_sound(media, scratch, run=run)
    if source is None:
        raise NoSound
    sound = made_ready(source, scratch, run=run)
    listening = Listening(
        sound, kept=heard_pieces(media.pk), run=run, languages=_hints(run), media_id=media.pk,
        at_once=max(1, settings.SPEECH_AT_ONCE) if transcriber.is_paid else 1,
    )  # fmt: skip
    return _joined(listening.listen(transcriber), sound, spoken=language_tag(source.language))


def _hints(run: Run) -> list[str]:
    """The language that somebody said it is in; what files say of themselves is too often wrong to be a hint."""
    language = run.payload.get("language")
    return [language] if language else []


def _joined(pieces: Sequence[HeardPiece], sound: Sound, *, spoken: str) -> Words | None:
    """One after the other, each at its time, and nothing that nobody said."""
    cues = [cue for one in pieces for cue in _at_its_time(one)]
    said = in_order(believable(cues, silences=sound.silences), seconds=sound.duration)
    if not said:
        return None
    timing = Timing.CUE if all(one.heard.is_timed for one in pieces) else Timing.CHUNK
    texts = [TimedText(cue.start, cue.end, cue.text, cue.speaker) for cue in said]
    cost = sum((_cost(one) for one in pieces), Decimal(0))
    return Words(texts, _language(pieces) or spoken, timing, cost)


def _at_its_time(one: HeardPiece) -> Iterator[HeardCue]:
    """Seconds of the recording, from those of the piece."""
    for cue in one.heard.cues:
        start, end = one.piece.start + cue.start, min(one.piece.start + cue.end, one.piece.end)
        yield replace(cue, start=round(start, 3), end=round(end, 3))


def _language(pieces: Sequence[HeardPiece]) -> str:
    """The one that most is said in."""
    said: Counter[str] = Counter()
    for one in pieces:
        said[one.heard.language] += sum(len(cue.text) for cue in one.heard.cues)
    del said[""]
    return max(said, key=lambda language: said[language], default="")


def _cost(one: HeardPiece) -> Decimal:
    if not one.transcriber.is_paid:
        return Decimal(0)
    return cost_of(Decimal(str(one.heard.seconds)), price(one.transcriber, Unit.SECONDS))


def _publish(media: Media, words: Words, transcriber: Transcriber, *, run: Run, seconds_taken: float) -> None:
    method = method_of(transcriber)
    with run.publish():
        publish_transcript(
            media, words.cues, language=words.language, method=method, seconds_taken=seconds_taken, is_generated=True,
            timing=words.timing, model=transcriber.model, cost=words.cost,
        )  # fmt: skip
        _note(media, method, Outcome.FOUND, run=run, seconds=seconds_taken)


def _end_without_words(media: Media, method: Method, code: str, *, run: Run) -> None:
    with run.publish():
        _note(media, method, Outcome.NONE, run=run, code=code, message=str(NOTHING_HEARD[code]))


@contextmanager
def _refusals_told(media: Media, method: Method, *, run: Run) -> Iterator[None]:
    """How the attempt ends that was refused, and what creators read about it."""
    try:
        yield
    except OverCeiling as error:
        words = over_ceiling_words(error)
        _note(media, method, Outcome.REFUSED, run=run, code=OVER_CEILING, message=words, detail=str(error))
        raise JobError(OVER_CEILING, words, detail=str(error), permanent=True) from error
    except AiError as error:
        if error.code == "cancelled":
            run.check()
        if error.code == "rate_limited":
            delay = PAUSE_SECONDS if error.retry_after is None else max(error.retry_after, 1.0)
            raise JobPostponed(error.code, error.message, delay=math.ceil(delay)) from error
        _note(media, method, Outcome.FAILED, run=run, code=error.code, message=error.message)
        raise JobError(error.code, error.message, permanent=error.permanent) from error


def _note(media: Media, method: Method, outcome: Outcome, *, run: Run, **facts: Any) -> None:
    """How this rung ended; the last attempt of the job counts."""
    keep_rungs(media, [Tried(method, outcome, **facts)], run=run)
