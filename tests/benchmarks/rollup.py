"""Rolling up one day out of ten million events, writing included ÷ counting and summing just the events of that day."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import Organization
from analytics.models import CourseDay, MediaDay
from analytics.services.rollup import roll_up_day, values_of
from core.tenancy import organization_scope
from tests.benchmarks.ground import alternate, ratio, summary
from tests.benchmarks.history import fill_events
from tests.benchmarks.library import course_of, film
from tests.benchmarks.people import found, learner

EVENTS, DAYS, MEDIA, LEARNERS, ROUNDS = 10_000_000, 30, 100, 1000, 5
SCAN = """
SELECT count(*), sum(seconds) FROM analytics_event
WHERE organization_id = %(organization)s AND id >= %(start_id)s AND id < %(end_id)s"""


def measure(data: Path) -> dict[str, Any]:
    organization = history()
    day = timezone.now().astimezone(organization.zone).date() - timedelta(days=DAYS // 2)
    with organization_scope(organization):
        ours, scan = alternate(
            lambda: milliseconds(lambda: anew(organization, day)),
            lambda: milliseconds(lambda: scanned(SCAN, values_of(day, organization))),
            rounds=ROUNDS,
        )
        again = milliseconds(lambda: roll_up_day(organization, day))
        rows = MediaDay.objects.count(), CourseDay.objects.count()
    return {
        "ratio": ratio(ours, scan), "aim": 6, "unit": "ms", "ours": summary(ours), "scan": summary(scan),
        "again": round(again, 1), "rows": rows,
    }  # fmt: skip


def history(events: int = EVENTS, *, days: int = DAYS, slug: str = "benchmark") -> Organization:
    """An organization in which so much has happened, all of it in one course."""
    organization = found(slug)
    with organization_scope(organization):
        films = [film(number) for number in range(MEDIA)]
        course = course_of(films, chapters=10)
        people = [learner(organization, number).pseudonym for number in range(LEARNERS)]
        fill_events(
            organization, events, days=days, media=[one.pk for one in films], learners=people, course=course.pk
        )  # fmt: skip
    return organization


def anew(organization: Organization, day: date) -> None:
    """As the first time: what is stored of that day is forgotten before."""
    MediaDay.objects.filter(day=day).delete()
    CourseDay.objects.filter(day=day).delete()
    roll_up_day(organization, day)


def scanned(statement: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.fetchall()


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)
