"""What is measured, each time anew from the tables: no process keeps a figure, so all of them tell the same.

Asked in the scope of those it is about: of one organization, or of all.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, ExpressionWrapper, F, FloatField, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Extract, Now
from django.utils import timezone

from core.ai.ledger import counted
from core.jobs.registry import kinds_of_steps
from core.models import Job
from core.models.job import JobState
from core.tenancy import scoped_organization_id
from media_library.models import Media, Status
from media_library.services.space import disks

LAST_HOUR = timedelta(hours=1)
LAST_DAY = timedelta(days=1)
#: As an “or”, not as a list: each state has an index of its own, which the planner then takes.
LIVE = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING)
DUE = Q(state=JobState.QUEUED, available_at__lte=Now())


@dataclass(frozen=True)
class LaneFigures:
    """Jobs of a lane: `waiting` for a worker, `scheduled` for a later time, `running`; since when the oldest waits."""

    lane: str
    waiting: int = 0
    scheduled: int = 0
    running: int = 0
    oldest_seconds: float = 0.0


@dataclass(frozen=True)
class Ended:
    """Jobs of one kind, or about media of one source, that ended: how many of each outcome.

    `seconds` is the sum of their last attempts, `longest` that of the longest.
    """

    of: str
    succeeded: int
    failed: int
    cancelled: int
    seconds: float
    longest: float

    @property
    def failure_ratio(self) -> float:
        """0–1, of those that came to an end by themselves."""
        tried = self.succeeded + self.failed
        return self.failed / tried if tried else 0.0


def lanes() -> list[LaneFigures]:
    """Each lane, also where nothing is. One statement."""
    live = _jobs().filter(LIVE).order_by().values("lane")
    rows = live.annotate(
        waiting=Count("pk", filter=DUE),
        scheduled=Count("pk", filter=Q(state=JobState.QUEUED) & ~DUE),
        running=Count("pk", filter=Q(state=JobState.RUNNING)),
        since=Min("available_at", filter=DUE),
    )
    found = {row["lane"]: _lane(**row) for row in rows}
    return [found.get(lane, LaneFigures(lane)) for lane in settings.JOB_LANES]


def _lane(*, since: datetime | None, **counts: Any) -> LaneFigures:
    waited = (timezone.now() - since).total_seconds() if since else 0.0
    return LaneFigures(**counts, oldest_seconds=max(0.0, waited))


def ended_by_kind(within: timedelta = LAST_HOUR) -> list[Ended]:
    """One statement, which reads what ended in that time and nothing else."""
    return _ended(_jobs(), by="kind", within=within)


def ended_by_source(within: timedelta = LAST_HOUR) -> list[Ended]:
    """Steps of media, by where the media come from. One statement."""
    source = Media.objects.filter(pk=OuterRef("subject_id")).values("source")
    steps = _jobs().filter(kind__in=kinds_of_steps()).annotate(source=Subquery(source))
    return _ended(steps.exclude(source=None), by="source", within=within)


def ended_steps(within: timedelta) -> list[Ended]:
    """Steps of media, by kind. One statement."""
    return _ended(_jobs().filter(kind__in=kinds_of_steps()), by="kind", within=within)


def _ended(jobs: QuerySet[Job], *, by: str, within: timedelta) -> list[Ended]:
    took = ExpressionWrapper(Extract(F("finished_at") - F("started_at"), "epoch"), output_field=FloatField())
    rows: Any = (
        jobs.filter(finished_at__gte=Now() - within)
        .order_by()
        .values(of=F(by))
        .annotate(
            succeeded=_count(JobState.SUCCEEDED), failed=_count(JobState.FAILED), cancelled=_count(JobState.CANCELLED),
            seconds=Sum(took), longest=Max(took),
        )
        .order_by("of")
    )  # fmt: skip
    return [Ended(**{**row, "seconds": row["seconds"] or 0.0, "longest": row["longest"] or 0.0}) for row in rows]


def _count(state: JobState) -> Count:
    return Count("pk", filter=Q(state=state))


def dead_jobs() -> dict[str, int]:
    """Jobs that no attempt is left of, by kind: somebody has to look at them. One statement."""
    return _counts(_jobs().filter(state=JobState.FAILED), "kind")


def failed_media() -> dict[str, int]:
    """Media that cannot be played, by where they come from. One statement."""
    return _counts(Media.objects.present().filter(status=Status.FAILED), "source")


def ai_cost(since: datetime) -> dict[str, Decimal]:
    """US dollars by purpose, calls under way at their greatest cost. One statement."""
    rows = counted().filter(started_at__gte=since).order_by().values_list("purpose")
    return dict(rows.annotate(total=Sum("cost")))


def free_percent() -> float:
    """Of the fullest disk that is written to, 0–100."""
    return min(100 * disk.free / disk.total for disk in disks().values())


def free_bytes() -> int:
    """Of the fullest disk that is written to."""
    return min(disk.free for disk in disks().values())


def _jobs() -> QuerySet[Job]:
    """Jobs are claimed before there is a scope: they are asked for by hand."""
    organization = scoped_organization_id()
    return Job.objects.filter(organization=organization) if organization else Job.objects.all()


def _counts(rows: QuerySet[Any], by: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(by).annotate(total=Count("pk")).order_by(by))
