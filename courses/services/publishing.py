"""Showing a course to learners."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.announcements import announce
from core.errors import Refused
from core.ordering import renumber
from courses.availability.reach import find_locked
from courses.content import content_errors, held_by
from courses.models import Assignment, Chapter, Completion, ContentItem, Course, Enrollment, Note, Quiz
from courses.models.course import CourseStatus
from courses.models.item import ItemState
from courses.quizzes.grading import question_fault
from courses.services.reachable import plain
from courses.services.revising import lock_course, revising
from courses.services.settling import settle_later
from media_library.models import Media, Publication
from media_library.services.publishing import publish_media


def publish_course(course: Course, *, by: Any) -> None:
    """Show a course and the draft media it holds to learners; a published one stays so. Soon afterwards it is settled.

    Raises Refused: not_publishable, whose message says of each thing what to do.
    """
    with transaction.atomic():
        published_at = lock_course(course.pk).published_at
        if faults := [fault.words for fault in find_faults(course)]:
            raise Refused("not_publishable", " ".join(faults), fields={"chapters": faults}, status=409)
        publish_held_media(course, by=by)
        course.is_published = True
        course.status = CourseStatus.READY
        course.published_at = published_at or timezone.now()
        course.save(update_fields=["is_published", "status", "published_at", "updated_at"])
        settle_later(course)


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
    """What held one media item holds the other; a chapter that holds both keeps the item of the other."""
    items = ContentItem.objects.filter(media=media)
    for course_id in items.order_by("chapter__course").values_list("chapter__course", flat=True).distinct():
        with revising(course_id) as course:
            for item in items.filter(chapter__course=course_id):
                _hold_instead(item, other)
            announce("items_written", course, items=tuple(ContentItem.objects.of_course(course).filter(media=other)))


def _hold_instead(item: ContentItem, other: Media) -> None:
    kept = ContentItem.objects.filter(chapter=item.chapter_id, media=other).first()
    if kept is None:
        ContentItem.objects.filter(pk=item.pk).update(media=other)
        return
    done = Completion.objects.filter(item=kept).values("enrollment")
    Completion.objects.filter(item=item).exclude(enrollment__in=done).update(item=kept)
    Enrollment.objects.filter(last_item=item).update(last_item=kept)
    Note.objects.filter(item=item).update(item=kept)
    item.delete()
    renumber(ContentItem.objects.filter(chapter=item.chapter_id))


def refuse_removal_of_taught(media: Media) -> None:
    """A published course must stay one that can be finished. Raises Refused: in_use."""
    item = ContentItem.objects.published().filter(media=media, chapter__course__is_published=True).first()
    if item is not None:
        words = _("“%(course)s” teaches with this. Take it out of the course first.") % {"course": item.chapter.course}
        raise Refused("in_use", words, status=409)


class Fault(NamedTuple):
    """What keeps a course from being published, in a sentence, and where it is mended."""

    words: str
    chapter: Chapter | None = None
    item: ContentItem | None = None


def find_faults(course: Course) -> Iterator[Fault]:
    """What keeps a course from being published; the same on every door. Statements do not grow with the course."""
    held = ("items__media", "items__quiz__questions", "items__assignment", "items__resource")
    chapters = list(course.chapters.order_by("position").prefetch_related(*held))
    if not chapters:
        yield Fault(_("Add a chapter with at least one item first."))
    for chapter in chapters:
        yield from _chapter_faults(chapter)
    yield from _locked_faults(chapters)


def item_faults(item: ContentItem) -> Iterator[str]:
    """What an item lacks before learners can do it, a sentence each."""
    if item.media is not None and not item.media.is_playable:
        words = _("“%(item)s” cannot be played yet: wait until “%(media)s” is ready, or make the item a draft.")
        yield words % {"item": item, "media": item.media}
    yield from lasting_faults(item)


def lasting_faults(item: ContentItem) -> Iterator[str]:
    """The same without what mends itself: media becomes ready."""
    held = content_errors(item.type, held_by(item))
    if held:
        yield f"“{item}”: {next(iter(held.values()))[0]}"
    if item.media is not None and item.media.publication == Publication.ARCHIVED:
        words = _("“%(item)s” holds archived media: restore “%(media)s”, or make the item a draft.")
        yield words % {"item": item, "media": item.media}
    if item.quiz is not None:
        yield from _quiz_faults(item.quiz)
    if item.assignment is not None:
        yield from _assignment_faults(item.assignment)
    if item.resource is not None and not (item.resource.link or item.resource.path):
        yield _("“%(item)s” has neither a file nor a link.") % {"item": item}


def _chapter_faults(chapter: Chapter) -> Iterator[Fault]:
    items = _shown(chapter)
    if not items:
        words = _("The chapter “%(chapter)s” is empty: add an item, or remove the chapter.")
        yield Fault(words % {"chapter": chapter.title}, chapter)
    for item in items:
        yield from (Fault(words, chapter, item) for words in item_faults(item))


def _shown(chapter: Chapter) -> list[ContentItem]:
    return [item for item in chapter.items.all() if item.state == ItemState.PUBLISHED]


def _locked_faults(chapters: list[Chapter]) -> Iterator[Fault]:
    """What stays locked whatever a learner does."""
    rows: dict[UUID, Any] = {row.pk: row for chapter in chapters for row in (chapter, *_shown(chapter))}
    for locked in find_locked([plain(chapter, _shown(chapter)) for chapter in chapters]):
        words = _("“%(title)s” cannot open for anybody. %(why)s") % {"title": locked.row.title, "why": locked.why}
        yield Fault(words, rows[locked.chapter.id], rows[locked.item.id] if locked.item else None)


def _quiz_faults(quiz: Quiz) -> Iterator[str]:
    questions = list(quiz.questions.all())
    if not questions:
        yield _("The quiz “%(title)s” has no questions.") % {"title": quiz.title}
    for number, question in enumerate(questions, start=1):
        if fault := question_fault(question):
            words = _("The quiz “%(title)s”, question %(number)d: %(fault)s")
            yield words % {"title": quiz.title, "number": number, "fault": fault}


def _assignment_faults(assignment: Assignment) -> Iterator[str]:
    if not assignment.takes_text and not assignment.max_files:
        yield _("The assignment “%(title)s” takes neither text nor files.") % {"title": assignment.title}
