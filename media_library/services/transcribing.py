"""The words of a media item, free first (requirement T1): what a person gave, what its host or its file has, and only
then a machine that listens. No film is ever fetched for words that exist as text.
"""

import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core.errors import Refused
from core.identifiers import uuid7
from core.jobs import JobError, JobPostponed, Run, enqueue
from core.models import Job
from core.models.job import LIVE_STATES
from media_library.models import Media, Source
from media_library.models.hosts import Outcome
from media_library.models.transcript import Method
from media_library.querysets import MediaQuerySet
from media_library.services.attempts import media_to_work_on
from media_library.services.hearing import ASKED, expect_hearing
from media_library.services.rung_record import Tried, keep_rungs
from media_library.services.rungs import Missed, Words, failed_for_good, rungs_of
from media_library.services.site import site_configuration
from media_library.services.steps import begin_anew, refuse_archived
from media_library.services.transcripts import publish_transcript


@dataclass(frozen=True)
class Found:
    """Words, and how they were found."""

    method: Method
    words: Words
    seconds: float


def transcribe_media(media_id: UUID, *, run: Run) -> None:
    """Climb the ladder, and publish what the first rung with words has. None is no failure: then a machine listens, or
    the step says what its author can do.

    What somebody gave is always read, all else only where the site's configuration wants transcripts. Raises JobError
    or JobPostponed where the same rung is to be tried again.
    """
    media = media_to_work_on(media_id)
    tried: list[Tried] = []
    found = _climb(media, tried, run=run)
    with run.publish():
        _hold(media)
        if found is not None:
            _publish(media, found)
        tried += _ask_machine(media, found, after=run)
        keep_rungs(media, tried, run=run)


@transaction.atomic
def look_for_words(media: Media, *, by: Any) -> bool:
    """Put the ladder in line once more. False where it is in line already. Raises Refused `archived`.

    Who asks for it wants a machine to listen once more too; where one is about it, it is left to that.
    """
    refuse_archived(media)
    _hold(media)
    jobs = Job.objects.filter(subject_id=media.pk, kind="transcribe_media")
    if jobs.filter(state__in=LIVE_STATES).exists():
        return False
    track = jobs.filter(payload__has_key="track").order_by("-id").values_list("payload", flat=True).first()
    payload = {**(track or {}), ASKED: True}
    enqueue("transcribe_media", media.pk, key=f"transcribe_media:{media.pk}:{uuid7()}", payload=payload)
    begin_anew(media)
    return True


def find_words_for(media: Media, *, by: Any) -> None:
    """Raises Refused: archived, under_way (409)."""
    if not look_for_words(media, by=by):
        raise Refused("under_way", _("Its words are being looked for already."), status=409)


def without_words(media: MediaQuerySet) -> MediaQuerySet:
    """Of media that plays: before that, its first search for words is still to come."""
    return media.playable().filter(transcript__isnull=True)


def asked_of_host(media: MediaQuerySet) -> MediaQuerySet:
    """At a host, and without words or with those of the host: what it has now may be better."""
    theirs = Q(transcript__isnull=True) | Q(transcript__method=Method.HOST)
    return media.playable().exclude(source=Source.UPLOAD).filter(theirs)


def _climb(media: Media, tried: list[Tried], *, run: Run) -> Found | None:
    """Fills `tried`, also where it raises: then it is kept at once."""
    found = None
    for method, rung in rungs_of(media):
        if reason := _reason_to_skip(method, found):
            tried.append(Tried(method, Outcome.SKIPPED, reason))
            continue
        began = time.monotonic()
        try:
            words = rung(media, run)
        except Missed as missed:
            tried.append(_told(method, missed, began))
        except (JobError, JobPostponed) as error:
            tried.append(_broken(method, error, began))
            if isinstance(error, JobPostponed) or not failed_for_good(error, run):
                keep_rungs(media, tried, run=run)
                raise
        else:
            found = Found(method, words, _since(began))
            tried.append(Tried(method, Outcome.FOUND, seconds=found.seconds))
    return found


def _reason_to_skip(method: Method, found: Found | None) -> str:
    if found is not None:
        return "found_before"
    return "" if method == Method.SIDECAR or site_configuration().transcribes else "switched_off"


def _publish(media: Media, found: Found) -> None:
    publish_transcript(
        media, found.words.cues, language=found.words.language, method=found.method, seconds_taken=found.seconds,
        is_generated=found.words.is_generated, given_at=found.words.given_at,
    )  # fmt: skip


def _ask_machine(media: Media, found: Found | None, *, after: Run) -> list[Tried]:
    """The last rung. Its own job tells how it ended, where there is one."""
    if found is not None or media.transcript_id is not None:
        return [Tried(Method.SPEECH, Outcome.SKIPPED, "found_before")]
    if not site_configuration().transcribes:
        return [Tried(Method.SPEECH, Outcome.SKIPPED, "switched_off")]
    missed = expect_hearing(media, after=after)
    return [] if missed is None else [missed]


def _hold(media: Media) -> None:
    """Whether it has words now; locked until the end of the transaction, so that nobody hears it twice."""
    locked = Media.objects.select_for_update(no_key=True, of=("self",))
    media.refresh_from_db(fields=["transcript"], from_queryset=locked)


def _told(method: Method, missed: Missed, began: float) -> Tried:
    return Tried(method, missed.outcome, missed.code, missed.message, missed.detail, _since(began))


def _broken(method: Method, error: JobError | JobPostponed, began: float) -> Tried:
    return Tried(method, Outcome.FAILED, error.code, error.message, error.detail, _since(began))


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)
