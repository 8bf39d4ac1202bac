"""Database time of the dashboards (creator, media, course; 30 days and those before) at ten million stored events ÷ at
one million.

`ratio`: the library is ten times as old, a day is as busy. `busier`: a day is ten times as busy, the library as old;
its days then know ten times as many learners, who are counted.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import Organization, User
from accounts.models.membership import Role
from analytics.reports.behind import QUIET_DAYS
from analytics.reports.course import course_report
from analytics.reports.creator import creator_report
from analytics.reports.media import media_report
from analytics.reports.periods import last_days
from analytics.services.rollup import roll_up
from core.tenancy import organization_scope
from courses.models import Course
from media_library.models import Media
from tests.benchmarks.ground import alternate, ratio, summary
from tests.benchmarks.people import maker
from tests.benchmarks.rollup import history

FEW, MANY, ROUNDS = 1_000_000, 10_000_000, 31
DAYS = 30
KNOWN = 2 * DAYS  # each range is compared with the one before it


def measure(data: Path) -> dict[str, Any]:
    by = maker(history(FEW, days=KNOWN, slug="young"))
    history(MANY, days=10 * KNOWN, slug="old")
    history(MANY, days=KNOWN, slug="busy")
    sides = {place.slug: _asked(place, by) for place in Organization.objects.all()}
    old, young = alternate(sides["old"], sides["young"], rounds=ROUNDS)
    busy, calm = alternate(sides["busy"], sides["young"], rounds=ROUNDS)
    return {
        "ratio": ratio(old, young), "aim": 1.1, "unit": "ms", "old": summary(old), "young": summary(young),
        "busier": ratio(busy, calm), "busy": summary(busy),
    }  # fmt: skip


def _asked(organization: Organization, by: User) -> Callable[[], float]:
    """Everything is rolled up; asks for the three reports and answers the milliseconds that statements took."""
    by.roles[organization.pk] = Role.OWNER
    with organization_scope(organization):
        roll_up(organization, rebuild=True)
        media, course = Media.objects.order_by("pk")[0], Course.objects.get()

    def ask() -> float:
        period = last_days(DAYS, today=timezone.now().astimezone(organization.zone).date())
        clock = _Clock()
        with organization_scope(organization), connection.execute_wrapper(clock):
            creator_report(organization, period, by=by)
            media_report(media, period)
            course_report(course, period, quiet_days=QUIET_DAYS)
        return clock.milliseconds

    return ask


class _Clock:
    """Adds up how long statements take."""

    milliseconds = 0.0

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(*statement)
        finally:
            self.milliseconds += 1000 * (time.perf_counter() - start)
