"""One writer of an outline at a time; who comes with an old one is told who was quicker."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core.audit import history_of, record
from core.errors import Refused
from core.models import AuditEntry
from courses.models import Course
from courses.services.reachable import kept_reachable

ACT = "outline_changed"


@contextmanager
def revising(course_id: UUID, *, by: Any = None, revision: int | None = None) -> Iterator[Course]:
    """The course under its row lock, in one transaction at whose end its revision has grown.

    `revision` is the one that the change was made upon; without it the last one wins.
    Raises Refused: outline_changed (409), where somebody was quicker; never_opens (409), where the change would shut
    something of a published course for ever.
    """
    with transaction.atomic():
        course = lock_course(course_id)
        if revision is not None and revision != course.revision:
            raise _outline_changed(course)
        with kept_reachable(course):
            yield course
        Course.objects.filter(pk=course_id).update(revision=F("revision") + 1, updated_at=Now())
        if by is not None:
            _note(course, by)


def lock_course(course_id: UUID) -> Course:
    """The row of a course is locked before anything below it, so that nobody waits for each other."""
    found: Course = Course.objects.select_for_update(no_key=True).get(pk=course_id)
    return found


def _note(course: Course, by: Any) -> None:
    """One entry for all that one person changes in a row."""
    last = _last_change(course)
    if last is None or last.actor_id != by.pk:
        record(ACT, by=by, row=course)


def _last_change(course: Course) -> AuditEntry | None:
    return history_of(course).filter(action=ACT).first()


def _outline_changed(course: Course) -> Refused:
    last = _last_change(course)
    who = str(last.actor) if last and last.actor else _("Somebody")
    words = _("%(who)s has changed this outline meanwhile. Your change was not made: this is how it stands now.")
    return Refused("outline_changed", words % {"who": who}, status=409)
