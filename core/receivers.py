"""What core does when something happened on its own floor."""

from core.announcements import hears
from core.mail.sending import REFUSED, give_up
from core.models import Job, JobState


@hears("job_changed")
def tell_undelivered(job: Job) -> None:
    """However it ended: refused, out of attempts, or with a worker that died in the last one."""
    if job.kind == "deliver_mail" and job.subject_id and job.state in (JobState.FAILED, JobState.CANCELLED):
        traceless = job.payload.get("leave_no_trace", False)
        give_up(job.subject_id, for_good=job.error_code == REFUSED, leave_no_trace=traceless)
