"""Where processing stands. Derived from jobs by one function, which also keeps the column that lists filter by."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from core.announcements import announce
from core.jobs import label_of
from core.models import Job
from core.models.job import JobState
from media_library.ffmpeg.errors import CAUSES
from media_library.models import Media, Publication, Status
from media_library.sources.errors import WORDS as HOST_ERRORS

#: What is done with an uploaded file before it plays.
FILE_KINDS = ("inspect_media", "remux_media", "process_media")
#: What is done with a file that takes the place of another one.
REPLACING_KINDS = ("check_replacement", "replace_file")
#: Before one of these has ended well there is nothing to play; what any job fails at leaves playable what plays.
#: `remux_media` alone may fail: what cannot be copied is encoded by `process_media`.
REQUIRED_KINDS = (*FILE_KINDS, "describe_media", *REPLACING_KINDS)
#: The order in which people are told of kinds of work; others come after them.
ORDER = (
    "bring_file",
    *REQUIRED_KINDS,
    "make_audio",
    "draw_pictures",
    "fetch_picture",
    "transcribe_media",
    "hear_media",
)
#: Stages of work in the order in which it happens; what comes first is told first.
STAGES = (Status.UPLOADING, Status.PROCESSING, Status.TRANSCRIBING, Status.EMBEDDING)
BROKEN = (JobState.FAILED, JobState.CANCELLED)
#: What lasts until somebody raises a ceiling, pays a bill, corrects a key, or changes a setting at a host.
LIFTED_BY_PEOPLE = frozenset({"over_ceiling", *HOST_ERRORS})
SECONDS_BEFORE_GUESSING = 3.0  # before that, and before two percent, a guess at what is left would be a lie
PERCENT_BEFORE_GUESSING = 2.0


@dataclass(frozen=True)
class MediaStatus:
    """What people are told: `percent` 0–100 of the present step, `message` a sentence or empty.

    `step` is the present step in words, `seconds_left` a guess at how long it takes still; None where there is none.
    `can_retry` says whether trying again what failed can help.
    """

    status: Status
    percent: int
    message: str
    code: str = ""
    step: str = ""
    seconds_left: float | None = None
    can_retry: bool = False

    @property
    def label(self) -> str:
        """Who stopped the work on purpose does not read that it failed."""
        return _("Stopped") if self.status == Status.FAILED and self.code == "cancelled" else str(self.status.label)

    @property
    def is_live(self) -> bool:
        return self.status not in (Status.COMPLETED, Status.FAILED)


def latest_jobs(media_id: UUID) -> list[Job]:
    """The newest job of each kind that has a stage for this media, in the order in which people are told of them."""
    jobs = Job.objects.filter(subject_id=media_id).exclude(stage="")
    return sorted(jobs.order_by("kind", "-id").distinct("kind"), key=place_in_order)


def failed_step(kind: str | None = None) -> Exists:
    """For filtering media: the newest job of some kind, or of this one, failed."""
    newer = Job.objects.filter(subject_id=OuterRef("subject_id"), kind=OuterRef("kind"), id__gt=OuterRef("id"))
    failed = Job.objects.filter(subject_id=OuterRef("pk"), state=JobState.FAILED, **({"kind": kind} if kind else {}))
    return Exists(failed.exclude(stage="").filter(~Exists(newer)))


def place_in_order(job: Job) -> tuple[int, int, str]:
    stage = STAGES.index(Status(job.stage)) if job.stage in STAGES else len(STAGES)
    return stage, ORDER.index(job.kind) if job.kind in ORDER else len(ORDER), job.kind


def derive_status(media: Media, jobs: Iterable[Job]) -> Status:
    """One answer from the newest job of each kind: failed, the earliest stage with work left, or completed."""
    newest = list(jobs)
    if not media.is_playable and _ended_badly(newest):
        return Status.FAILED
    if (job := present_step(newest)) is not None:
        return Status.PENDING if _waits(job, media) else Status(job.stage)
    return Status.COMPLETED if media.is_playable else Status(media.status)


def refresh_status(media_id: UUID) -> None:
    """Bring the column up to date, and announce an end of processing, good or bad.

    Runs in the transaction that changed a job. The row is locked before the jobs are read: of two transactions that
    change two jobs of one media, the second sees what the first one did.
    """
    media = Media.objects.select_for_update(no_key=True).filter(pk=media_id).first()
    if media is None:
        return
    status = derive_status(media, latest_jobs(media_id))
    if status == media.status:
        return
    media.status = status
    media.save(update_fields=["status", "updated_at"])
    if media.publication != Publication.ARCHIVED:
        _announce_end(media)


def status_of(media: Media) -> MediaStatus:
    """What to show for one media item now. One query."""
    jobs = latest_jobs(media.pk)
    live = present_step(jobs)
    told = live if live is not None else _broken(jobs)
    return MediaStatus(
        derive_status(media, jobs),
        int(live.progress) if live else 100,
        reason_of(told) if told else "",
        code_of(told) if told else "",
        label_of(live.kind) if live else "",
        seconds_left(live) if live else None,
        media.publication != Publication.ARCHIVED and any(can_help(job) for job in jobs),
    )


def present_step(jobs: Iterable[Job]) -> Job | None:
    """Of the work that is left in the earliest stage: what runs, else what comes first."""
    live = [job for job in jobs if job.is_live and job.stage in STAGES]
    return min(live, key=_precedence, default=None)


def code_of(job: Job) -> str:
    """One that was stopped before it began has no error."""
    return "cancelled" if job.state == JobState.CANCELLED else job.error_code


def reason_of(job: Job) -> str:
    """Why it failed, waits or was stopped, and what becomes of it; empty where there is nothing to say."""
    if job.state == JobState.CANCELLED:
        return job.error_message or _("This was stopped.")
    if not job.is_live or job.is_postponed or not job.error_message:
        return job.error_message
    return _("%(reason)s It will be tried again.") % {"reason": job.error_message}


def can_help(job: Job) -> bool:
    """Whether trying again may end otherwise: what was stopped, and what failed for no reason of the file's own."""
    if job.state == JobState.CANCELLED or (job.state == JobState.FAILED and job.error_code in LIFTED_BY_PEOPLE):
        return True
    cause = CAUSES.get(job.error_code)
    given_up_early = job.attempt < job.max_attempts
    return job.state == JobState.FAILED and not given_up_early and not (cause and cause.permanent)


