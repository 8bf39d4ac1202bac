"""Which questions of a course are hard."""

from dataclasses import dataclass
from uuid import UUID

from analytics.reports.periods import Period
from analytics.reports.reading import percent, read
from courses.models import Course


@dataclass(frozen=True)
class AskedQuestion:
    """A question as it was last asked, over all graded attempts of the range.

    `right` of the `attempts` earned all of its points, `right_percent` says so in percent; `average` are the points
    earned in percent of those possible. 0–100.
    """

    id: str
    quiz: UUID
    item: str
    prompt: str
    attempts: int
    right: int
    right_percent: float
    average: float


QUESTIONS = """
SELECT asked.question->>'id' AS id, asked.quiz_id AS quiz, min(item.title) AS item,
    (array_agg(asked.question->>'prompt' ORDER BY asked.submitted_at DESC))[1] AS prompt,
    count(*) AS attempts, count(*) FILTER (WHERE asked.points >= asked.possible) AS "right",
    round(avg(100 * asked.points / asked.possible), 1)::float AS average
FROM (
    SELECT attempt.quiz_id, attempt.submitted_at, question, (question->>'points')::numeric AS possible,
        coalesce((attempt.results->>(question->>'id'))::numeric, 0) AS points
    FROM courses_attempt attempt
    JOIN courses_enrollment mine ON mine.id = attempt.enrollment_id AND mine.course_id = %(course)s
    CROSS JOIN LATERAL jsonb_array_elements(attempt.questions) AS question
    WHERE attempt.organization_id = %(organization)s AND attempt.state = 'graded'
        AND attempt.submitted_at >= %(begin)s AND attempt.submitted_at < %(finish)s
) AS asked
LEFT JOIN courses_contentitem item ON item.quiz_id = asked.quiz_id
GROUP BY asked.question->>'id', asked.quiz_id
ORDER BY count(*) FILTER (WHERE asked.points >= asked.possible)::float / count(*), average, id"""


def quiz_difficulty(course: Course, period: Period) -> list[AskedQuestion]:
    """The hardest first. One statement."""
    begin, finish = period.moments(course.organization.zone)
    rows = read(QUESTIONS, {"course": course.pk, "begin": begin, "finish": finish})
    return [AskedQuestion(**row, right_percent=percent(row["right"], row["attempts"])) for row in rows]
