"""Making courses: the only writers of courses, chapters and items."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from core.announcements import announce
from core.errors import Refused
from courses.content import content_errors, held_by
from courses.models import Chapter, ContentItem, Course, Enrollment
from courses.models.item import ItemState
from courses.services.ordering import LAST, move_to, renumber
from courses.services.progress import credit_watched
from courses.services.publishing import publish_held_media

SLUG_TAKEN = "Another course already has this address."
MEDIA_TAKEN = "This media is already in the chapter."


def create_course(*, title: str, by: Any, **fields: Any) -> Course:
    """A draft. Its address is made of the title unless given; a made one never clashes. Raises ValidationError."""
    slug = fields.pop("slug", "") or free_slug(title)
    return save_course(Course(title=title, slug=slug, created_by=by, **fields))


def save_course(course: Course) -> Course:
    """Check and write. Raises ValidationError by field."""
    if slug_is_taken(course.slug, course):
        raise ValidationError({"slug": SLUG_TAKEN}, code="unique")
    course.full_clean(exclude=["created_by"])
    course.save()
    return course


def slug_is_taken(slug: str, course: Course) -> bool:
    return Course.objects.filter(slug=slug).exclude(pk=course.pk).exists()


def free_slug(title: str) -> str:
    """The title as an address, with a number where another course has it."""
    stem = slugify(title)[:70] or "course"
    taken = set(Course.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    candidates = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)


def delete_course(course: Course) -> None:
    """Raises Refused: has_learners, because deleting would take away what they have done."""
    if Enrollment.objects.filter(course=course).exists():
        raise Refused("has_learners", f"“{course}” has learners. Unpublish it instead of deleting it.", status=409)
    course.delete()


def add_chapter(course: Course, *, title: str, position: int | None = None) -> Chapter:
    """A chapter at a place counted from 1, else at the end. Raises ValidationError."""
    return save_chapter(Chapter(course=course, title=title), position=position)


def save_chapter(chapter: Chapter, *, position: int | None = None) -> Chapter:
    """Check, write, and keep the chapters numbered without gaps; no position: stay, or go to the end if new."""
    _place(chapter, chapter.course, Chapter.objects.filter(course=chapter.course_id), position)
    return chapter


def delete_chapter(chapter: Chapter) -> None:
    """Its items go along, and with them what learners completed there."""
    with transaction.atomic():
        course_id = chapter.course_id
        chapter.delete()
        renumber(Chapter.objects.filter(course=course_id))


def add_item(chapter: Chapter, *, by: Any, position: int | None = None, **fields: Any) -> ContentItem:
    """An item at a place counted from 1, else at the end; `fields` as in the model. Raises like `save_item`."""
    return save_item(ContentItem(chapter=chapter, **fields), by=by, position=position)


def save_item(item: ContentItem, *, by: Any, position: int | None = None) -> ContentItem:
    """Check, write, keep the chapter numbered; announce media that was placed here.

    Raises Refused: wrong_content with sentences by field. Raises ValidationError.
    """
    errors = content_errors(item.type, held_by(item))
    if errors:
        raise Refused("wrong_content", next(iter(errors.values()))[0], fields=errors)
    if item.media_id and _media_is_taken(item):
        raise ValidationError({"media": MEDIA_TAKEN}, code="unique")
    with transaction.atomic():
        placed_before = _media_before(item)
        _place(item, item.chapter, ContentItem.objects.filter(chapter=item.chapter_id), position)
        if item.media_id and item.media_id != placed_before:
            announce("media_placed", item.media, course=item.chapter.course, by=by)
        _join_published_course(item, by=by)
    return item


def delete_item(item: ContentItem) -> None:
    with transaction.atomic():
        chapter_id = item.chapter_id
        item.delete()
        renumber(ContentItem.objects.filter(chapter=chapter_id))


def _media_is_taken(item: ContentItem) -> bool:
    siblings = ContentItem.objects.filter(chapter=item.chapter_id, media=item.media_id)
    return siblings.exclude(pk=item.pk).exists()


def _media_before(item: ContentItem) -> UUID | None:
    return ContentItem.objects.filter(pk=item.pk).values_list("media_id", flat=True).first()


def _join_published_course(item: ContentItem, *, by: Any) -> None:
    """In a published course a new item is there for learners at once."""
    course = item.chapter.course
    if course.is_published and item.state == ItemState.PUBLISHED and item.media_id:
        publish_held_media(course, by=by)
        credit_watched(ContentItem.objects.filter(pk=item.pk))


def _place(row: Chapter | ContentItem, parent: Course | Chapter, siblings: Any, position: int | None) -> None:
    """Validate and write; positions are given here, one writer at a time, so nobody has to know which ones are free."""
    is_new = row._state.adding
    if is_new:
        row.position = LAST
    row.full_clean(exclude=["position"])
    with transaction.atomic():
        type(parent).objects.select_for_update().get(pk=parent.pk)
        row.save()
        if is_new or position is not None:
            move_to(siblings, row.pk, position)
            row.refresh_from_db(fields=["position"])
