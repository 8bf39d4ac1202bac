"""How far through a course its learners have come: item by item, in order."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from analytics.reports.reading import percent, read
from courses.models import Course
from courses.progress.counting import DONE


@dataclass(frozen=True)
class Step:
    """How many of the active learners have `done` an item; `percent` (0–100) of those who are not excused from it."""

    id: UUID
    title: str
    chapter: str
    type: str
    is_required: bool
    done: int
    percent: float


FUNNEL = f"""
SELECT item.id, item.title, chapter.title AS chapter, item.type, item.is_required,
    count(*) FILTER (WHERE {DONE}) AS done, count(*) FILTER (WHERE done.reason = 'excused') AS excused
FROM courses_contentitem item
JOIN courses_chapter chapter ON chapter.id = item.chapter_id
LEFT JOIN (
    courses_completion done JOIN courses_enrollment mine ON mine.id = done.enrollment_id AND mine.is_active
) ON done.item_id = item.id
WHERE item.organization_id = %(organization)s AND chapter.course_id = %(course)s AND item.state = 'published'
GROUP BY item.id, chapter.id ORDER BY chapter.position, item.position
"""  # noqa: S608 (made of constants)


def funnel(course: Course, *, learners: int) -> list[Step]:
    """The published items in order; `learners` are active ones. One statement."""
    rows = read(FUNNEL, {"course": course.pk})
    return [_step(row.pop("excused"), learners, **row) for row in rows]


def _step(excused: int, learners: int, *, done: int, **item: Any) -> Step:
    return Step(**item, done=done, percent=percent(done, learners - excused))
