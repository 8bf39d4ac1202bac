"""Durable jobs: cannot be lost, cannot take effect twice.

`enqueue()` inserts a row in the caller's transaction; a worker claims it on the database's clock, works under a lease
with a fencing token, and publishes its result in the same transaction that marks the row done.
"""

from core.jobs.errors import JobError, JobPostponed
from core.jobs.queue import cancel_job, enqueue, retry_job
from core.jobs.registry import job, label_of
from core.jobs.run import Run
from core.jobs.schedule import scheduled

__all__ = ["JobError", "JobPostponed", "Run", "cancel_job", "enqueue", "job", "label_of", "retry_job", "scheduled"]
