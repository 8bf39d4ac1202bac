"""What courses do later."""

from datetime import timedelta

from core.jobs import Run, job, scheduled
from courses.models import Course
from courses.services import attempts, settling


@scheduled(every=timedelta(minutes=5))
@job(max_attempts=1)
def grade_overdue_attempts(run: Run) -> None:
    attempts.grade_overdue()


@job(max_attempts=3, time_limit=6 * 3600)
def settle_everything(run: Run) -> None:
    settling.settle_everywhere()


@job(max_attempts=3, time_limit=3600)
def settle_organization(run: Run) -> None:
    settling.settle_organization()


@job(max_attempts=3)
def settle_course(run: Run) -> None:
    """Count anew what an edit left done. A course that is gone has nobody."""
    if (course := Course.objects.filter(pk=run.subject_id).first()) is not None:
        settling.settle_course(course)
