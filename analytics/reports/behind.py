"""Who of a course's learners may need a word."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.reports.reading import read
from core.errors import Refused
from courses.models import Course
from courses.progress.counting import COUNTS, DONE

QUIET_DAYS = 14
MOST_LEARNERS = 50
WORDS = {"quiet": gettext_lazy("Nothing done lately"), "slow": gettext_lazy("Far behind the others")}


@dataclass(frozen=True)
class LearnerBehind:
    """`reason` is quiet (opened nothing for so long) or slow (less than half of what half of the others have done).

    `percentage` of the items that count is done, 0–100.
    """

    enrollment: UUID
    name: str
    reason: str
    percentage: int
    started_at: datetime
    last_accessed_at: datetime

    @property
    def reason_words(self) -> str:
        return str(WORDS[self.reason])


@dataclass(frozen=True)
class Behind:
    """The 50 who opened the course the longest ago; `total` counts all. `median` percentage of all active learners."""

    quiet_days: int
    median: float
    total: int
    learners: list[LearnerBehind]


STANDINGS = f"""
WITH standing AS (
    SELECT mine.id, mine.user_id, mine.started_at, mine.last_accessed_at,
        count(*) FILTER (WHERE {COUNTS} AND {DONE}) AS completed, count(*) FILTER (WHERE {COUNTS}) AS total
    FROM courses_enrollment mine
    JOIN courses_chapter chapter ON chapter.course_id = mine.course_id
    JOIN courses_contentitem item ON item.chapter_id = chapter.id
    LEFT JOIN courses_completion done ON done.item_id = item.id AND done.enrollment_id = mine.id
    WHERE mine.organization_id = %(organization)s AND mine.course_id = %(course)s AND mine.is_active
    GROUP BY mine.id
),
shares AS (SELECT *, (100 * completed / total)::int AS percentage FROM standing WHERE total > 0),
middle AS (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY percentage) AS median FROM shares),
late AS (
    SELECT shares.*, CASE WHEN last_accessed_at < %(quiet_since)s THEN 'quiet' ELSE 'slow' END AS reason
    FROM shares, middle
    WHERE completed < total AND started_at < %(quiet_since)s
        AND (last_accessed_at < %(quiet_since)s OR percentage < median / 2)
        AND NOT EXISTS (SELECT FROM courses_coursecompletion ended WHERE ended.enrollment_id = shares.id)
)
SELECT late.id AS enrollment, coalesce(nullif(person.name, ''), person.email) AS name, late.reason, late.percentage,
    late.started_at, late.last_accessed_at, middle.median, count(late.id) OVER () AS total
FROM middle LEFT JOIN late ON true LEFT JOIN accounts_user person ON person.id = late.user_id
ORDER BY late.last_accessed_at, late.id LIMIT %(most)s
"""  # noqa: S608 (made of constants)


def learners_behind(course: Course, *, quiet_days: int = QUIET_DAYS) -> Behind:
    """Enrolled for as long, and not through. One statement."""
    quiet_since = timezone.now() - timedelta(days=quiet_days)
    rows = read(STANDINGS, {"course": course.pk, "quiet_since": quiet_since, "most": MOST_LEARNERS})
    median, total = rows[0]["median"] or 0.0, rows[0]["total"]
    return Behind(quiet_days, float(median), total, [_learner(row) for row in rows if row["enrollment"]])


def chosen_quiet_days(written: str | None) -> int:
    """1 to 365, 14 where nothing is said. Raises Refused `invalid` with the field `quiet_days`."""
    if not written:
        return QUIET_DAYS
    if written.isascii() and written.isdigit() and len(written) <= 3 and 1 <= int(written) <= 365:
        return int(written)
    words = _("Must be a whole number from 1 to 365.")
    raise Refused("invalid", words, fields={"quiet_days": [words]})


def _learner(row: dict[str, Any]) -> LearnerBehind:
    return LearnerBehind(**{name: row[name] for name in LearnerBehind.__annotations__})
