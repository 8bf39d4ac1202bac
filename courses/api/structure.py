"""A course as one tree. Plain values all the way from the statement to JSON: there may be thousands of items."""

from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.models import Organization
from core.tenancy import current_organization_id
from courses.availability import Opening
from courses.learn_space.lessons import place_of, read_locks
from courses.models import Course, Enrollment
from courses.progress.counting import DONE

#: All chapters in order with their items, empty ones for makers; columns as `CHAPTER`, `ITEM` and `has_rules`.
TREE = f"""
SELECT chapter.id::text, chapter.title, chapter.description, chapter.position,
       item.id::text, item.type, item.title, item.position, item.state, item.is_required, item.estimated_minutes,
       CASE WHEN item.type = 'video' THEN
           courses_needed_percent(item.watched_from, course.watched_from, course.watched_slides, media.duration,
               course.organization_id)
       END, item.media_id::text, media.duration, item.quiz_id::text, item.assignment_id::text, item.resource_id::text,
       {DONE}, chapter.availability <> '{{}}' OR item.availability <> '{{}}'
FROM courses_chapter chapter
JOIN courses_course course ON course.id = chapter.course_id
LEFT JOIN courses_contentitem item ON item.chapter_id = chapter.id AND (%(drafts)s OR item.state = 'published')
LEFT JOIN media_library_media media ON media.id = item.media_id
LEFT JOIN courses_completion done ON done.item_id = item.id AND done.enrollment_id = %(enrollment)s
WHERE chapter.course_id = %(course)s AND chapter.organization_id = %(organization)s
  AND (%(drafts)s OR item.id IS NOT NULL)
ORDER BY chapter.position, item.position
"""  # noqa: S608 (made of constants)
CHAPTER = ("id", "title", "description", "position")
ITEM = (
    "id", "type", "title", "position", "state", "is_required", "estimated_minutes", "needed_percent", "media",
    "duration", "quiz", "assignment", "resource", "completed",
)  # fmt: skip
HELD = ("media", "quiz", "assignment", "resource")
UNLOCKED: dict[str, Any] = {"locked": False, "opens_at": None, "reasons": []}

Row = tuple[Any, ...]


def course_tree(course: Course, *, user: Any, organization: Organization, is_maker: bool) -> list[dict[str, Any]]:
    """Chapters with their items. Two statements, three where there are rules."""
    enrollment = Enrollment.objects.filter(course=course, user=user).first()
    rows = _read(course, enrollment.pk if enrollment else None, is_maker)
    locks: dict[UUID, Opening] = {}
    if enrollment is not None and enrollment.is_active and not is_maker:
        enrollment.course = course
        locks = _locks(rows, enrollment, user, organization)
    return [_chapter(list(group), locks) for _, group in groupby(rows, key=itemgetter(0))]


def _read(course: Course, enrollment: UUID | None, is_maker: bool) -> list[Row]:
    given = {
        "course": course.pk, "enrollment": enrollment, "drafts": is_maker, "organization": current_organization_id(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(TREE, given)
        return cursor.fetchall()


def _chapter(rows: list[Row], locks: dict[UUID, Opening]) -> dict[str, Any]:
    start = len(CHAPTER)
    items = [_item(row[start:-1], locks) for row in rows if row[start] is not None]
    return {**dict(zip(CHAPTER, rows[0], strict=False)), "items": items}


def _item(row: Row, locks: dict[UUID, Opening]) -> dict[str, Any]:
    item = {**dict(zip(ITEM, row, strict=True)), **UNLOCKED}
    lock = locks.get(UUID(item["id"])) if locks else None
    return item if lock is None else {**item, **_locked(lock)}


def _locked(lock: Opening) -> dict[str, Any]:
    """It is there, and holds nothing here."""
    return {"locked": True, "opens_at": lock.opens_at, "reasons": list(lock.reasons), **dict.fromkeys(HELD)}


def _locks(rows: list[Row], enrollment: Enrollment, user: Any, organization: Organization) -> dict[UUID, Opening]:
    of_course = place_of(enrollment, organization).opening()
    if not of_course.is_open:
        return {UUID(row[len(CHAPTER)]): of_course for row in rows if row[len(CHAPTER)]}
    return read_locks(enrollment, user=user, organization=organization) if any(row[-1] for row in rows) else {}