def seconds_taken(job: Job) -> float | None:
    """By the last attempt, so far; None while it has not begun."""
    if job.started_at is None or job.state == JobState.QUEUED:
        return None
    end = job.finished_at or timezone.now()
    return max((end - job.started_at).total_seconds(), 0.0)


def seconds_left(job: Job) -> float | None:
    """A guess from the time and the percent so far; None where it would be none."""
    taken = seconds_taken(job)
    if job.state != JobState.RUNNING or taken is None or taken < SECONDS_BEFORE_GUESSING:
        return None
    if job.progress < PERCENT_BEFORE_GUESSING:
        return None
    return taken * (100 - job.progress) / job.progress


def _precedence(job: Job) -> tuple[int, bool, tuple[int, int, str]]:
    return STAGES.index(Status(job.stage)), job.state != JobState.RUNNING, place_in_order(job)


def _ended_badly(jobs: list[Job]) -> bool:
    """Nothing that could still make it playable is left, and something of that broke."""
    required = [job for job in jobs if job.kind in REQUIRED_KINDS]
    return any(job.state in BROKEN for job in required) and not any(job.is_live for job in required)


def _broken(jobs: list[Job]) -> Job | None:
    """The first that is worth telling: what could not be copied, and then was encoded, is not."""
    encoded = any(job.kind == "process_media" and job.state == JobState.SUCCEEDED for job in jobs)
    broken = [job for job in jobs if job.state in BROKEN]
    return next((job for job in broken if not (encoded and job.kind == "remux_media")), None)


def _announce_end(media: Media) -> None:
    if media.status == Status.COMPLETED:
        announce("media_completed", media)
    elif media.status == Status.FAILED:
        announce("media_failed", media)


def _waits(job: Job, media: Media) -> bool:
    return job.state == JobState.QUEUED and not media.is_playable
