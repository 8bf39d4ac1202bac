"""What a worker process does when it is woken."""

import logging
import os
import socket
import traceback
from uuid import UUID

from django.db import transaction

from core.fetch import network_allowed
from core.jobs import lease
from core.jobs.changes import scope_of
from core.jobs.claim import claim, claim_one
from core.jobs.errors import JobError, JobPostponed, LeaseLost
from core.jobs.liveness import end_with_supervisor
from core.jobs.registry import kind_named
from core.jobs.run import Heartbeat, Run
from core.models.job import Job

SUPERVISOR = "LECTERN_SUPERVISOR"  # set by the supervisor for its workers: its process id
logger = logging.getLogger(__name__)


def supervisor_name() -> str:
    """Whose worker this process is: host and process of its supervisor, or of itself where there is none."""
    return f"{socket.gethostname()}/{os.environ.get(SUPERVISOR, os.getpid())}"


def run_next(lane: str) -> bool:
    """Claim one job of a lane and work on it. Answers whether there was one. Never raises for what the work does."""
    end_with_supervisor()
    job = claim(lane, worker=f"{supervisor_name()}:{os.getpid()}")
    if job is None:
        return False
    _execute(job)
    return True


def run_one(job_id: UUID) -> bool:
    """Work on this very job in the present process, such as a command's. Answers whether it was there to be taken."""
    job = claim_one(job_id, worker=f"{supervisor_name()}:{os.getpid()}")
    if job is None:
        return False
    _execute(job)
    return True


def _execute(job: Job) -> None:
    try:
        _attempt(job)
    except LeaseLost:
        logger.warning("%s: the lease was lost, nothing was published", job.pk)
    except JobPostponed as postponed:
        lease.postpone(job, postponed)
    except JobError as error:
        _give_back(job, error)
    except Exception as error:  # a bug must not take the worker along
        logger.exception("%s failed", job.kind)
        _give_back(
            job,
            JobError("internal_error", "Something went wrong on our side. It has been noted.", detail=_trace(error)),
        )


def _attempt(job: Job) -> None:
    kind = kind_named(job.kind)
    with scope_of(job), network_allowed(), Heartbeat(job, time_limit=kind.time_limit) as heartbeat:
        run = Run(job, heartbeat)
        kind.work(run)
        if not run.published:
            with transaction.atomic():
                lease.succeed(job)


def _give_back(job: Job, error: JobError) -> None:
    if job.lease_token is None:
        return
    lease.give_back(
        job.pk, job.lease_token, code=error.code, message=error.message, detail=error.detail or _trace(error),
        permanent=error.permanent, cancelled=error.code == "cancelled",
    )  # fmt: skip


def _trace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))
