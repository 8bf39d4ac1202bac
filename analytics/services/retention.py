"""How long events are kept. Figures a day stay; what they were counted from goes, a month at a time."""

from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from analytics.models import DroppedMonth
from analytics.partitions import drop_partition, existing_months, shifted
from analytics.services.events import late_limit


def drop_old_months() -> list[datetime]:
    """Drop the partitions of months that ended more than EVENT_MONTHS_KEPT months ago, and answer which.

    Never one into which an event may still come. With 0 nothing is dropped, ever. Each month in its own transaction,
    with the note that it is gone.
    """
    if not settings.EVENT_MONTHS_KEPT:
        return []
    now = timezone.now()
    kept = min(shifted(now, -settings.EVENT_MONTHS_KEPT), now - late_limit())
    old = [month for month in existing_months() if shifted(month, 1) <= kept]
    for month in old:
        with transaction.atomic():
            drop_partition(month)
            DroppedMonth.objects.get_or_create(month=month.date())
    return old


def events_kept_since() -> datetime | None:
    """From when on all events are still there; None: nothing was ever dropped."""
    last = DroppedMonth.objects.order_by("-month").values_list("month", flat=True).first()
    return shifted(datetime(last.year, last.month, 1, tzinfo=UTC), 1) if last else None
