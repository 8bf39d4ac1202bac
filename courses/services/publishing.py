"""Showing a course to learners."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.errors import Refused
from courses.content import content_errors, held_by
from courses.grading import is_gradable
from courses.models import Chapter, ContentItem, Course, Quiz
from courses.models.course import CourseStatus
from courses.models.item import ItemState
from courses.services.progress import credit_watched
from media_library.models import Media, Publication
from media_library.services.publishing import publish_media


def publish_course(course: Course, *, by: Any) -> None:
    """Show a course and the draft media it holds to learners; a published one stays so.

    Raises Refused: not_publishable, whose message says of each thing what to do.
    """
    with transaction.atomic():
        if faults := list(find_faults(course)):
            raise Refused("not_publishable", " ".join(faults), fields={"chapters": faults}, status=409)
        publish_held_media(course, by=by)
        course.is_published = True
        course.status = CourseStatus.READY
        course.published_at = course.published_at or timezone.now()
        course.save(update_fields=["is_published", "status", "published_at", "updated_at"])
        credit_watched(ContentItem.objects.of_course(course))


def unpublish_course(course: Course, *, by: Any) -> None:
    """Take a course out of the catalogue; those who learn in it keep what they have done."""
    course.is_published = False
    course.save(update_fields=["is_published", "updated_at"])


def publish_held_media(course: Course, *, by: Any) -> None:
    """Draft media that stands in a published course and can be played is published along."""
    held = ContentItem.objects.of_course(course).published().values("media")
    drafts = Media.objects.playable().filter(pk__in=held, publication=Publication.DRAFT)
    for media in drafts:
        publish_media(media, by=by)


def publish_placed(media: Media) -> None:
    """Media that became ready while a published course already waits for it is published on behalf of its creator."""
    waiting = ContentItem.objects.published().filter(media=media, chapter__course__is_published=True)
    if media.publication == Publication.DRAFT and waiting.exists():
        publish_media(media, by=media.creator)


def place_instead(media: Media, other: Media) -> None:
    """What held one media item holds the other; a chapter that holds both keeps one item."""
    items = ContentItem.objects.filter(media=media)
    items.filter(chapter__items__media=other).delete()
    items.update(media=other)


def refuse_removal_of_taught(media: Media) -> None:
    """A published course must stay one that can be finished. Raises Refused: in_use."""
    item = ContentItem.objects.published().filter(media=media, chapter__course__is_published=True).first()
    if item is not None:
        words = f"“{item.chapter.course}” teaches with this. Take it out of the course first."
        raise Refused("in_use", words, status=409)


def find_faults(course: Course) -> Iterator[str]:
    """What keeps a course from being published, a sentence each."""
    chapters = list(course.chapters.prefetch_related("items__media", "items__quiz__questions"))
    if not chapters:
        yield "Add a chapter with at least one item first."
    for chapter in chapters:
        yield from _chapter_faults(chapter)


def _chapter_faults(chapter: Chapter) -> Iterator[str]:
    items = [item for item in chapter.items.all() if item.state == ItemState.PUBLISHED]
    if not items:
        yield f"The chapter “{chapter.title}” is empty: add an item, or remove the chapter."
    for item in items:
        yield from _item_faults(item)


def _item_faults(item: ContentItem) -> Iterator[str]:
    held = content_errors(item.type, held_by(item))
    if held:
        yield f"“{item}”: {next(iter(held.values()))[0]}"
    if item.media is not None:
        yield from _media_faults(item, item.media)
    if item.quiz is not None:
        yield from _quiz_faults(item.quiz)


def _media_faults(item: ContentItem, media: Media) -> Iterator[str]:
    if not media.is_playable:
        yield f"“{item}” cannot be played yet: wait until “{media}” is ready, or make the item a draft."
    elif media.publication == Publication.ARCHIVED:
        yield f"“{item}” holds archived media: restore “{media}”, or make the item a draft."


def _quiz_faults(quiz: Quiz) -> Iterator[str]:
    questions = list(quiz.questions.all())
    if not questions:
        yield f"The quiz “{quiz.title}” has no questions."
    elif not all(is_gradable(question) for question in questions):
        yield f"The quiz “{quiz.title}” has a question without two options and a right answer."
