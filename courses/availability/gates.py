"""Who may open what now: the rows of an outline, asked of `courses.availability`.

Every door asks here, so that page, API, file and search cannot disagree: `openings_of` for a learner at the items of a
course, `open_gated_items` for all courses a learner takes, as the doors of media need it. Makers are asked by nobody.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from core.tenancy import current_organization_id
from courses.availability import OPEN, Facts, Opening, Period, both, opening, opening_of_course, stored_availability
from courses.progress.counting import COUNTS, DONE

#: Whether anything in the organization has rules; two small indexes answer it.
HAS_RULES = """
SELECT EXISTS (SELECT FROM courses_chapter WHERE organization_id = %(organization)s AND availability <> '{}')
    OR EXISTS (SELECT FROM courses_contentitem WHERE organization_id = %(organization)s AND availability <> '{}')
"""
#: All items of the courses somebody takes in which anything has rules; columns in the order of `GatedItem`.
GATED = f"""
SELECT mine.id, mine.started_at, organization.time_zone,
       chapter.id, chapter.title, item.id, item.title, {COUNTS}, {DONE}, done.reason,
       NULLIF(chapter.availability, '{{}}'), NULLIF(item.availability, '{{}}'), grade.percent
FROM courses_enrollment mine
JOIN accounts_organization organization ON organization.id = mine.organization_id
JOIN courses_course course ON course.id = mine.course_id
JOIN courses_chapter chapter ON chapter.course_id = course.id
JOIN courses_contentitem item ON item.chapter_id = chapter.id
LEFT JOIN courses_completion done ON done.item_id = item.id AND done.enrollment_id = mine.id
LEFT JOIN courses_grade grade ON grade.item_id = item.id AND grade.enrollment_id = mine.id
WHERE mine.organization_id = %(organization)s AND mine.user_id = %(user)s AND mine.is_active AND course.is_published
  AND item.state = 'published' AND course.id IN (
    SELECT part.course_id FROM courses_chapter part
    LEFT JOIN courses_contentitem held ON held.chapter_id = part.id
    WHERE part.organization_id = %(organization)s AND (part.availability <> '{{}}' OR held.availability <> '{{}}')
  )
