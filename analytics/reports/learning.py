"""What was done in courses: sums of their days, and the learners of a range, each counted once."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from analytics.reports.periods import Period
from analytics.reports.reading import Whose, read_days
from courses.models import Course


def one_course(course: Course) -> Whose:
    return Whose("AND course_id = %(course)s", {"course": course.pk})


def courses_of(creator: Any) -> Whose:
    theirs = "SELECT id FROM courses_course WHERE organization_id = %(organization)s AND created_by_id = %(creator)s"
    return Whose(f"AND course_id IN ({theirs})", {"creator": creator.pk})


@dataclass(frozen=True)
class Learning:
    """`learners` are distinct people who did anything; `watch_seconds` in seconds, of videos opened from lessons.

    `quiz_percent` (0–100) is the average of the quizzes submitted; None without any. `computed_at` is when the days
    were last changed; None: nothing was rolled up.
    """

    enrollments: int = 0
    learners: int = 0
    completions: int = 0
    views: int = 0
    watch_seconds: int = 0
    items_completed: int = 0
    quizzes_submitted: int = 0
    quizzes_passed: int = 0
    quiz_percent: float | None = None
    assignments_submitted: int = 0
    ai_interactions: int = 0
    computed_at: datetime | None = None


@dataclass(frozen=True)
class LearningDay:
    day: date
    enrollments: int = 0
    learners: int = 0
    items_completed: int = 0
    completions: int = 0
    watch_seconds: int = 0


DAYS = """
WITH days AS MATERIALIZED (
    SELECT * FROM analytics_courseday
    WHERE organization_id = %(organization)s AND day BETWEEN %(first)s AND %(last)s {which}
)"""

TOTALS = """
SELECT coalesce(sum(enrollments), 0)::int AS enrollments,
    (SELECT count(DISTINCT learner) FROM (SELECT unnest(learner_keys) AS learner FROM days) AS did) AS learners,
    coalesce(sum(completions), 0)::int AS completions, coalesce(sum(views), 0)::int AS views,
    coalesce(sum(watch_seconds), 0)::bigint AS watch_seconds,
    coalesce(sum(items_completed), 0)::int AS items_completed,
    coalesce(sum(quizzes_submitted), 0)::int AS quizzes_submitted,
    coalesce(sum(quizzes_passed), 0)::int AS quizzes_passed,
    round((sum(quiz_percents) / nullif(sum(quizzes_submitted), 0))::numeric, 1)::float AS quiz_percent,
    coalesce(sum(assignments_submitted), 0)::int AS assignments_submitted,
    coalesce(sum(ai_interactions), 0)::int AS ai_interactions, max(computed_at) AS computed_at
FROM days"""

BY_DAY = """,
counted AS (
    SELECT day, count(DISTINCT learner) AS learners
    FROM (SELECT day, unnest(learner_keys) AS learner FROM days) AS did GROUP BY day
)
SELECT day, sum(enrollments)::int AS enrollments, coalesce(max(counted.learners), 0)::int AS learners,
    sum(items_completed)::int AS items_completed, sum(completions)::int AS completions,
    sum(watch_seconds)::bigint AS watch_seconds
FROM days LEFT JOIN counted USING (day) GROUP BY day"""


def learning(whose: Whose, period: Period) -> Learning:
    """One statement."""
    row = read_days(DAYS + TOTALS, whose, period)[0]
    return Learning(**{one.name: row[one.name] for one in fields(Learning)})


def learning_days(whose: Whose, period: Period) -> tuple[list[LearningDay], list[LearningDay]]:
    """Each day of the range, and each of the one before. One statement."""
    before = period.previous
    rows = read_days(DAYS + BY_DAY, whose, Period(before.first, period.last))
    found = {row["day"]: LearningDay(**row) for row in rows}
    now, then = ([found.get(day, LearningDay(day)) for day in one.days] for one in (period, before))
    return now, then
