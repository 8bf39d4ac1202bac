"""What one person still has to do by when, over all their courses. As many statements for many as for one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Least
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization
from courses.access import may_learn
from courses.dashboard.deadlines import AHEAD, Due, DueKind, words_for_deadline
from courses.models import Attempt, Completion, ContentItem, Course, Submission, SubmissionState
from courses.models.attempt import AttemptState

HANDED_IN = (SubmissionState.SUBMITTED, SubmissionState.GRADED)


@dataclass(frozen=True)
class _Now:
    """When and where it is asked."""

    organization: Organization
    moment: datetime

    def due(self, kind: DueKind, course: Any, at: datetime, *, item: Any = None) -> Due:
        """In a course, of one of its items or of all of it."""
        place = [self.organization.slug, course.slug]
        address = reverse("courses:lesson", args=[*place, item.pk]) if item else reverse("courses:course", args=place)
        words = words_for_deadline(at, now=self.moment, zone=self.organization.zone)
        title = item.title if item else course.title
        return Due(kind, title, course.title, address, at, words, at < self.moment)


def read_due(user: Any, organization: Organization) -> list[Due]:
    """What is late, and what is due within 30 days; the most urgent first. Four statements, five with locks.

    Nothing is due from whoever is no member any more.
    """
    if not may_learn(user, organization):
        return []
    now = _Now(organization, timezone.now())
    return sorted([*_assignments(user, now), *_attempts(user, now), *_endings(user, now)], key=lambda due: due.at)


def _assignments(user: Any, now: _Now) -> Iterator[Due]:
    """Open ones that were not handed in, or came back; what takes nothing late is no longer asked for."""
    mine = {"enrollment__user": user.pk, "enrollment__is_active": True}
    handed_in = Submission.objects.filter(**mine, assignment=OuterRef("assignment"), state__in=HANDED_IN)
    settled = Completion.objects.filter(**mine, item=OuterRef("pk"))
    items = (
        ContentItem.objects.open_to(user)
        .filter(assignment__due_at__lte=now.moment + AHEAD)
        .filter(Q(assignment__due_at__gt=now.moment) | Q(assignment__accepts_late=True))
        .filter(~Exists(handed_in), ~Exists(settled))
        .select_related("chapter__course", "assignment")
    )
    for item in items:
        yield now.due(DueKind.ASSIGNMENT, item.chapter.course, item.assignment.due_at, item=item)


def _attempts(user: Any, now: _Now) -> Iterator[Due]:
    mine = {"enrollment__user": user.pk, "enrollment__is_active": True, "enrollment__course__is_published": True}
    running = Attempt.objects.filter(**mine, state=AttemptState.IN_PROGRESS, quiz__item__state="published")
    running = running.filter(deadline_at__gt=now.moment)
    for attempt in running.select_related("enrollment__course", "quiz__item"):
        yield now.due(DueKind.QUIZ, attempt.enrollment.course, attempt.deadline_at, item=attempt.quiz.item)


def _endings(user: Any, now: _Now) -> Iterator[Due]:
    """Courses that end for this person before they have completed them."""
    taken = Course.objects.published().of_learner(user).with_enrollment_of(user).filter(learner_completed_at=None)
    ending = taken.annotate(ends=Least("closes_at", F("mine__ends_at"))).filter(
        ends__gt=now.moment, ends__lte=now.moment + AHEAD
    )
    for course in ending:
        yield now.due(DueKind.COURSE, course, course.ends)