ORDER BY mine.id, chapter.position, item.position
"""  # noqa: S608 (made of constants)

PERCENTS = "SELECT item_id, percent FROM courses_grade WHERE organization_id = %s AND enrollment_id = %s"


class Locked(Refused, PermissionDenied):
    """The item is there, and not open to this learner yet, or no longer: 403, whichever door was tried."""

    def __init__(self, opening: Opening) -> None:
        super().__init__("locked", opening.words, fields={"item": list(opening.reasons)}, status=403)
        self.opening = opening


class Gated(Protocol):
    """An item in its place in the outline, with what this learner did; rules are JSON as PostgreSQL writes it."""

    @property
    def chapter_id(self) -> UUID: ...
    @property
    def chapter_title(self) -> str: ...
    @property
    def id(self) -> UUID: ...
    @property
    def title(self) -> str: ...
    @property
    def counts(self) -> bool: ...
    @property
    def is_done(self) -> bool: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def chapter_availability(self) -> Any: ...
    @property
    def availability(self) -> Any: ...


class GatedItem(NamedTuple):
    """A row of `GATED`."""

    enrollment_id: UUID
    enrolled_at: datetime
    time_zone: str
    chapter_id: UUID
    chapter_title: str
    id: UUID
    title: str
    counts: bool
    is_done: bool
    reason: str | None
    chapter_availability: Any
    availability: Any
    percent: Decimal | None


@dataclass(frozen=True)
class Place:
    """A learner in a course: since when, in which period, by which clock."""

    enrollment_id: UUID
    enrolled_at: datetime
    period: Period
    zone: ZoneInfo

    def opening(self) -> Opening:
        """Of the course as a whole."""
        return opening_of_course(self.period, now=timezone.now(), zone=self.zone)


def openings_of(rows: Sequence[Gated], place: Place) -> dict[UUID, Opening]:
    """What is shut, by key of the item: whatever is not among them is open.

    `rows` are the published items of the course in order. No statement, but where a rule asks for a score.
    """
    of_course = place.opening()
    if not of_course.is_open:
        return {row.id: of_course for row in rows}
    if not has_rules(rows):
        return {}
    percents = _percents(place.enrollment_id) if _asks_for_scores(rows) else {}
    return _locks(rows, Facts(timezone.now(), place.zone, place.enrolled_at, *_settled(rows), percents))


def has_rules(rows: Iterable[Gated]) -> bool:
    return any(row.availability or row.chapter_availability for row in rows)


def open_gated_items(user_id: Any) -> list[UUID]:
    """Items that have rules, or whose chapter has, and are open to this learner.

    One small statement where the organization has no rules at all, two where it has.

    Of the dates of courses and enrollments it knows nothing: those are conditions of SQL (`courses.entitlement`).
    """
    given = {"organization": current_organization_id(), "user": user_id}
    with connection.cursor() as cursor:
        cursor.execute(HAS_RULES, given)
        if cursor.fetchone() == (False,):
            return []
        cursor.execute(GATED, given)
        found = [GatedItem._make(row) for row in cursor.fetchall()]
    return [key for _, rows in groupby(found, key=lambda row: row.enrollment_id) for key in _open_ones(list(rows))]


def _open_ones(rows: list[GatedItem]) -> list[UUID]:
    percents = {row.id: row.percent for row in rows if row.percent is not None}
    zone = ZoneInfo(rows[0].time_zone)
    locks = _locks(rows, Facts(timezone.now(), zone, rows[0].enrolled_at, *_settled(rows), percents))
    return [row.id for row in rows if row.id not in locks and (row.availability or row.chapter_availability)]


def _settled(rows: Sequence[Gated]) -> tuple[Mapping[UUID, str], frozenset[UUID], frozenset[UUID]]:
    """Titles of all there is; items done; what is settled: items done or excused from, chapters with nothing left."""
    chapters = {row.chapter_id: row.chapter_title for row in rows}
    left = {row.chapter_id for row in rows if row.counts and not row.is_done}
    settled = {row.id for row in rows if row.reason is not None} | (chapters.keys() - left)
    return {**chapters, **{row.id: row.title for row in rows}}, _done(rows), frozenset(settled)


def _done(rows: Iterable[Gated]) -> frozenset[UUID]:
    return frozenset(row.id for row in rows if row.is_done)


def _locks(rows: Iterable[Gated], facts: Facts) -> dict[UUID, Opening]:
    """What was done stays open, whatever its rules say by now."""
    locks: dict[UUID, Opening] = {}
    last_chapter: UUID | None = None
    last_item: UUID | None = None
    for key, items in groupby(rows, key=lambda row: row.chapter_id):
        group = list(items)
        of_chapter = _opening(group[0].chapter_availability, facts, previous=last_chapter)
        for row in group:
            found = both(of_chapter, _opening(row.availability, facts, previous=last_item))
            if not found.is_open and row.id not in facts.done:
                locks[row.id] = found
            last_item = row.id if row.counts else last_item
        last_chapter = key if any(row.counts for row in group) else last_chapter
    return locks


def _opening(rules: Any, facts: Facts, *, previous: UUID | None) -> Opening:
    if not rules:
        return OPEN
    availability = stored_availability(json.loads(rules) if isinstance(rules, str) else rules)
    if availability is None:
        return Opening(False, None, (_("Its rules cannot be read. Please tell those who make this course."),))
    return opening(availability, replace(facts, previous=previous))


def _asks_for_scores(rows: Iterable[Gated]) -> bool:
    return any("min_score" in str(rules) for row in rows for rules in (row.availability, row.chapter_availability))


def _percents(enrollment_id: UUID) -> dict[UUID, Decimal]:
    with connection.cursor() as cursor:
        cursor.execute(PERCENTS, [current_organization_id(), enrollment_id])
        return dict(cursor.fetchall())
