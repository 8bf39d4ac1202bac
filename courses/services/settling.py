"""What an edit of a course leaves done: counted anew later, for everybody who learns in it. Nothing is taken back."""

import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import Organization
from core.identifiers import uuid7
from core.jobs import enqueue
from core.tenancy import organization_scope
from courses.models import ContentItem, Course, CourseCompletion, Enrollment
from courses.progress.counting import standings_of
from courses.services.certificates import award
from courses.services.progress import complete_course, credit_watched
from courses.services.regrading import regrade
from courses.services.thresholds import mark_media

SETTLING_SECONDS = 60


def settle_later(course: Course) -> None:
    """Once for all edits of a minute: counting anew for thousands of learners is no business of a form."""
    if course.is_published:
        minute = int(time.time()) // SETTLING_SECONDS
        key = f"settle_course:{course.pk}:{minute}"
        enqueue("settle_course", course.pk, key=key, delay=timedelta(seconds=SETTLING_SECONDS))


def settle_everywhere_later() -> None:
    """A setting of the site has changed that courses go by."""
    enqueue("settle_everything", key=f"settle_everything:{uuid7()}")


def settle_organization_later() -> None:
    """The same of the organization in scope."""
    enqueue("settle_organization", key=f"settle_organization:{uuid7()}")


def settle_everywhere() -> None:
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with organization_scope(organization_id):
            settle_organization()


def settle_organization() -> None:
    for course in Course.objects.published():
        settle_course(course)


def settle_around(**held: Any) -> None:
    """The course in which an item holds this quiz or assignment, if one does: by its new rules."""
    item = ContentItem.objects.filter(**held).select_related("chapter__course").first()
    if item is not None:
        settle_later(item.chapter.course)


def settle_course(course: Course) -> int:
    """Complete what is done by now: items watched or passed before they counted, courses in which nothing is left.

    What items ask of their media is told to it first, so that nobody is missed who watches meanwhile.
    An item that became optional, a draft or is gone may have been the last one that somebody had still to do. Answers
    for how many learners the course is completed by that.
    """
    items = ContentItem.objects.of_course(course)
    mark_media(items)
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
