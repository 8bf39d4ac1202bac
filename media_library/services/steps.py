"""The steps of making media playable and readable, as creators see them: one job of each kind, told and handled."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.jobs import cancel_job, label_of, retry_job
from core.models import Job
from core.models.job import JobState
from media_library.models import Kind, Media, Publication, Source
from media_library.services.publishing import lock_work_on
from media_library.services.rung_record import end_of_search
from media_library.services.status import (
    BROKEN,
    FILE_KINDS,
    ORDER,
    REPLACING_KINDS,
    REQUIRED_KINDS,
    can_help,
    code_of,
    latest_jobs,
    reason_of,
    seconds_left,
    seconds_taken,
)

TO_COME = "to_come"
#: These follow from others, one way or another; what else there is to do turns out on the way.
FORESEEN = ("process_media", "make_audio", "draw_pictures", "transcribe_media")
FORESEEN_AT_HOST = ("transcribe_media",)


@dataclass(frozen=True)
class Step:
    """One kind of work on a media item: `state` is that of its newest job, or `to_come`.

    `percent` 0–100; `seconds_taken` by the last attempt, `seconds_left` a guess, both None where there is nothing to
    say. `reason` says why it failed or waits. From `command` on it is for operators only.
    """

    kind: str
    label: str
    state: str
    required: bool
    percent: int = 0
    seconds_taken: float | None = None
    seconds_left: float | None = None
    attempts: int = 0
    max_attempts: int = 0
    reason: str = ""
    code: str = ""
    is_postponed: bool = False
    can_retry: bool = False
    can_cancel: bool = False
    command: str = ""
    exit_code: int | None = None
    detail: str = ""
    worker: str = ""

    @property
    def state_label(self) -> str:
        words = {TO_COME: _("To come"), JobState.CANCELLED: _("Stopped")}
        return words.get(self.state) or str(JobState(self.state).label)

    @property
    def is_live(self) -> bool:
        return self.state in (JobState.QUEUED, JobState.RUNNING)

    @property
    def has_failed(self) -> bool:
        return self.state == JobState.FAILED


def steps_of(media: Media) -> list[Step]:
    """What was, is and, as far as known, will be done, in that order. One query, and one where words were found."""
    jobs = latest_jobs(media.pk)
    return [*(_step(job, media) for job in jobs), *_to_come(media, jobs)]


@transaction.atomic
def retry_step(media: Media, kind: str, *, by: Any) -> None:
    """Give one failed or cancelled step all its attempts again.

    Raises Refused: unknown_step (404), nothing_to_retry, archived (409).
    """
    refuse_archived(media)
    if not retry_job(_job_of(media, kind)):
        message = _("“%(step)s” has not failed.") % {"step": label_of(kind)}
        raise Refused("nothing_to_retry", message, status=409)
    begin_anew(media)


@transaction.atomic
def cancel_step(media: Media, kind: str, *, by: Any) -> None:
    """Stop one step that waits or runs; a running one ends within ten seconds.

    Raises Refused: unknown_step (404), nothing_to_cancel (409).
    """
    job = _job_of(media, kind)
    if not job.is_live:
        message = _("“%(step)s” is not under way.") % {"step": label_of(kind)}
        raise Refused("nothing_to_cancel", message, status=409)
    cancel_job(job)
    media.refresh_from_db(fields=["status"])


@transaction.atomic
def cancel_media(media: Media, *, by: Any) -> int:
    """Stop all work on it. Answers how many steps. Raises Refused `nothing_to_cancel` (409)."""
    lock_work_on(media)
    live = [job for job in latest_jobs(media.pk) if job.is_live]
    if not live:
        message = _("No work on “%(media)s” is under way.") % {"media": media}
        raise Refused("nothing_to_cancel", message, status=409)
    for job in live:
        cancel_job(job)
    media.refresh_from_db(fields=["status"])
    return len(live)


def refuse_archived(media: Media) -> None:
    if media.publication == Publication.ARCHIVED:
        raise Refused("archived", _("“%(media)s” is archived.") % {"media": media}, status=409)


def begin_anew(media: Media) -> None:
    """After work on it was put in line again: its uploader will be told how that ends."""
    Media.objects.filter(pk=media.pk).update(told_at=None)
    media.refresh_from_db(fields=["status", "told_at"])


def _job_of(media: Media, kind: str) -> Job:
    job = next((job for job in latest_jobs(media.pk) if job.kind == kind), None)
    if job is None:
        raise Refused("unknown_step", _("There is no such step."), status=404)
    return job


def _step(job: Job, media: Media) -> Step:
    is_there = media.publication != Publication.ARCHIVED
    return Step(
        kind=job.kind,
        label=label_of(job.kind),
        state=job.state,
        required=is_required(job.kind),
        percent=int(job.progress),
        seconds_taken=seconds_taken(job),
        seconds_left=seconds_left(job),
        attempts=job.attempt,
        max_attempts=job.max_attempts,
        reason=_reason(job),
        code=code_of(job),
        is_postponed=job.is_postponed,
        can_retry=is_there and can_help(job),
        can_cancel=job.is_live and job.cancel_requested_at is None,
        **_for_operators(job),
    )


def is_required(kind: str) -> bool:
    """Without it there is nothing to play; copying a file is only a short cut to that."""
    return kind in REQUIRED_KINDS and kind != "remux_media"


def _reason(job: Job) -> str:
    """With what to do about it where that is not to try again, or that it is about to end."""
    if job.is_live and job.cancel_requested_at:
        return _("It is being stopped.")
    if job.kind == "transcribe_media" and job.state == JobState.SUCCEEDED:
        return end_of_search(job)
    reason = reason_of(job)
    if job.state == JobState.FAILED and not can_help(job) and job.kind in (*FILE_KINDS, *REPLACING_KINDS):
        return _("%(reason)s Trying again with the same file would not help.") % {"reason": reason}
    return reason


def _for_operators(job: Job) -> dict[str, Any]:
    return {"command": job.command, "exit_code": job.exit_code, "detail": job.error_detail, "worker": job.worker}


def _to_come(media: Media, jobs: list[Job]) -> Iterable[Step]:
    """Until something plays it is known what follows; then all of it is in line."""
    broken = any(job.state in BROKEN and is_required(job.kind) for job in jobs)
    if media.is_playable or broken or not jobs:
        return []
    there = {job.kind for job in jobs}
    foreseen = FORESEEN if media.source == Source.UPLOAD else FORESEEN_AT_HOST
    missing = [kind for kind in ORDER if kind in foreseen and kind not in there]
    if media.kind == Kind.AUDIO:
        missing = [kind for kind in missing if kind != "draw_pictures"]
    return map(_foreseen, missing)


def _foreseen(kind: str) -> Step:
    return Step(kind=kind, label=label_of(kind), state=TO_COME, required=is_required(kind))
