"""What an edit of a course leaves done: counted anew later, for everybody who learns in it. Nothing is taken back."""

import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from core.jobs import enqueue
from courses.models import ContentItem, Course, CourseCompletion, Enrollment
from courses.progress.counting import standings_of
from courses.services.certificates import award
from courses.services.progress import complete_course, credit_watched
from courses.services.regrading import regrade

SETTLING_SECONDS = 60


def settle_later(course: Course) -> None:
    """Once for all edits of a minute: counting anew for thousands of learners is no business of a form."""
    if course.is_published:
        minute = int(time.time()) // SETTLING_SECONDS
        key = f"settle_course:{course.pk}:{minute}"
        enqueue("settle_course", course.pk, key=key, delay=timedelta(seconds=SETTLING_SECONDS))


def settle_around(**held: Any) -> None:
    """The course in which an item holds this quiz or assignment, if one does: by its new rules."""
    item = ContentItem.objects.filter(**held).select_related("chapter__course").first()
    if item is not None:
        settle_later(item.chapter.course)


def settle_course(course: Course) -> int:
    """Complete what is done by now: items watched or passed before they counted, courses in which nothing is left.

    An item that became optional, a draft or is gone may have been the last one that somebody had still to do. Answers
    for how many learners the course is completed by that.
    """
    items = ContentItem.objects.of_course(course)
    credit_watched(items)
    regrade(items)
    finished = _finished(course)
    for key in finished:
        with transaction.atomic():
            complete_course(Enrollment.objects.select_for_update().get(pk=key))
    _award_missing(course)
    return len(finished)


def _finished(course: Course) -> list[UUID]:
    learning = Enrollment.objects.filter(course=course, is_active=True, course_completion__isnull=True)
    standings = standings_of(learning.values_list("pk", flat=True))
    return [key for key, standing in standings.items() if standing.is_complete]


def _award_missing(course: Course) -> None:
    """To those who completed it before it gave certificates."""
    if course.awards_certificate:
        completed = CourseCompletion.objects.filter(enrollment__course=course, enrollment__certificate__isnull=True)
        for completion in completed.select_related("enrollment__course", "enrollment__user"):
            award(completion)
