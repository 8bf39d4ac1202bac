"""Making courses: the only writers of courses, chapters and items.

Whatever changes an outline takes `by`, who does it, and `revision`, the one that the change was made upon: where the
course has another one by now, Refused: outline_changed (409). Left out, the last one wins.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.announcements import announce
from core.errors import Refused
from core.ordering import LAST, move_to
from core.slugs import free_slug
from courses.availability import Contents, UnusableAvailability, dump, parse_availability
from courses.content import content_errors, held_by
from courses.models import Chapter, ContentItem, Course, ItemType
from courses.models.item import ItemState
from courses.services.publishing import lasting_faults, publish_held_media
from courses.services.revising import revising
from courses.services.settling import settle_later
from courses.services.thresholds import mark_media
from media_library.models import Media

SLUG_TAKEN = gettext_lazy("Another course already has this address.")
MEDIA_TAKEN = gettext_lazy("This media is already in the chapter.")
#: What has verbs of its own: saving a row that was read before them takes nothing back.
WRITTEN_ELSEWHERE = {
    Course: {"status", "is_published", "published_at", "thumbnail_path", "revision", "created_by", "created_at"},
    Chapter: {"course", "position"},
    ContentItem: {"chapter", "position", "created_at"},
}
#: What decides whether an item can be done.
READINESS = ("state", "media_id", "quiz_id", "assignment_id", "resource_id")
#: What an item has to say, or names in what it shows: chapters of a video stand in `metadata`.
CONTENT = ("text", "metadata", "media_id", "resource_id")


def create_course(*, title: str, by: Any, instructors: Iterable[User] | None = None, **fields: Any) -> Course:
    """A draft. Its address is made of the title unless given; a made one never clashes. Raises ValidationError."""
    slug = fields.pop("slug", "") or free_address(title)
    return save_course(Course(title=title, slug=slug, created_by=by, **fields), instructors=instructors)


def save_course(course: Course, *, instructors: Iterable[User] | None = None) -> Course:
    """Check and write; what has verbs of its own stays as it is by now. A certificate that it gives from now on is also
    for who has completed it. Raises ValidationError by field."""
    if slug_is_taken(course.slug, course):
        raise ValidationError({"slug": SLUG_TAKEN}, code="unique")
    course.full_clean(exclude=["created_by"])
    with transaction.atomic():
        _write(course)
        if instructors is not None:
            course.instructors.set(instructors)
        settle_later(course)
    return course


def slug_is_taken(slug: str, course: Course) -> bool:
    return Course.objects.filter(slug=slug).exclude(pk=course.pk).exists()


def free_address(title: str) -> str:
    """The title as an address, with a number where another course has it."""
    return free_slug(Course.objects.all(), title, otherwise="course")


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
        _take_over(chapter, "position")
        _place(chapter, Chapter.objects.filter(course=chapter.course_id), position)
        if media is not None and not chapter.items.filter(media=media).exists():
            add_item(chapter, type=ItemType.VIDEO, title=media.title, media=media, by=by)
    return chapter


def add_item(
    chapter: Chapter, *, by: Any, position: int | None = None, revision: int | None = None, **fields: Any
) -> ContentItem:
    """An item at a place counted from 1, else at the end; `fields` as in the model. Raises like `save_item`."""
    return save_item(ContentItem(chapter=chapter, **fields), by=by, position=position, revision=revision)


def save_item(item: ContentItem, *, by: Any, position: int | None = None, revision: int | None = None) -> ContentItem:
    """Check, write, keep the chapter numbered; announce media that was placed here.

    Raises Refused: wrong_content, media_taken with sentences by field, not_ready (409) for what is shown in a published
    course and cannot be done, gone (409). Raises ValidationError.
    """
    _refuse_wrong_content(item)
    course_id, is_new = item.chapter.course_id, item._state.adding
    with revising(course_id, by=by, revision=revision) as course:
        before = _take_over(item, "chapter_id", "position", "watched_from", "text", "metadata", *READINESS)
        refuse_media_twice(item, to=item.chapter_id)
        if course.is_published and any(before.get(name) != getattr(item, name) for name in READINESS):
            _refuse_unready(item)
        _place(item, ContentItem.objects.filter(chapter=item.chapter_id), position)
        if item.media is not None and item.media_id != before.get("media_id"):
            announce("media_placed", item.media, course=item.chapter.course, by=by)
        if any(before.get(name) != getattr(item, name) for name in CONTENT):
            announce("items_written", course, items=(item,))
        if before.get("media_id") not in (None, item.media_id):
            announce("items_removed", course, items=(ContentItem(pk=item.pk, **before),))
        _join_published_course(item, by=by)
        if (before.get("media_id"), before.get("state")) != (item.media_id, item.state):
            mark_media(ContentItem.objects.filter(pk=item.pk))
        asks_other = before.get("watched_from") != item.watched_from
        if asks_other or not (is_new or (item.is_required and item.state == ItemState.PUBLISHED)):
            settle_later(course)
    return item


def _refuse_wrong_content(item: ContentItem) -> None:
    """A text that is a draft may still have to be written."""
    errors = content_errors(item.type, held_by(item))
    if item.type == ItemType.TEXT and item.state == ItemState.DRAFT:
        errors.pop("text", None)
    if errors:
        raise Refused("wrong_content", next(iter(errors.values()))[0], fields=errors)


def refuse_media_twice(item: ContentItem, *, to: Any) -> None:
    """In a chapter, or its key. Raises Refused: media_taken."""
    siblings = ContentItem.objects.filter(chapter=to, media=item.media_id)
    if item.media_id and siblings.exclude(pk=item.pk).exists():
        raise Refused("media_taken", str(MEDIA_TAKEN), fields={"media": [str(MEDIA_TAKEN)]})


def _refuse_unready(item: ContentItem) -> None:
    """Whoever takes the course could never finish it."""
    if item.state == ItemState.PUBLISHED and (faults := list(lasting_faults(item))):
        raise Refused("not_ready", " ".join(faults), fields={"state": faults}, status=409)


def _take_over(row: Chapter | ContentItem, *columns: str) -> dict[str, Any]:
    """How a row stands now, under the lock of its course; its place is taken over, for others may have moved it.

    Empty of a new row. Raises Refused: gone (409).
    """
    if row._state.adding:
        return {}
    found = type(row)._default_manager.filter(pk=row.pk).values(*columns).first()
    if found is None:
        raise Refused("gone", _("This was deleted meanwhile. Nothing was changed."), status=409)
    for name in ("chapter_id", "position"):
        if name in found:
            setattr(row, name, found[name])
    return dict(found)


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
    _write(row)
    if is_new or position is not None:
        move_to(siblings, row.pk, position)
        row.refresh_from_db(fields=["position"])


def _write(row: Course | Chapter | ContentItem) -> None:
    if row._state.adding:
        row.save()
        return
    kept: Collection[str] = {"id", "organization", *WRITTEN_ELSEWHERE[type(row)]}
    row.save(update_fields=[one.name for one in row._meta.concrete_fields if one.name not in kept])


def _check_rules(row: Chapter | ContentItem) -> None:
    """Rules that are written now must name what is there; what stood before may name what is gone by now."""
    rows: Any = type(row)._default_manager
    before = rows.filter(pk=row.pk).values_list("availability", flat=True).first()
    if row.availability == before and not row._state.adding:
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
