"""Months of events that go, and what is never dropped."""

from datetime import UTC, datetime, timedelta

from django.db import connection

from analytics.models import DroppedMonth, Event
from analytics.partitions import MONTHS_AHEAD, MONTHS_BEHIND, ensure_partitions, existing_months, months_taken, shifted
from analytics.services.events import identifier_at
from analytics.services.retention import drop_old_months, events_kept_since
from core.models import Job
from core.models.job import JobState
from core.tenancy import every_organization

NOW = datetime.now(UTC)


def months(*, behind):
    return [shifted(NOW, offset) for offset in range(-behind, MONTHS_AHEAD + 1)]


def remember(moment):
    """An event as old as no door takes it."""
    Event.objects.create(id=identifier_at(moment), type="playlist_created", occurred_at=moment)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_events_are_kept_for_ever_unless_somebody_says_otherwise(scope):
    assert (drop_old_months(), events_kept_since()) == ([], None)
    assert existing_months() == months(behind=MONTHS_BEHIND)


def test_months_that_ended_long_enough_ago_are_dropped_with_their_events(scope, settings):
    settings.EVENT_MONTHS_KEPT = 4
    for offset in (-6, -5, -4):
        remember(shifted(NOW, offset) + timedelta(days=3))

    dropped = [drop_old_months(), drop_old_months()]

    assert dropped == [[shifted(NOW, offset) for offset in range(-MONTHS_BEHIND, -4)], []]
    assert existing_months() == months(behind=4)
    assert events_kept_since() == shifted(NOW, -4)
    assert [one.occurred_at for one in Event.objects.all()] == [shifted(NOW, -4) + timedelta(days=3)]


def test_a_month_that_may_still_get_events_is_never_dropped(scope, settings):
    settings.EVENT_MONTHS_KEPT, settings.EVENT_LATE_DAYS = 1, 100

    drop_old_months()
    ensure_partitions(behind=months_taken())

    assert existing_months() == months(behind=months_taken())
    assert months_taken() >= 3


def test_the_daily_job_drops_them_once(db, settings, work_off):
    settings.EVENT_MONTHS_KEPT = 12
    with every_organization(reason="the schedule belongs to no organization"):
        Job.objects.create(kind="drop_old_events", lane="short", key="today")

    work_off()

    assert Job.objects.get().state == JobState.SUCCEEDED
    assert [one.month for one in DroppedMonth.objects.all()] == [shifted(NOW, -MONTHS_BEHIND).date()]
