"""What the lesson page reads. The hottest page: plain tuples instead of objects, and few joins a statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Organization
from core.tenancy import current_organization_id
from courses.access import is_maker, may_learn
from courses.entitlement import Sight, sight_of
from courses.lessons_sql import ITEM, OUTLINE
from courses.models import ContentItem, Enrollment
from courses.outline import OutlineRow, Standing, neighbors, standing


class NotEnrolled(Exception):
    """The course exists and may be seen, but one has to enroll first."""


class LessonItem(NamedTuple):
    """An item, where it stands, and the learner's enrollment; `enrollment_id` is None for a maker who previews."""

    id: UUID
    title: str
    type: str
    description: str
    text: str
    is_required: bool
    minutes: int | None
    media_id: UUID | None
    quiz_id: UUID | None
    pass_mark: int | None
    max_attempts: int | None
    chapter_title: str
    course_id: UUID
    course_title: str
    is_published: bool
    enrollment_id: UUID | None
    last_item_id: UUID | None
    last_accessed_at: datetime | None


@dataclass(frozen=True)
class Lesson:
    """An item among the others of its course, and how far the learner is."""

    item: LessonItem
    rows: Sequence[OutlineRow]
    at: Standing
    previous: OutlineRow | None
    next: OutlineRow | None
    is_done: bool


def find_item(item_id: UUID, *, course: str, user: Any, organization: Organization) -> LessonItem:
    """The item as this person may open it. One statement. Raises Http404 or NotEnrolled."""
    if not may_learn(user, organization):
        raise Http404
    maker = is_maker(user, organization)
    rows = _fetch(ITEM, {"item": item_id, "course": course, "user": user.pk, "drafts": maker})
    if not rows:
        raise Http404
    item = LessonItem._make(rows[0])
    if item.enrollment_id is None and not maker:
        raise NotEnrolled if sight_of(user, organization) is Sight.PUBLISHED else Http404
    return item


def find_own_item(
    item_id: UUID, *, course: str, user: Any, organization: Organization
) -> tuple[ContentItem, Enrollment]:
    """An item to be worked on, and one's own enrollment. Whoever only previews has none. Raises Http404."""
    if not may_learn(user, organization):
        raise Http404
    mine = Enrollment.objects.filter(course__slug=course, course__is_published=True, user=user, is_active=True)
    enrollment = get_object_or_404(mine)
    items = ContentItem.objects.published().of_course(enrollment.course_id).select_related("quiz")
    return get_object_or_404(items, pk=item_id), enrollment


def read_outline(course_id: UUID, *, user: Any, enrollment_id: UUID | None, is_maker: bool) -> list[OutlineRow]:
    """All items in order with what this learner has done; makers see drafts too. One statement."""
    values = {"course": course_id, "user": user.pk, "enrollment": enrollment_id, "drafts": is_maker}
    return [OutlineRow._make(row) for row in _fetch(OUTLINE, values)]


def _fetch(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, "organization": current_organization_id()})
        return cursor.fetchall()


def open_lesson(item: LessonItem, *, user: Any, organization: Organization) -> Lesson:
    """The course around an item that `find_item` found. One statement."""
    maker = is_maker(user, organization)
    rows = read_outline(item.course_id, user=user, enrollment_id=item.enrollment_id, is_maker=maker)
    previous, following = neighbors(rows, item.id)
    is_done = any(row.is_done for row in rows if row.id == item.id)
    return Lesson(item, rows, standing(rows), previous, following, is_done)
