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
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.ai.errors import AiError
from core.ai.heard import HeardCue, in_order
from core.ai.invented import believable
from core.ai.ledger import Unaffordable, cost_of
from core.ai.transcriber import Transcriber
from core.jobs import JobError, JobPostponed, Run, enqueue
from core.models import Job, Unit
from core.models.job import LIVE_STATES
from media_library import captions
from media_library.captions import CaptionError, TimedText, plain_text
from media_library.languages import language_tag
from media_library.models import Media, Method, Outcome, Rung, Timing
from media_library.services.attempts import errors_told, media_to_work_on, scratch_folder
from media_library.services.heard_pieces import heard_pieces
from media_library.services.hosts import host_of, reference_of
from media_library.services.listening import HeardPiece, Listening, Sound
from media_library.services.paying import never_affordable, price, unaffordable_words, waits_for_money
from media_library.services.rung_record import Tried, keep_rungs
from media_library.services.sound_source import entitled_sound, made_ready
from media_library.services.transcribers import configured_transcriber, method_of
from media_library.services.transcripts import publish_transcript
from media_library.sources import Source

PAUSE_SECONDS = 60.0  # where a provider asks for a pause and does not say how long
BYTES_A_SECOND = 32_000  # of sound on the disk while it is heard, at most
NO_SOUND, NO_SPEECH = "no_sound", "no_speech"
NOTHING_HEARD = {
    NO_SOUND: _("There is no sound that may be listened to here."),
    NO_SPEECH: _("Nobody says anything in it."),
}
#: In the payload of a search that a person asked for: what was heard in vain before is heard again.
ASKED = "asked"


@dataclass(frozen=True)
class Words:
    """What was said in all of the recording; `cost` in US dollars."""

    cues: Sequence[TimedText]
    language: str
    timing: Timing
    cost: Decimal


class NoSound(Exception):
    """A silent film, or a host that gives its sound to nobody."""


def expect_hearing(media: Media, *, after: Run) -> Tried | None:
    """Have the words heard, unless somebody is about it already. Answers why nobody will, where that is so.

    Belongs into the transaction in which the free rungs end without words, and which holds the media. A ceiling that is
    reached does not count here: the job says so, and waits.
    """
    transcriber = configured_transcriber()
    if transcriber is None or not _has_sound_for_us(media):
        return _nobody_listens()
    method = method_of(transcriber)
    error = never_affordable(transcriber, Unit.SECONDS) if transcriber.is_paid else None
    if error is not None:
        return Tried(method, Outcome.REFUSED, error.code, unaffordable_words(error), str(error))
    if not after.payload.get(ASKED) and _was_heard_in_vain(media):
        return Tried(method, Outcome.NONE, NO_SPEECH, str(NOTHING_HEARD[NO_SPEECH]), _sound_of(media))
    if not Job.objects.filter(subject_id=media.pk, kind="hear_media", state__in=LIVE_STATES).exists():
        enqueue("hear_media", media.pk, key=f"hear_media:{media.pk}:{after.job.pk}")
    return None


def hear_media(media_id: UUID, *, run: Run) -> None:
    """Publish what is said in the sound of a media item. That nothing is said is no failure.

    Raises JobError, JobPostponed (besides pauses of the provider: over_ceiling, price_unknown), LeaseLost.
    """
    started = time.monotonic()
    media = media_to_work_on(media_id)
    transcriber = configured_transcriber()
    if transcriber is None:
        keep_rungs(media, [_nobody_listens()], run=run)
        return
    method = method_of(transcriber)
    if media.transcript_id is not None:
        _note(media, method, Outcome.SKIPPED, run=run, code="found_before")
        return
    kept = heard_pieces(media.pk)
    needs = int((media.duration or 0) * BYTES_A_SECOND)
    with scratch_folder(run, needs=needs) as scratch, _ends_noted(media, method, run=run), errors_told(run):
        try:
            words = _words(media, transcriber, scratch, run=run)
        except NoSound:
            _end_without_words(media, method, NO_SOUND, run=run)
            return
        run.check()
        taken = round(time.monotonic() - started, 3)
        if words is None:
            _end_without_words(media, method, NO_SPEECH, run=run)
        else:
            _publish(media, words, transcriber, run=run, seconds_taken=taken)
    kept.forget()


def _has_sound_for_us(media: Media) -> bool:
    host = host_of(media)
    return bool(media.source_path) if host is None else type(host).audio is not Source.audio


def _sound_of(media: Media) -> str:
    """What is listened to: another file, or another video of the host, may say something."""
    return media.source_path or reference_of(media).key


def _was_heard_in_vain(media: Media) -> bool:
    return Rung.objects.filter(media=media, code=NO_SPEECH, detail=_sound_of(media)).exists()


