"""What a worker may do to a job: claim, keep, finish, give back. One statement each, on the database's clock."""

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction

from core.announcements import announce
from core.jobs.errors import LeaseLost
from core.models.job import Job
from core.tenancy import every_organization, organization_scope

DETAIL_LIMIT = 8000  # characters kept for operators

CLAIM = """
UPDATE core_job SET state = 'running', attempt = attempt + 1, lease_token = %(token)s, worker = %(worker)s,
    lease_expires_at = statement_timestamp() + make_interval(secs => %(lease)s),
    started_at = statement_timestamp(), finished_at = NULL,
    progress = 0, step = '', error_code = '', error_message = '', error_detail = ''
WHERE id = (
    SELECT id FROM core_job
    WHERE lane = %(lane)s AND state = 'queued' AND available_at <= statement_timestamp() AND attempt < max_attempts
    ORDER BY available_at, id FOR UPDATE SKIP LOCKED LIMIT 1
)
RETURNING id"""

EXTEND = """
UPDATE core_job SET lease_expires_at = statement_timestamp() + make_interval(secs => %s)
WHERE id = %s AND lease_token = %s RETURNING cancel_requested_at IS NOT NULL"""

REPORT = """
UPDATE core_job SET progress = greatest(progress, %s), step = %s WHERE id = %s AND lease_token = %s"""

SUCCEED = """
UPDATE core_job SET state = 'succeeded', progress = 100, finished_at = statement_timestamp(),
    lease_token = NULL, lease_expires_at = NULL
WHERE id = %s AND lease_token = %s RETURNING id"""

GIVE_BACK = """
UPDATE core_job SET
    state = CASE WHEN %(cancelled)s OR cancel_requested_at IS NOT NULL THEN 'cancelled'
                 WHEN %(permanent)s OR attempt >= max_attempts THEN 'failed' ELSE 'queued' END,
    available_at = statement_timestamp() + make_interval(secs => %(backoff)s * 2 ^ (attempt - 1)),
    finished_at = CASE WHEN %(cancelled)s OR cancel_requested_at IS NOT NULL OR %(permanent)s
                       OR attempt >= max_attempts THEN statement_timestamp() END,
    lease_token = NULL, lease_expires_at = NULL,
    error_code = %(code)s, error_message = %(message)s, error_detail = %(detail)s
WHERE id = %(id)s AND lease_token = %(token)s RETURNING id"""

HAND_BACK = """
UPDATE core_job SET attempt = attempt - 1,
    state = CASE WHEN cancel_requested_at IS NULL THEN 'queued' ELSE 'cancelled' END,
    finished_at = CASE WHEN cancel_requested_at IS NOT NULL THEN statement_timestamp() END,
    available_at = statement_timestamp(), progress = 0, step = '', lease_token = NULL, lease_expires_at = NULL
WHERE state = 'running' AND worker LIKE %s RETURNING id"""

EXPIRED = """
SELECT id, lease_token FROM core_job WHERE state = 'running' AND lease_expires_at < statement_timestamp()
FOR UPDATE SKIP LOCKED"""


def claim(lane: str, *, worker: str) -> Job | None:
    """Take the oldest due job of a lane; the attempt is charged now, so that a crash counts."""
    values = {"lane": lane, "token": uuid4(), "worker": worker, "lease": settings.JOB_LEASE_SECONDS}
    with transaction.atomic():
        row = _one(CLAIM, values)
        return _changed(row[0]) if row else None


def extend(job: Job) -> bool:
    """Keep the lease; answers whether a person asked for the job to stop. Raises LeaseLost."""
    row = _one(EXTEND, [settings.JOB_LEASE_SECONDS, job.pk, job.lease_token])
    if row is None:
        raise LeaseLost(job.pk)
    return bool(row[0])


def report(job: Job, percent: float, step: str) -> None:
    """Tell how far the work is, 0–100. A lost lease writes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(REPORT, [min(max(percent, 0), 100), step, job.pk, job.lease_token])


def succeed(job: Job) -> None:
    """Mark the job done, inside the transaction that publishes its result. Raises LeaseLost."""
    if _one(SUCCEED, [job.pk, job.lease_token]) is None:
        raise LeaseLost(job.pk)
    _changed(job.pk)


def give_back(
    job_id: UUID,
    token: UUID,
    *,
    code: str,
    message: str,
    detail: str = "",
    permanent: bool = False,
    cancelled: bool = False,
) -> None:
    """End an attempt without success: wait for the next one, fail, or be cancelled. A lost lease writes nothing."""
    values = {
        "id": job_id, "token": token, "code": code, "message": message[:500], "detail": detail[-DETAIL_LIMIT:],
        "permanent": permanent, "cancelled": cancelled, "backoff": settings.JOB_BACKOFF_SECONDS,
    }  # fmt: skip
    with transaction.atomic():
        if _one(GIVE_BACK, values):
            _changed(job_id)


def hand_back(supervisor: str) -> int:
    """Return what the workers of a stopped supervisor were doing; being told to stop is no failed attempt.

    Call it when they are all dead. Answers how many.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(HAND_BACK, [f"{supervisor}:%"])
            returned = [row[0] for row in cursor.fetchall()]
        for job_id in returned:
            _changed(job_id)
    return len(returned)


def reap() -> int:
    """Give back every job whose worker fell silent. Answers how many."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(EXPIRED)
            expired = cursor.fetchall()
        for job_id, token in expired:
            give_back(job_id, token, code="worker_lost", message="The machine working on this stopped unexpectedly.")
    return len(expired)


def _one(statement: str, values: Any) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _changed(job_id: UUID) -> Job:
    job = Job.objects.get(pk=job_id)
    with scope_of(job):
        announce("job_changed", job)
    return job


def scope_of(job: Job) -> Any:
    """The organisation a job works in; platform jobs see all of them."""
    if job.organization_id:
        return organization_scope(job.organization_id)
    return every_organization(reason="platform jobs serve the whole installation")
