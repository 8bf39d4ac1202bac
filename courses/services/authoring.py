"""Making courses: the only writers of courses, chapters and items.

Whatever changes an outline takes `by`, who does it, and `revision`, the one that the change was made upon: where the
course has another one by now, Refused: outline_changed (409). Left out, the last one wins.
"""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from core.announcements import announce
from core.errors import Refused
from core.ordering import LAST, move_to, renumber
from core.slugs import free_slug
from courses.availability import Contents, UnusableAvailability, dump, parse_availability
from courses.content import content_errors, held_by
from courses.models import Chapter, ContentItem, Course, Enrollment, ItemType
from courses.models.item import ItemState
from courses.services.publishing import publish_held_media
from courses.services.revising import revising
from courses.services.settling import settle_later
from media_library.models import Media

SLUG_TAKEN = "Another course already has this address."
MEDIA_TAKEN = "This media is already in the chapter."


def create_course(*, title: str, by: Any, **fields: Any) -> Course:
    """A draft. Its address is made of the title unless given; a made one never clashes. Raises ValidationError."""
    slug = fields.pop("slug", "") or free_address(title)
    return save_course(Course(title=title, slug=slug, created_by=by, **fields))


def save_course(course: Course) -> Course:
    """Check and write; a certificate that it gives from now on is also for who has completed it. Raises ValidationError
    by field."""
    if slug_is_taken(course.slug, course):
        raise ValidationError({"slug": SLUG_TAKEN}, code="unique")
    course.full_clean(exclude=["created_by"])
    with transaction.atomic():
        course.save()
        settle_later(course)
    return course


def slug_is_taken(slug: str, course: Course) -> bool:
    return Course.objects.filter(slug=slug).exclude(pk=course.pk).exists()


def free_address(title: str) -> str:
    """The title as an address, with a number where another course has it."""
    return free_slug(Course.objects.all(), title, otherwise="course")


def delete_course(course: Course) -> None:
    """Raises Refused: has_learners, because deleting would take away what they have done."""
    if Enrollment.objects.filter(course=course).exists():
        raise Refused("has_learners", f"“{course}” has learners. Unpublish it instead of deleting it.", status=409)
    course.delete()


def add_chapter(
    course: Course, *, title: str, position: int | None = None, media: Media | None = None, by: Any = None,
    revision: int | None = None, **fields: Any,
) -> Chapter:  # fmt: skip
    """A chapter at a place counted from 1, else at the end. `media` becomes its one item. Raises ValidationError."""
    chapter = Chapter(course=course, title=title, **fields)
    return save_chapter(chapter, position=position, media=media, by=by, revision=revision)


def save_chapter(
    chapter: Chapter, *, position: int | None = None, media: Media | None = None, by: Any = None,
    revision: int | None = None,
) -> Chapter:  # fmt: skip
    """Check, write, and keep the chapters numbered without gaps; no position: stay, or go to the end if new.

    A chapter of the old kind shows one video directly: `media` becomes an item, unless it is one already.
    """
    with revising(chapter.course_id, by=by, revision=revision):
        _place(chapter, Chapter.objects.filter(course=chapter.course_id), position)
        if media is not None and not chapter.items.filter(media=media).exists():
            add_item(chapter, type=ItemType.VIDEO, title=media.title, media=media, by=by)
    return chapter


def delete_chapter(chapter: Chapter, *, by: Any = None, revision: int | None = None) -> None:
    """Its items go along, and with them what learners completed there."""
    with revising(chapter.course_id, by=by, revision=revision) as course:
        chapter.delete()
        renumber(Chapter.objects.filter(course=course.pk))
        settle_later(course)


def add_item(
    chapter: Chapter, *, by: Any, position: int | None = None, revision: int | None = None, **fields: Any
) -> ContentItem:
    """An item at a place counted from 1, else at the end; `fields` as in the model. Raises like `save_item`."""
    return save_item(ContentItem(chapter=chapter, **fields), by=by, position=position, revision=revision)


