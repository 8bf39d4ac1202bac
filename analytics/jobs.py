"""What comes round."""

from datetime import timedelta

from accounts.models import Organization
from analytics.partitions import ensure_partitions, months_taken
from analytics.services.retention import drop_old_months
from analytics.services.rollup import roll_up
from core.jobs import Run, job, scheduled
from core.tenancy import organization_scope

DAILY = timedelta(days=1)


@scheduled(every=DAILY)
@job()
def ensure_event_partitions(run: Run) -> None:
    """Events of the next months always have somewhere to go, and so have late ones."""
    ensure_partitions(behind=months_taken())


@scheduled(every=DAILY, offset=timedelta(hours=4))
@job()
def drop_old_events(run: Run) -> None:
    """Months that are older than events are kept, if they are not kept for ever."""
    drop_old_months()


@scheduled(every=DAILY, offset=timedelta(hours=2, minutes=30))
@job(time_limit=600)
def roll_up_yesterday(run: Run) -> None:
    """Brings the figures of every organization up to date, whatever its time zone: each day that something touched."""
    for organization in Organization.objects.order_by("pk"):
        run.check()
        with organization_scope(organization):
            roll_up(organization)
