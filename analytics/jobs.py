"""What comes round."""

from datetime import timedelta

from accounts.models import Organization
from analytics.partitions import ensure_partitions
from analytics.services import alert_notices
from analytics.services.alerts import check_rules
from analytics.services.rollup import roll_up
from core.jobs import Run, job, scheduled
from core.jobs.schedule import prune_runs
from core.models import Lane
from core.tenancy import organization_scope

DAILY = timedelta(days=1)


@scheduled(every=DAILY)
@job()
def ensure_event_partitions(run: Run) -> None:
    """Events of the next months always have somewhere to go."""
    ensure_partitions()


@scheduled(every=DAILY, offset=timedelta(hours=2, minutes=30))
@job(time_limit=600)
def roll_up_yesterday(run: Run) -> None:
    """Brings the figures of every organization up to date, whatever its time zone: each day that something touched."""
    for organization in Organization.objects.order_by("pk"):
        run.check()
        with organization_scope(organization):
            roll_up(organization)


@scheduled(every=timedelta(minutes=1))
@job(priority=10, max_attempts=1, time_limit=60)
def check_alert_rules(run: Run) -> None:
    """Not too late because of the very backlog it should tell of: before all other work of the platform."""
    check_rules()


@job(lane=Lane.HOSTS, max_attempts=10, time_limit=60)
def deliver_alert(run: Run) -> None:
    """Tried for almost three hours."""
    alert_notices.deliver(run.subject_id, body=run.payload)


@scheduled(every=DAILY, offset=timedelta(hours=3, minutes=30))
@job(max_attempts=1)
def prune_scheduled_runs(run: Run) -> None:
    """What comes round every minute is a row every minute."""
    prune_runs()
