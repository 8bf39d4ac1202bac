"""What becomes of the outbox later."""

from datetime import timedelta

from core.jobs import Run, job, scheduled
from core.mail import sending


@job(max_attempts=12, time_limit=60)
def deliver_mail(run: Run) -> None:
    """Tried for almost six hours: a mail server that is away, or asks for patience, is usual."""
    sending.deliver(run.subject_id, run=run, leave_no_trace=run.payload.get("leave_no_trace", False))


@scheduled(every=timedelta(days=1), offset=timedelta(hours=4))
@job(max_attempts=1)
def prune_outbox(run: Run) -> None:
    sending.prune()
