"""Telling that a job changed, inside the transaction that changed it."""

from typing import Any
from uuid import UUID

from core.announcements import announce
from core.models.job import Job
from core.tenancy import every_organization, organization_scope


def changed(job_id: UUID) -> Job:
    """The job as it is now, announced to whoever follows it."""
    job = Job.objects.get(pk=job_id)
    with scope_of(job):
        announce("job_changed", job)
    return job


def scope_of(job: Job) -> Any:
    """The organization a job works in; platform jobs see all of them."""
    if job.organization_id:
        return organization_scope(job.organization_id)
    return every_organization(reason="platform jobs serve the whole installation")
