"""What runs later."""

from datetime import timedelta

from accounts.services import export_files, exports, invitations, limits
from core.jobs import Run, job, scheduled


@scheduled(every=timedelta(days=1), offset=timedelta(hours=2))
@job(max_attempts=1)
def expire_invitations(run: Run) -> None:
    invitations.expire_invitations()


@job(max_attempts=3, time_limit=1800)
def make_export(run: Run) -> None:
    """Everything held about a person, and a mail to them when it is ready."""
    exports.make_export(run.subject_id, run=run)


@scheduled(every=timedelta(hours=6))
@job(max_attempts=1)
def remove_expired_exports(run: Run) -> None:
    export_files.remove_expired_exports()


@scheduled(every=timedelta(days=1), offset=timedelta(hours=2, minutes=15))
@job(max_attempts=1)
def forget_closed_windows(run: Run) -> None:
    limits.forget_closed_windows()
