from core.announcements import hears
from core.models import Job
from media_library.services.status import refresh_status


@hears("job_changed")
def follow_job(job: Job) -> None:
    if job.stage and job.subject_id and job.organization_id:
        refresh_status(job.subject_id)
