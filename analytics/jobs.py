"""What comes round, and what is told to other people's programs."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from analytics.models import RecordStore
from analytics.partitions import ensure_partitions, months_taken
from analytics.record_store import Failed
from analytics.services import deliveries, delivering
from analytics.services.record_stores import request_due_push
from analytics.services.retention import drop_old_months
from analytics.services.rollup import roll_up
from analytics.services.xapi_push import push
from core.jobs import JobError, Run, job, scheduled
from core.models.job import Lane
from core.tenancy import organization_scope

DAILY = timedelta(days=1)
NEWS = 70  # the priority of what somebody waits for: in the lane of hosts it goes before imports
FIVE_MINUTES = timedelta(minutes=5)


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


@job(lane=Lane.HOSTS, priority=NEWS, label=_("Tell a webhook"), max_attempts=5, time_limit=60)
def deliver_webhook(run: Run) -> None:
    delivering.deliver(run.subject_id, turn=run.payload["turn"], run=run)


@scheduled(every=DAILY, offset=timedelta(hours=4, minutes=30))
@job(time_limit=600)
def prune_deliveries(run: Run) -> None:
    for organization in Organization.objects.order_by("pk"):
        run.check()
        with organization_scope(organization):
            deliveries.prune()


@scheduled(every=FIVE_MINUTES)
@job()
def push_statements_due(run: Run) -> None:
    """Every record store is told what happened since, unless it failed and rests."""
    for organization in Organization.objects.order_by("pk"):
        run.check()
        with organization_scope(organization):
            request_due_push()


@job(lane=Lane.HOSTS, label=_("Tell the record store"), time_limit=600)
def push_statements(run: Run) -> None:
    """What failed is shown here and with the store; its pause says when it is tried again, by a job of its own."""
    store = RecordStore.objects.select_related("organization").filter(pk=run.subject_id, is_on=True).first()
    if store is None:
        return
    try:
        push(store, check=run.check)
    except Failed as failure:
        raise JobError(failure.code, failure.words, detail=failure.detail, permanent=True) from failure