def _nobody_listens() -> Tried:
    words = gettext("No machine listens to it. Please add a caption file.")
    return Tried(Method.SPEECH, Outcome.REFUSED, "nobody_listens", words)


def _words(media: Media, transcriber: Transcriber, scratch: Path, *, run: Run) -> Words | None:
    """None where nobody says anything. Raises NoSound."""
    source = entitled_sound(media, scratch, run=run)
    if source is None:
        raise NoSound
    sound = made_ready(source, scratch, run=run)
    listening = Listening(
        sound, kept=heard_pieces(media.pk), run=run, media_id=media.pk,
        at_once=max(1, settings.SPEECH_AT_ONCE) if transcriber.is_paid else 1,
    )  # fmt: skip
    pieces = listening.listen(transcriber)
    cues = _joined(pieces, sound)
    if not cues:
        return None
    timing = Timing.CUE if all(one.heard.is_timed for one in pieces) else Timing.CHUNK
    cost = sum((_cost(one) for one in listening.answered), Decimal(0))
    return Words(cues, _language(pieces) or language_tag(source.language), timing, cost)


def _joined(pieces: Sequence[HeardPiece], sound: Sound) -> list[TimedText]:
    """One after the other, each at its time, and nothing that nobody said.

    Each piece names its speakers anew, and nobody knows whether the “A” of one is that of another: where there are
    several, the number of the piece tells them apart (“A (2)”), for whoever gives them their names.
    """
    cues = [cue for number, one in enumerate(pieces, 1) for cue in _told(one, number=number if pieces[1:] else None)]
    return _tidy(in_order(believable(cues, silences=sound.silences), seconds=sound.duration))


def _told(one: HeardPiece, *, number: int | None) -> Iterator[HeardCue]:
    """In seconds of the recording, from those of the piece."""
    for cue in one.heard.cues:
        start, end = one.piece.start + cue.start, min(one.piece.start + cue.end, one.piece.end)
        speaker = f"{cue.speaker} ({number})" if cue.speaker and number is not None else cue.speaker
        yield replace(cue, start=round(start, 3), end=round(end, 3), speaker=speaker)


def _tidy(said: Sequence[HeardCue]) -> list[TimedText]:
    """What a model answers is shown to people: without markup, and in lines that they can read."""
    cues = [TimedText(cue.start, cue.end, cue.text, plain_text(cue.speaker)) for cue in said]
    try:
        return captions.tidy(cues)
    except CaptionError as error:
        if error.code == "captions_empty":
            return []
        raise JobError(error.code, error.message, permanent=True) from error


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
    """Words that somebody found meanwhile go on being read."""
    method = method_of(transcriber)
    with run.publish():
        publish_transcript(
            media, words.cues, language=words.language, method=method, seconds_taken=seconds_taken, is_generated=True,
            timing=words.timing, model=transcriber.model, cost=words.cost, yields=True,
        )  # fmt: skip
        _note(media, method, Outcome.FOUND, run=run, seconds=seconds_taken)


def _end_without_words(media: Media, method: Method, code: str, *, run: Run) -> None:
    words = str(NOTHING_HEARD[code])
    with run.publish():
        _note(media, method, Outcome.NONE, run=run, code=code, message=words, detail=_sound_of(media))


@contextmanager
def _ends_noted(media: Media, method: Method, *, run: Run) -> Iterator[None]:
    """How the attempt ends that was refused or failed, and what creators read about it."""
    try:
        with _refusals_told(run):
            yield
    except Unaffordable as error:
        waits = waits_for_money(error)
        _note(media, method, Outcome.REFUSED, run=run, code=waits.code, message=waits.message, detail=waits.detail)
        raise waits from error
    except JobError as error:
        if error.code != "cancelled":
            _note(
                media, method, Outcome.FAILED, run=run, code=error.code, message=error.message, detail=error.detail
            )  # fmt: skip
        raise


@contextmanager
def _refusals_told(run: Run) -> Iterator[None]:
    """What the provider refuses ends the attempt, or puts it off."""
    try:
        yield
    except AiError as error:
        if error.code == "cancelled":
            run.check()
        if error.code == "rate_limited":
            delay = PAUSE_SECONDS if error.retry_after is None else max(error.retry_after, 1.0)
            raise JobPostponed(error.code, error.message, delay=math.ceil(delay)) from error
        raise JobError(error.code, error.message, permanent=error.permanent) from error


def _note(media: Media, method: Method, outcome: Outcome, *, run: Run, **facts: Any) -> None:
    """How this rung ended; the last attempt of the job counts."""
    keep_rungs(media, [Tried(method, outcome, **facts)], run=run)
