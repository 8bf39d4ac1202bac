"""Words: publishing a transcript, choosing, replacing and correcting one, and reading it back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.announcements import announce
from core.errors import Refused
from media_library.captions import TimedText
from media_library.models import Cue, Media, Transcript
from media_library.models.media import LengthSource
from media_library.models.transcript import BY_PEOPLE, Method, Timing
from media_library.services.corrections import Corrections, corrected
from media_library.services.lengths import learn_length

SPEAKER_CHARACTERS = 80
CUES_A_STATEMENT = 2000


@transaction.atomic
def publish_transcript(
    media: Media,
    cues: Sequence[TimedText],
    *,
    language: str,
    method: str,
    seconds_taken: float = 0,
    is_generated: bool = False,
    timing: str = Timing.CUE,
    model: str = "",
    cost: Decimal | float = 0,
    by: Any = None,
    based_on: Transcript | None = None,
    given_at: datetime | None = None,
    yields: bool = False,
) -> Transcript:
    """Keep these cues as a version, and make it what is read; earlier versions stay.

    What a person wrote or chose goes on being read, unless a person gave these cues later: `given_at`, now for what is
    edited. The same words as the newest version of that method are no new version. `seconds_taken` is the work's time,
    `cost` in US dollars. What `yields` is read only where nothing is.
    """
    _hold(media)
    given_at = timezone.now() if method == Method.EDITED else given_at
    takes_over = _takes_over(media, given_at) and not (yields and media.transcript_id is not None)
    known = _same_version(media, cues, language=language, method=method)
    if known is not None:
        if media.transcript_id is None or (given_at is not None and takes_over):
            _choose(media, known, at=given_at)
        return known
    transcript = Transcript.objects.create(
        media=media, language=language, method=method, words=sum(len(cue.text.split()) for cue in cues), cost=cost,
        seconds_taken=seconds_taken, is_generated=is_generated, timing=timing, model=model, by=by, based_on=based_on,
    )  # fmt: skip
    Cue.objects.bulk_create(_rows(transcript, cues), batch_size=CUES_A_STATEMENT)
    if takes_over:
        chosen_at = given_at or (timezone.now() if method in BY_PEOPLE else None)
        _read_from_now_on(media, transcript, cues, chosen_at=chosen_at)
        announce("transcript_published", media, transcript=transcript)
    return transcript


@transaction.atomic
def choose_version(transcript: Transcript, *, by: Any) -> None:
    """Read this version from now on. Chosen by a person: no machine replaces it."""
    _choose(_hold(transcript.media), transcript, at=timezone.now())


@transaction.atomic
def replace_transcript(media: Media, cues: Sequence[TimedText], *, language: str, by: Any) -> Transcript:
    """Other words from a file or a text that somebody gave. Raises Refused `captions_empty`."""
    if not any(cue.text.strip() for cue in cues):
        words = _("There are no words in it.")
        raise Refused("captions_empty", words, fields={"cues": [words]})
    return publish_transcript(media, cues, language=language, method=Method.EDITED, by=by, based_on=media.transcript)


@transaction.atomic
def correct_transcript(media: Media, changes: Corrections, *, base: UUID, by: Any) -> Transcript:
    """Make a new version of the present one with these changes; the present one where they change nothing.

    Raises Refused: no_transcript (404), changed_meanwhile (409) where `base` is not read any more, invalid.
    """
    present = present_transcript(_hold(media))
    if present.pk != base:
        words = _("Somebody changed this transcript meanwhile. Nothing was saved: look at it again first.")
        raise Refused("changed_meanwhile", words, status=409)
    before = timed_texts(present)
    after = corrected(before, changes)
    if after == before:
        return present
    return publish_transcript(
        media, after, language=present.language, method=Method.EDITED, timing=present.timing, by=by, based_on=present
    )


@transaction.atomic
def delete_version(transcript: Transcript, *, by: Any) -> None:
    """Raises Refused `in_use` (409) for the one that is read now."""
    if _hold(transcript.media).transcript_id == transcript.pk:
        words = _("This version is being read. Choose another one first.")
        raise Refused("in_use", words, status=409)
    transcript.delete()


def present_transcript(media: Media) -> Transcript:
    """What is read now. Raises Refused `no_transcript` (404)."""
    if media.transcript is None:
        raise Refused("no_transcript", _("There are no words yet."), status=404)
    return media.transcript


def timed_texts(transcript: Transcript) -> list[TimedText]:
    """The cues of a transcript as plain data, in order."""
    fields = transcript.cues.order_by("position").values_list("start", "end", "text", "speaker")
    return [TimedText(*values) for values in fields]


def _hold(media: Media) -> Media:
    """As it is now, locked until the end of the transaction: one change of its words after the other."""
    locked = Media.objects.select_for_update(no_key=True, of=("self",))
    media.refresh_from_db(
        fields=["transcript", "transcript_chosen_at", "duration", "duration_source"], from_queryset=locked
    )
    return media


def _same_version(media: Media, cues: Sequence[TimedText], *, language: str, method: str) -> Transcript | None:
    """The newest version of that method, where it says the same: published once more, it is no other one."""
    newest: Transcript | None = Transcript.objects.filter(media=media, method=method).first()
    if newest is None or newest.language != language:
        return None
    shown = [(cue.start, cue.end, cue.text, _short(cue)) for cue in cues]
    rows = [(cue.start, cue.end, cue.text, cue.speaker) for cue in timed_texts(newest)]
    return newest if rows == shown else None


def _takes_over(media: Media, given_at: datetime | None) -> bool:
    """Whether other words may be read instead of those that a person wrote or chose, if a person did."""
    chosen_at = media.transcript_chosen_at
    if media.transcript_id is None or chosen_at is None:
        return True
    return given_at is not None and given_at > chosen_at


def _choose(media: Media, transcript: Transcript, *, at: datetime | None) -> None:
    is_other = media.transcript_id != transcript.pk
    _read_from_now_on(media, transcript, timed_texts(transcript), chosen_at=at)
    if is_other:
        announce("transcript_chosen", media, transcript=transcript)


def _read_from_now_on(
    media: Media, transcript: Transcript, cues: Sequence[TimedText], *, chosen_at: datetime | None
) -> None:
    media.transcript, media.transcript_chosen_at = transcript, chosen_at
    _learn_length(media, cues)
    media.save(update_fields=["transcript", "transcript_chosen_at", "duration", "duration_source", "updated_at"])


def _rows(transcript: Transcript, cues: Iterable[TimedText]) -> list[Cue]:
    key = transcript.pk  # setting the transcript itself takes four times as long
    return [
        Cue(transcript_id=key, position=position, start=cue.start, end=cue.end, text=cue.text, speaker=_short(cue))
        for position, cue in enumerate(cues)
    ]


def _short(cue: TimedText) -> str:
    return cue.speaker[:SPEAKER_CHARACTERS].rstrip()


def _learn_length(media: Any, cues: Sequence[TimedText]) -> None:
    """Where no file and no host told the length, the last cue does (design.md, mechanism 3)."""
    if cues:
        learn_length(media, max(cue.end for cue in cues), source=LengthSource.LAST_CUE)