def save_item(item: ContentItem, *, by: Any, position: int | None = None, revision: int | None = None) -> ContentItem:
    """Check, write, keep the chapter numbered; announce media that was placed here.

    Raises Refused: wrong_content with sentences by field. Raises ValidationError.
    """
    _refuse_wrong_content(item)
    course_id, is_new = item.chapter.course_id, item._state.adding
    with revising(course_id, by=by, revision=revision) as course:
        _refuse_media_twice(item)
        placed_before = _media_before(item)
        _place(item, ContentItem.objects.filter(chapter=item.chapter_id), position)
        if item.media is not None and item.media_id != placed_before:
            announce("media_placed", item.media, course=item.chapter.course, by=by)
        _join_published_course(item, by=by)
        if not is_new and not (item.is_required and item.state == ItemState.PUBLISHED):
            settle_later(course)
    return item


def delete_item(item: ContentItem, *, by: Any = None, revision: int | None = None) -> None:
    with revising(item.chapter.course_id, by=by, revision=revision) as course:
        chapter_id = item.chapter_id
        item.delete()
        renumber(ContentItem.objects.filter(chapter=chapter_id))
        settle_later(course)


def _refuse_wrong_content(item: ContentItem) -> None:
    """A text that is a draft may still have to be written."""
    errors = content_errors(item.type, held_by(item))
    if item.type == ItemType.TEXT and item.state == ItemState.DRAFT:
        errors.pop("text", None)
    if errors:
        raise Refused("wrong_content", next(iter(errors.values()))[0], fields=errors)


def _refuse_media_twice(item: ContentItem) -> None:
    siblings = ContentItem.objects.filter(chapter=item.chapter_id, media=item.media_id)
    if item.media_id and siblings.exclude(pk=item.pk).exists():
        raise ValidationError({"media": MEDIA_TAKEN}, code="unique")


def _media_before(item: ContentItem) -> UUID | None:
    return ContentItem.objects.filter(pk=item.pk).values_list("media_id", flat=True).first()


def _join_published_course(item: ContentItem, *, by: Any) -> None:
    """In a published course a new item is there for learners at once."""
    course = item.chapter.course
    if course.is_published and item.state == ItemState.PUBLISHED and item.media_id:
        publish_held_media(course, by=by)
        settle_later(course)


def _place(row: Chapter | ContentItem, siblings: Any, position: int | None) -> None:
    """Validate and write; positions are given here, one writer at a time, so nobody has to know which ones are free."""
    is_new = row._state.adding
    if is_new:
        row.position = LAST
    _check_rules(row)
    row.full_clean(exclude=["position"])
    row.save()
    if is_new or position is not None:
        move_to(siblings, row.pk, position)
        row.refresh_from_db(fields=["position"])


def _check_rules(row: Chapter | ContentItem) -> None:
    """Rules that are written now must name what is there; what stood before may name what is gone by now."""
    rows: Any = type(row)._default_manager
    before = rows.filter(pk=row.pk).values_list("availability", flat=True).first()
    if not row.availability or row.availability == before:
        return
    try:
        row.availability = dump(parse_availability(row.availability, contents=_contents_around(row)))
    except UnusableAvailability as fault:
        raise ValidationError({"availability": fault.message}, code="unusable_availability") from fault


def _contents_around(row: Chapter | ContentItem) -> Contents:
    course = row.course_id if isinstance(row, Chapter) else row.chapter.course_id
    items = ContentItem.objects.of_course(course).values_list("pk", "type", "chapter")
    chapters = Chapter.objects.filter(course=course).values_list("pk", flat=True)
    around = row.pk if isinstance(row, Chapter) else row.chapter_id
    itself = {row.pk, around, *(key for key, _type, chapter in items if chapter == row.pk)}
    return Contents({key: kind for key, kind, _chapter in items}, frozenset(chapters), frozenset(itself))
