"""Putting work in line, waking workers, cancelling, trying again."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django_q.models import OrmQ
from django_q.tasks import async_task

from core.announcements import announce
from core.jobs.registry import kind_named
from core.models.job import LIVE_STATES, Job, JobState
from core.tenancy import scoped_organization_id

WAKES_A_TICK = 10


def enqueue(
    kind: str,
    subject_id: UUID | None = None,
    *,
    key: str,
    payload: dict[str, Any] | None = None,
    delay: timedelta | None = None,
) -> Job:
    """Put work in line, inside the caller's transaction; the same `key` a second time changes nothing.

    The organization is the one in scope; without one it is platform work. Raises LookupError for an unknown kind.
    """
    declared = kind_named(kind)
    options = {
        "max_attempts": declared.max_attempts,
        "priority": declared.priority,
        "payload": payload or {},
        "organization_id": scoped_organization_id(),
    }
    if delay:
        options["available_at"] = Now() + delay
    draft = Job(kind=kind, lane=declared.lane, stage=declared.stage, subject_id=subject_id, key=key, **options)
    with transaction.atomic():
        Job.objects.bulk_create([draft], ignore_conflicts=True)
        job = Job.objects.get(key=key)
        if job.pk == draft.pk:
            announce("job_changed", job)
            wake(job.lane)
    return job


def wake(lane: str) -> None:
    """Tell one worker of a lane that there is work. A wake-up too many, or lost, does no harm."""
    async_task("core.jobs.worker.run_next", lane, cluster=lane)


def wake_forgotten() -> int:
    """Wake as many workers as there is due work without a wake-up on its way. Answers how many."""
    return sum(_wake_lane(lane) for lane in settings.JOB_LANES)


def _wake_lane(lane: str) -> int:
    due = Job.objects.filter(lane=lane, state=JobState.QUEUED, available_at__lte=Now()).count()
    # A locked wake-up is with a worker, which may be dead: it does not count.
    on_the_way = OrmQ.objects.filter(key=lane, lock__lte=Now()).count()
    missing = min(due - on_the_way, WAKES_A_TICK)
    for _ in range(missing):
        wake(lane)
    return max(missing, 0)


def retry_job(job: Job) -> bool:
    """Give a failed or cancelled job all its attempts again. Answers whether there was anything to retry."""
    with transaction.atomic():
        changed = Job.objects.filter(pk=job.pk, state__in=[JobState.FAILED, JobState.CANCELLED]).update(
            state=JobState.QUEUED, attempt=0, available_at=Now(), cancel_requested_at=None, finished_at=None,
            postponements=0, progress=0, step="", error_code="", error_message="", error_detail="",
        )  # fmt: skip
        if changed:
            job.refresh_from_db()
            announce("job_changed", job)
            wake(job.lane)
    return bool(changed)


def cancel_job(job: Job) -> None:
    """Ask for a stop: at once while the job waits, within a heartbeat while it runs."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_job SET cancel_requested_at = statement_timestamp(),"
            " state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END,"
            " finished_at = CASE state WHEN 'queued' THEN statement_timestamp() END"
            " WHERE id = %s AND state = ANY(%s)",
            [job.pk, list(LIVE_STATES)],
        )
        job.refresh_from_db()
        announce("job_changed", job)
