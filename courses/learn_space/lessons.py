"""What the lesson page reads. The hottest page: plain tuples instead of objects, and few joins a statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.db import connection
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Organization
from core.tenancy import current_organization_id
from courses.access import is_maker, may_learn
from courses.availability import OPEN, Opening, Period
from courses.availability.gates import Locked, Place, openings_of
from courses.entitlement import Sight, sight_of
from courses.learn_space.lessons_sql import ITEM, OUTLINE
from courses.learn_space.outline import OutlineRow, Standing, neighbors, standing
from courses.models import ContentItem, Enrollment


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
    awards_certificate: bool
    metadata: Any  # as PostgreSQL writes JSON
    started_at: datetime | None
    ends_at: datetime | None
    opens_at: datetime | None
    closes_at: datetime | None
    has_rules: bool
    needed_percent: int


@dataclass(frozen=True)
class Lesson:
    """An item among the others of its course, how far the learner is, and why it is shut to them if it is."""

    item: LessonItem
    rows: Sequence[OutlineRow]
    at: Standing
    previous: OutlineRow | None
    next: OutlineRow | None
    is_done: bool
    lock: Opening | None = None


def find_item(item_id: UUID, *, course: str, user: Any, organization: Organization) -> LessonItem:
    """The item as this person may open it. One statement, two where it has rules.

    Raises Http404, NotEnrolled or Locked.
    """
    item = look_up_item(item_id, course=course, user=user, organization=organization)
    if item.enrollment_id is not None and not is_maker(user, organization):
        place = _place_at(item, organization)
        rows = _outline_of(item.course_id, place, user) if item.has_rules else []
        _refuse_locked(item.id, place, rows)
    return item


def look_up_item(item_id: UUID, *, course: str, user: Any, organization: Organization) -> LessonItem:
    """The item, locked or not, for who shows no more of it than that. One statement. Raises Http404 or NotEnrolled."""
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
    """An item to be worked on, and one's own enrollment. Whoever only previews has none. Raises Http404 or Locked."""
    if not may_learn(user, organization):
        raise Http404
    mine = Enrollment.objects.filter(course__slug=course, course__is_published=True, user=user, is_active=True)
    enrollment = get_object_or_404(mine.select_related("course"))
    items = ContentItem.objects.published().of_course(enrollment.course_id).select_related("quiz", "chapter")
    item = get_object_or_404(items, pk=item_id)
    refuse_locked(item, enrollment=enrollment, user=user, organization=organization)
    return item, enrollment


def refuse_locked(item: ContentItem, *, enrollment: Enrollment, user: Any, organization: Organization) -> None:
    """The lock of every door that has the item and the enrollment in hand. Raises Locked; makers are let through.

    No statement where nothing has rules, if the item came with its chapter and the enrollment with its course.
    """
    if is_maker(user, organization):
        return
    place = place_of(enrollment, organization)
    has_rules = item.availability or item.chapter.availability
    rows = _outline_of(enrollment.course_id, place, user) if has_rules else []
    _refuse_locked(item.pk, place, rows)


def refuse_locked_to(user: Any, item: ContentItem, *, organization: Organization) -> None:
    """The same, for a door that has the item only. One statement more. Raises Http404 or Locked."""
    if is_maker(user, organization):
        return
    mine = Enrollment.objects.filter(course=item.chapter.course_id, user=user, is_active=True)
    enrollment = get_object_or_404(mine.select_related("course"))
    refuse_locked(item, enrollment=enrollment, user=user, organization=organization)


def place_of(enrollment: Enrollment, organization: Organization) -> Place:
    course = enrollment.course
    period = Period(course.opens_at, course.closes_at, enrollment.ends_at)
    return Place(enrollment.pk, enrollment.started_at, period, organization.zone)


def _place_at(item: LessonItem, organization: Organization) -> Place:
    """Of an item that a learner takes, so that it came with their enrollment."""
    period = Period(item.opens_at, item.closes_at, item.ends_at)
    return Place(cast(UUID, item.enrollment_id), cast(datetime, item.started_at), period, organization.zone)


def place_at(course: Any, organization: Organization) -> Place:
    """Of a course read `with_enrollment_of` a learner who takes it."""
    period = Period(course.opens_at, course.closes_at, course.enrollment_ends_at)
    return Place(course.enrollment_id, course.enrolled_at, period, organization.zone)


def read_locks(enrollment: Enrollment, *, user: Any, organization: Organization) -> dict[UUID, Opening]:
    """What is shut to a learner in their course, by key of the item. One statement."""
    place = place_of(enrollment, organization)
    return openings_of(_outline_of(enrollment.course_id, place, user), place)


def _refuse_locked(item_id: UUID, place: Place, rows: Sequence[OutlineRow]) -> None:
    of_course = place.opening()
    found = openings_of(rows, place).get(item_id, OPEN) if of_course.is_open else of_course
    if not found.is_open:
        raise Locked(found)


def _outline_of(course_id: UUID, place: Place, user: Any) -> list[OutlineRow]:
    return read_outline(course_id, user=user, enrollment_id=place.enrollment_id, is_maker=False)


def lock(rows: Sequence[OutlineRow], place: Place) -> Sequence[OutlineRow]:
    """The rows, those that are shut to this learner with when and why."""
    locks = openings_of(rows, place)
    return [row._replace(lock=locks.get(row.id)) for row in rows] if locks else rows


def read_outline(course_id: UUID, *, user: Any, enrollment_id: UUID | None, is_maker: bool) -> list[OutlineRow]:
    """All items in order with what this learner has done; makers see drafts too. One statement."""
    values = {"course": course_id, "user": user.pk, "enrollment": enrollment_id, "drafts": is_maker}
    return [OutlineRow(*row) for row in _fetch(OUTLINE, values)]


def _fetch(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, "organization": current_organization_id()})
        return cursor.fetchall()


def open_lesson(item: LessonItem, *, user: Any, organization: Organization) -> Lesson:
    """The course around an item that `find_item` found. One statement."""
    maker = is_maker(user, organization)
    rows: Sequence[OutlineRow] = read_outline(
        item.course_id, user=user, enrollment_id=item.enrollment_id, is_maker=maker
    )
    if item.enrollment_id is not None and not maker:
        rows = lock(rows, _place_at(item, organization))
    previous, following = neighbors(rows, item.id)
    here = next((row for row in rows if row.id == item.id), None)
    return Lesson(
        item, rows, standing(rows), previous, following,
        is_done=here is not None and here.is_done, lock=here.lock if here else None,
    )  # fmt: skip
