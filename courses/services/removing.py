"""Deleting courses, chapters and items, with what they held and nothing else needs.

What learners worked on stays as their history: a quiz that was tried, an assignment that was handed in.
"""

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from core.announcements import announce
from core.errors import Refused
from core.ordering import renumber
from courses.models import (
    Assignment,
    Attempt,
    Chapter,
    ContentItem,
    Course,
    CourseSquare,
    Enrollment,
    Quiz,
    Resource,
    Submission,
)
from courses.services.keeping import remove_later
from courses.services.revising import revising
from courses.services.settling import settle_later
from media_library.podcasts.downloads import forget_downloads_of
from media_library.podcasts.keys import forget_keys_of


def delete_course(course: Course) -> None:
    """Raises Refused: has_learners, because deleting would take away what they have done."""
    with transaction.atomic():
        held = Course.objects.select_for_update().get(pk=course.pk)  # whoever enrolls waits
        if Enrollment.objects.filter(course=held).exists():
            words = _("“%(course)s” has learners. Unpublish it instead of deleting it.") % {"course": held}
            raise Refused("has_learners", words, status=409)
        _delete_items(held, ContentItem.objects.of_course(held))
        remove_later(held.thumbnail_path)
        for path in CourseSquare.objects.filter(course=held).values_list("path", flat=True):
            remove_later(path)
        forget_keys_of(held.pk)
        course.delete()


def delete_chapter(chapter: Chapter, *, by: Any = None, revision: int | None = None) -> None:
    """Its items go along, and with them what learners completed there."""
    with revising(chapter.course_id, by=by, revision=revision) as course:
        _delete_items(course, ContentItem.objects.filter(chapter=chapter))
        chapter.delete()
        renumber(Chapter.objects.filter(course=course.pk))
        settle_later(course)


def delete_item(item: ContentItem, *, by: Any = None, revision: int | None = None) -> None:
    with revising(item.chapter.course_id, by=by, revision=revision) as course:
        chapter_id = ContentItem.objects.values_list("chapter", flat=True).get(pk=item.pk)
        _delete_items(course, ContentItem.objects.filter(pk=item.pk))
        renumber(ContentItem.objects.filter(chapter=chapter_id))
        settle_later(course)


def _delete_items(course: Course, items: Any) -> None:
    quizzes, assignments, resources = _keys(items, "quiz"), _keys(items, "assignment"), _keys(items, "resource")
    if gone := tuple(items):
        items.delete()
        forget_downloads_of([item.pk for item in gone])
        announce("items_removed", course, items=gone)
    tried = Exists(Attempt.objects.filter(quiz=OuterRef("pk")))
    Quiz.objects.filter(~tried, pk__in=quizzes).delete()
    handed_in = Exists(Submission.objects.filter(assignment=OuterRef("pk")))
    Assignment.objects.filter(~handed_in, pk__in=assignments).delete()
    offered = Resource.objects.filter(pk__in=resources)
    for path in offered.values_list("path", flat=True):
        remove_later(path)
    offered.delete()


def _keys(items: Any, held: str) -> list[Any]:
    return list(items.filter(**{f"{held}__isnull": False}).values_list(held, flat=True))
