"""What the holder of a lease may do to a job: keep it, report, finish, give back. One statement each, on the database's
clock."""

import shlex
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from core.jobs.changes import changed
from core.jobs.errors import JobPostponed, LeaseLost
from core.models.job import Job

DETAIL_LIMIT = 8000  # characters kept for operators
COMMAND_LIMIT = 4000

EXTEND = """
UPDATE core_job SET lease_expires_at = statement_timestamp() + make_interval(secs => %s)
WHERE id = %s AND lease_token = %s RETURNING cancel_requested_at IS NOT NULL"""

REPORT = """
UPDATE core_job SET progress = greatest(progress, %s), step = %s WHERE id = %s AND lease_token = %s"""

TELL_COMMAND = """
UPDATE core_job SET command = %s, exit_code = %s WHERE id = %s AND lease_token = %s"""

SUCCEED = """
UPDATE core_job SET state = 'succeeded', progress = 100, postponements = 0, finished_at = statement_timestamp(),
    lease_token = NULL, lease_expires_at = NULL
WHERE id = %s AND lease_token = %s RETURNING id"""

GIVE_BACK = """
UPDATE core_job SET
    state = CASE WHEN %(cancelled)s OR cancel_requested_at IS NOT NULL THEN 'cancelled'
                 WHEN %(permanent)s OR attempt >= max_attempts THEN 'failed' ELSE 'queued' END,
    available_at = statement_timestamp() + make_interval(secs => %(backoff)s * 2 ^ (attempt - 1)),
    finished_at = CASE WHEN %(cancelled)s OR cancel_requested_at IS NOT NULL OR %(permanent)s
                       OR attempt >= max_attempts THEN statement_timestamp() END,
    lease_token = NULL, lease_expires_at = NULL, postponements = 0,
    error_code = %(code)s, error_message = %(message)s, error_detail = %(detail)s
WHERE id = %(id)s AND lease_token = %(token)s RETURNING id"""

POSTPONE = """
UPDATE core_job SET attempt = attempt - 1, postponements = postponements + 1, progress = 0, step = '',
    state = CASE WHEN cancel_requested_at IS NULL THEN 'queued' ELSE 'cancelled' END,
    finished_at = CASE WHEN cancel_requested_at IS NOT NULL THEN statement_timestamp() END,
    available_at = statement_timestamp() + make_interval(secs => %(delay)s),
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


def tell_command(job: Job, argv: Sequence[str], exit_code: int | None) -> None:
    """Keep for operators what was run and how it ended. A lost lease writes nothing."""
    words = shlex.join(argv)[:COMMAND_LIMIT]
    with connection.cursor() as cursor:
        cursor.execute(TELL_COMMAND, [words, exit_code, job.pk, job.lease_token])


def succeed(job: Job) -> None:
    """Mark the job done, inside the transaction that publishes its result. Raises LeaseLost."""
    if _one(SUCCEED, [job.pk, job.lease_token]) is None:
        raise LeaseLost(job.pk)
    changed(job.pk)


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
            changed(job_id)


def postpone(job: Job, postponed: JobPostponed) -> None:
    """Put a job back in line for later, uncharged; one that was to be cancelled is. A lost lease writes nothing."""
    values = {
        "id": job.pk, "token": job.lease_token, "delay": postponed.delay, "code": postponed.code,
        "message": postponed.message[:500], "detail": postponed.detail[-DETAIL_LIMIT:],
    }  # fmt: skip
    with transaction.atomic():
        if _one(POSTPONE, values):
            changed(job.pk)


def hand_back(supervisor: str) -> int:
    """Return what the workers of a stopped supervisor were doing; being told to stop is no failed attempt.

    Call it when they are all dead. Answers how many.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(HAND_BACK, [f"{supervisor}:%"])
            returned = [row[0] for row in cursor.fetchall()]
        for job_id in returned:
            changed(job_id)
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
