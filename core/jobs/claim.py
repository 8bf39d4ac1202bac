"""Which job a worker takes next: organizations take turns, and inside one of them what matters most comes first.

Turns are counted from when the last job of an organization began in the lane, so that a flood of one never delays
another one's first job. The platform's own work takes turns like one more organization. Two claims in the same instant
may both go by the turns before them; no job is claimed twice.
"""

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction

from core.jobs.changes import changed
from core.models.job import Job

# Jumps from one organization with waiting work to the next in the index core_job_line, however many rows each has; the
# last row, without an organization, stands for the platform.
TURNS = """
WITH RECURSIVE waiting AS (
    SELECT (SELECT organization_id FROM core_job
            WHERE lane = %(lane)s AND state = 'queued' AND organization_id IS NOT NULL
            ORDER BY organization_id LIMIT 1) AS organization_id
    UNION ALL
    SELECT (SELECT organization_id FROM core_job
            WHERE lane = %(lane)s AND state = 'queued' AND organization_id > waiting.organization_id
            ORDER BY organization_id LIMIT 1)
    FROM waiting WHERE organization_id IS NOT NULL
)
SELECT organization_id FROM waiting
ORDER BY CASE WHEN organization_id IS NULL
    THEN (SELECT max(started_at) FROM core_job WHERE lane = %(lane)s AND organization_id IS NULL)
    ELSE (SELECT max(started_at) FROM core_job WHERE lane = %(lane)s AND organization_id = waiting.organization_id)
    END NULLS FIRST"""

CLAIM = """
UPDATE core_job SET state = 'running', attempt = attempt + 1, lease_token = %(token)s, worker = %(worker)s,
    lease_expires_at = statement_timestamp() + make_interval(secs => %(lease)s),
    started_at = statement_timestamp(), finished_at = NULL, progress = 0, step = '', command = '', exit_code = NULL,
    error_code = '', error_message = '', error_detail = ''
WHERE {which} RETURNING id"""
DUE = "state = 'queued' AND available_at <= statement_timestamp() AND attempt < max_attempts"
NEXT = """id = (
    SELECT id FROM core_job WHERE lane = %(lane)s AND organization_id {whose} AND {due}
    ORDER BY priority DESC, available_at, id FOR UPDATE SKIP LOCKED LIMIT 1
)"""
OF_THE_PLATFORM = CLAIM.format(which=NEXT.format(whose="IS NULL", due=DUE))
OF_AN_ORGANIZATION = CLAIM.format(which=NEXT.format(whose="= %(organization)s", due=DUE))
THIS_ONE = CLAIM.format(which=f"id = %(job)s AND {DUE}")


def claim(lane: str, *, worker: str) -> Job | None:
    """Take the due job of a lane whose turn it is; the attempt is charged now, so that a crash counts."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TURNS, {"lane": lane})
        for (organization_id,) in cursor.fetchall():
            if job_id := _claim_of(cursor, organization_id, lane=lane, worker=worker):
                return changed(job_id)
    return None


def claim_one(job_id: UUID, *, worker: str) -> Job | None:
    """Take this very job, if it is due and nobody has it."""
    values: dict[str, Any] = {"job": job_id, "token": uuid4(), "worker": worker, "lease": settings.JOB_LEASE_SECONDS}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(THIS_ONE, values)
        return changed(job_id) if cursor.fetchone() else None


def _claim_of(cursor: Any, organization_id: UUID | None, *, lane: str, worker: str) -> UUID | None:
    values = {"lane": lane, "token": uuid4(), "worker": worker, "lease": settings.JOB_LEASE_SECONDS}
    statement = OF_AN_ORGANIZATION if organization_id else OF_THE_PLATFORM
    cursor.execute(statement, {**values, "organization": organization_id})
    row = cursor.fetchone()
    return row[0] if row else None
