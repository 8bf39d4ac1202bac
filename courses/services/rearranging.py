"""Moving chapters and items about in a course. All raise Refused as courses.services.revising does."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, PositiveIntegerField, UUIDField, Value, When
from django.utils.translation import gettext as _

from core.errors import Refused
from core.ordering import move_to, put_in_order, renumber
from courses.availability import stored_availability
from courses.availability.rules import AfterChapter
from courses.models import Chapter, ContentItem, Course
from courses.services.authoring import MEDIA_TAKEN, refuse_media_twice
from courses.services.revising import revising

Order = Sequence[tuple[UUID, Sequence[UUID]]]  # chapters with their items


class Place(NamedTuple):
    """Where a row has come to: `number` of `total`, from 1."""

    number: int
    total: int


def move_chapter(chapter: Chapter, *, position: int, by: Any, revision: int | None = None) -> Place:
    """To a place counted from 1; beyond the end is the end."""
    with revising(chapter.course_id, by=by, revision=revision):
        siblings = Chapter.objects.filter(course=chapter.course_id)
        move_to(siblings, chapter.pk, position)
        return _place_of(chapter, siblings)


def move_item(item: ContentItem, *, to: Chapter, position: int | None, by: Any, revision: int | None = None) -> Place:
    """Into a chapter of its course, at a place counted from 1, else at the end.

    Raises Refused: media_taken, waits_for_itself.
    """
    with revising(to.course_id, by=by, revision=revision):
        item.refresh_from_db(fields=["chapter", "position"])
        left, siblings = item.chapter_id, ContentItem.objects.filter(chapter=to.pk)
        if left != to.pk:
            _enter(item, to, siblings)
        move_to(siblings, item.pk, position)
        if left != to.pk:
            renumber(ContentItem.objects.filter(chapter=left))
        return _place_of(item, siblings)


def _enter(item: ContentItem, chapter: Chapter, siblings: Any) -> None:
    refuse_media_twice(item, to=chapter)
    _refuse_waiting_for(chapter.pk, item)
    item.chapter, item.position = chapter, siblings.count() + 1
    item.save(update_fields=["chapter", "position", "updated_at"])


def _refuse_waiting_for(chapter: UUID, item: ContentItem) -> None:
    """What waits for a chapter cannot stand in it."""
    availability = stored_availability(item.availability)
    if availability is not None and AfterChapter(chapter) in availability.rules:
        words = _("“%(item)s” waits for this chapter, so it cannot stand in it. Change its rules first.")
        raise Refused("waits_for_itself", words % {"item": item}, status=409)


def _place_of(row: Chapter | ContentItem, siblings: Any) -> Place:
    row.refresh_from_db(fields=["position"])
    return Place(row.position, siblings.count())


def reorder(course: Course, order: Order, *, by: Any, revision: int | None = None) -> None:
    """The whole course at once. Raises Refused: wrong_order by field, where something is unknown, missing or twice."""
    with revising(course.pk, by=by, revision=revision):
        chapters = [chapter for chapter, _items in order]
        places = {item: (chapter, n) for chapter, items in order for n, item in enumerate(items, start=1)}
        named = [item for _chapter, items in order for item in items]
        _refuse_wrong_order(course, chapters, named)
        _refuse_media_twice(places)
        for item in ContentItem.objects.of_course(course).exclude(availability={}):
            _refuse_waiting_for(places[item.pk][0], item)
        put_in_order(Chapter.objects.filter(course=course), chapters)
        _settle(course, places)


def _settle(course: Course, places: Mapping[UUID, tuple[UUID, int]]) -> None:
    """One statement: whatever stands there is unique only when it is over."""
    if not places:
        return
    chapters = [When(pk=item, then=Value(chapter)) for item, (chapter, _n) in places.items()]
    numbers = [When(pk=item, then=Value(number)) for item, (_chapter, number) in places.items()]
    ContentItem.objects.of_course(course).update(
        chapter_id=Case(*chapters, output_field=UUIDField()),
        position=Case(*numbers, output_field=PositiveIntegerField()),
    )


def _refuse_wrong_order(course: Course, chapters: Sequence[UUID], items: Sequence[UUID]) -> None:
    there = {
        "chapters": set(course.chapters.values_list("pk", flat=True)),
        "items": set(ContentItem.objects.of_course(course).values_list("pk", flat=True)),
    }
    faults = {name: list(_order_faults(there[name], keys)) for name, keys in (("chapters", chapters), ("items", items))}
    fields = {name: found for name, found in faults.items() if found}
    if fields:
        raise Refused("wrong_order", _("Name each chapter and each item of the course once."), fields=fields)


def _order_faults(there: set[UUID], named: Sequence[UUID]) -> Any:
    yield from (_("%(id)s is not in this course.") % {"id": key} for key in dict.fromkeys(named) if key not in there)
    yield from (_("%(id)s is missing.") % {"id": key} for key in sorted(there - set(named)))
    if len(set(named)) < len(named):
        yield _("Something is named twice.")


def _refuse_media_twice(places: Mapping[UUID, tuple[UUID, int]]) -> None:
    held = ContentItem.objects.filter(pk__in=places, media__isnull=False).values_list("pk", "media")
    wanted = [(places[item][0], media) for item, media in held]
    if len(set(wanted)) < len(wanted):
        raise Refused("wrong_order", str(MEDIA_TAKEN), fields={"items": [str(MEDIA_TAKEN)]})
