"""Whether what is rolled up is what happened."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.models import Organization
from analytics.models import CourseDay, MediaDay, RollupMark
from analytics.services.rollup import BEFORE_ALL, first_kept_day, touched_since, values_of
from analytics.services.rollup_sql import COMPARE


@dataclass(frozen=True)
class Difference:
    """One figure of a day: what is `stored`, and what the events say `now`; None where there is no row."""

    day: date
    table: str
    subject: UUID
    figure: str
    stored: Any
    now: Any

    def __str__(self) -> str:
        return f"{self.day} {self.table} {self.subject}: {self.figure} is {self.stored}, should be {self.now}"


def days_to_prove(organization: Organization) -> tuple[list[date], list[date]]:
    """The days that are rolled up, oldest first, and those that wait for the next run. Of neither events are gone."""
    mark = RollupMark.objects.first()
    waiting = touched_since(mark.done_until if mark else BEFORE_ALL, organization)
    known = touched_since(BEFORE_ALL, organization) | _stored_days()
    kept = first_kept_day(organization)
    return sorted(day for day in known - waiting if day >= kept), sorted(waiting)


def differences(organization: Organization, days: Iterable[date]) -> Iterator[Difference]:
    """Each figure of these days that is stored otherwise than the events say."""
    for day in days:
        with connection.cursor() as cursor:
            cursor.execute(COMPARE, values_of(day, organization))
            for table, subject, figure, stored, now in cursor.fetchall():
                yield Difference(day, table, subject, figure, _read(stored), _read(now))


def _read(figure: str | None) -> Any:
    """Django hands over JSON as it was written."""
    return None if figure is None else json.loads(figure)


def _stored_days() -> set[date]:
    return {*MediaDay.objects.values_list("day", flat=True), *CourseDay.objects.values_list("day", flat=True)}
