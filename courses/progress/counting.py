"""What counts, and what of it is done: the one predicate in SQL, and how far somebody is by it.

Pages, API, back office, certificates, CSV and `prove_progress` all read it. `item` is a row of `courses_contentitem`,
`done` the completion of that item by one enrollment, or nulls.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from core.tenancy import current_organization_id

#: The item is to be done now: published, required, and the learner is not excused from it.
COUNTS = "(item.state = 'published' AND item.is_required AND done.reason IS DISTINCT FROM 'excused')"
#: The learner has done it.
DONE = "(done.reason IS NOT NULL AND done.reason <> 'excused')"

#: Whether a row of a query set of items counts for one enrollment.
ITEM_COUNTS = f"""(
SELECT {COUNTS} FROM courses_contentitem item
LEFT JOIN courses_completion done ON done.item_id = item.id AND done.enrollment_id = %s
WHERE item.id = courses_contentitem.id
)"""  # noqa: S608 (made of constants)

STANDINGS = f"""
SELECT mine.id, count(*) FILTER (WHERE {COUNTS} AND {DONE}), count(*) FILTER (WHERE {COUNTS})
FROM courses_enrollment mine
JOIN courses_chapter chapter ON chapter.course_id = mine.course_id
JOIN courses_contentitem item ON item.chapter_id = chapter.id
LEFT JOIN courses_completion done ON done.item_id = item.id AND done.enrollment_id = mine.id
WHERE mine.organization_id = %(organization)s AND mine.id = ANY(%(enrollments)s)
GROUP BY mine.id
"""  # noqa: S608 (made of constants)


@dataclass(frozen=True)
class Standing:
    """How far a learner is: `completed` of `total` items that count.

    `percentage` 0–100, rounded down; None where nothing counts.
    """

    completed: int
    total: int

    @property
    def percentage(self) -> int | None:
        return 100 * self.completed // self.total if self.total else None

    @property
    def is_complete(self) -> bool:
        return 0 < self.total == self.completed


NOTHING = Standing(0, 0)


def standings_of(enrollment_ids: Iterable[UUID]) -> dict[UUID, Standing]:
    """How far each of these enrollments is. One statement."""
    keys = list(enrollment_ids)
    found = _count(keys) if keys else []
    counted = {key: Standing(completed, total) for key, completed, total in found}
    return {key: counted.get(key, NOTHING) for key in keys}


def counts_for(enrollment_id: UUID) -> RawSQL:
    """An annotation of items: whether it counts now for this learner."""
    return RawSQL(ITEM_COUNTS, [enrollment_id], output_field=BooleanField())  # noqa: S611 (made of constants)


def standing_of(enrollment_id: UUID) -> Standing:
    return standings_of([enrollment_id])[enrollment_id]


def _count(keys: list[UUID]) -> list[tuple[UUID, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(STANDINGS, {"organization": current_organization_id(), "enrollments": keys})
        return cursor.fetchall()
