"""What comes round."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from analytics.models import RecordStore
from analytics.partitions import ensure_partitions
from analytics.record_store import Failed
from analytics.services.record_stores import request_due_push
from analytics.services.rollup import roll_up
from analytics.services.xapi_push import push
from core.jobs import JobError, Run, job, scheduled
from core.models.job import Lane
from core.tenancy import organization_scope

DAILY = timedelta(days=1)
FIVE_MINUTES = timedelta(minutes=5)


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
