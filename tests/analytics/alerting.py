"""Causing what alerts tell of: real rows, at the age and number that a figure needs."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.core.cache import cache
from django.utils import timezone

from analytics.models import AlertRule
from analytics.services.alert_notices import MAIL
from analytics.services.alerts import check_rules
from core.jobs.liveness import SIGN
from core.models import AiCall, CallState, Job, OutgoingMail, Unit
from core.tenancy import every_organization, organization_scope

ADDRESS = "ops@harbor.test"
NOON = datetime(2026, 6, 15, 12, tzinfo=timezone.get_default_timezone())


def rule(condition, raise_at, **facts):
    return AlertRule.objects.create(condition=condition, raise_at=raise_at, **{"recipients": [ADDRESS], **facts})


def look(*, minute=0.0):
    """As the schedule does, so many minutes after noon."""
    with every_organization(reason="as its job runs"):
        check_rules(NOON + timedelta(minutes=minute))


def told(address=ADDRESS):
    """Subjects of the alerts to somebody, the oldest first."""
    return list(
        OutgoingMail.objects.filter(kind=MAIL, recipient=address).order_by("id").values_list("subject", flat=True)
    )


def rows(count, **facts):
    Job.objects.bulk_create(
        Job(kind="process_media", lane="long", key=str(uuid4()), max_attempts=3, **facts) for _ in range(count)
    )


def failed_jobs(figure, organization=None):
    _ended(failed=figure, succeeded=0, organization=organization)


def failing_share(figure, organization=None):
    _ended(failed=figure, succeeded=100 - figure, organization=organization)


def waiting_jobs(figure, organization=None):
    Job.objects.all().delete()
    rows(figure)


def waiting_minutes(figure, organization=None):
    Job.objects.all().delete()
    rows(1, available_at=timezone.now() - timedelta(minutes=figure))


def spent_dollars(figure, organization=None):
    with organization_scope(organization):
        AiCall.objects.all().delete()
        AiCall.objects.create(
            provider="api", model="m", purpose="transcription", unit=Unit.SECONDS, quantity=1, price=1, cost=figure,
            state=CallState.PAID,
        )  # fmt: skip


def silent_minutes(figure, organization=None):
    cache.set(SIGN, ("here/1", timezone.now() - timedelta(minutes=figure)))


def _ended(*, failed, succeeded, organization):
    Job.objects.all().delete()
    ended = {"finished_at": timezone.now(), "organization": organization}
    rows(failed, state="failed", **ended)
    rows(succeeded, state="succeeded", **ended)
