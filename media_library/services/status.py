"""Where processing stands. Derived from jobs by one function, which also keeps the column that lists filter by."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from core.announcements import announce
from core.models import Job
from core.models.job import JobState
from media_library.models import Media, Publication, Status

#: Without a good end of these kinds there is nothing to play; what others fail at leaves the media playable.
REQUIRED_KINDS = ("inspect_media", "process_media")
#: Stages of work in the order in which it happens; what comes first is told first.
STAGES = (Status.UPLOADING, Status.PROCESSING, Status.TRANSCRIBING, Status.EMBEDDING)
BROKEN = (JobState.FAILED, JobState.CANCELLED)


@dataclass(frozen=True)
class MediaStatus:
    """What people are told: `percent` 0–100 of the present step, `message` a sentence or empty."""

    status: Status
    percent: int
    message: str
    code: str = ""

    @property
    def label(self) -> str:
        return str(self.status.label)

    @property
    def is_live(self) -> bool:
        return self.status not in (Status.COMPLETED, Status.FAILED)


def latest_jobs(media_id: UUID) -> list[Job]:
    """The newest job of each kind that has a stage for this media."""
    jobs = Job.objects.filter(subject_id=media_id).exclude(stage="")
    return list(jobs.order_by("kind", "-id").distinct("kind"))


def derive_status(media: Media, jobs: Iterable[Job]) -> Status:
    """One answer from the newest job of each kind: failed, the earliest stage with work left, or completed."""
    newest = {job.kind: job for job in jobs}
    if any(newest[kind].state in BROKEN for kind in REQUIRED_KINDS if kind in newest):
        return Status.FAILED
    if (job := _earliest_live(newest.values())) is not None:
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
    live = _earliest_live(jobs)
    code = next((job.error_code for job in jobs if job.error_code), "")
    return MediaStatus(derive_status(media, jobs), int(live.progress) if live else 100, _message(jobs, live), code)


def _announce_end(media: Media) -> None:
    if media.status == Status.COMPLETED:
        announce("media_completed", media)
    elif media.status == Status.FAILED:
        announce("media_failed", media)


def _earliest_live(jobs: Iterable[Job]) -> Job | None:
    live = [job for job in jobs if job.is_live and job.stage in STAGES]
    return min(live, key=lambda job: STAGES.index(Status(job.stage)), default=None)


def _waits(job: Job, media: Media) -> bool:
    return job.state == JobState.QUEUED and not media.is_playable


def _message(jobs: Iterable[Job], live: Job | None) -> str:
    """Why the newest attempt at something failed, also where it will be tried again or did not matter for playing."""
    if live is not None:
        return f"{live.error_message} It will be tried again." if live.error_message else ""
    return next((_reason(job) for job in jobs if job.state in BROKEN), "")


def _reason(job: Job) -> str:
    return job.error_message or "This was cancelled."
