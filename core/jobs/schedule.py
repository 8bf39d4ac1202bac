"""The code-defined schedule: a run is a job whose key names its period; a second start in a period changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models.functions import Now

from core.jobs.queue import enqueue
from core.jobs.registry import Work
from core.models.job import Job, JobState

RUNS_KEPT = timedelta(days=14)  # longer than any period: the run of the present one must stay, or it would come again


@dataclass(frozen=True)
class Routine:
    """A kind of job that comes round; periods are counted from 1970 in UTC, shifted by `offset`."""

    kind: str
    every: timedelta
    offset: timedelta

    def period(self, now: datetime) -> int:
        return int((now.timestamp() - self.offset.total_seconds()) // self.every.total_seconds())


_routines: list[Routine] = []


def scheduled(*, every: timedelta, offset: timedelta = timedelta()) -> Callable[[Work], Work]:
    """Run a declared job once in each period; `offset` moves the border, such as 3 hours for 03:00 UTC daily."""

    def declare(work: Work) -> Work:
        _routines.append(Routine(work.__name__, every, offset))
        return work

    return declare


def enqueue_due(now: datetime | None = None) -> None:
    """Put in line what has not run in the present period. After a pause each routine runs once, not once a period."""
    now = now or datetime.now(UTC)
    for routine in _routines:
        enqueue(routine.kind, key=f"{routine.kind}:{routine.period(now)}")


def prune_runs() -> int:
    """Forget what came round and went well long ago; what failed stays. Answers how many."""
    kinds = [routine.kind for routine in _routines]
    old = Job.objects.filter(
        kind__in=kinds, organization=None, state=JobState.SUCCEEDED, finished_at__lt=Now() - RUNS_KEPT
    )
    return old.delete()[0]
