"""What was tried and handed in before, by the rules of today. Nothing is taken back, and nothing is told twice."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from courses.handing_in.rules import passes
from courses.models import Attempt, AttemptState, Completion, ContentItem, Enrollment, Reason, Submission
from courses.models.assignment import SubmissionState
from courses.models.item import ItemType
from courses.querysets import ContentItemQuerySet
from courses.quizzes.attempt_rules import final_percent, is_passed
from courses.services.attempts import settle_attempts
from courses.services.progress import complete_item


def regrade(items: ContentItemQuerySet) -> None:
    """Quizzes by their method and pass mark, assignments by their pass mark; one learner after the other."""
    for item in items.filter(type=ItemType.QUIZ).select_related("quiz", "chapter"):
        for learner in list(_graded_otherwise(item)):
            with transaction.atomic():
                settle_attempts(item.quiz, Enrollment.objects.select_for_update().get(pk=learner))
    for item in items.filter(type=ItemType.ASSIGNMENT).select_related("assignment", "chapter"):
        reason = Reason.HANDED_IN if item.assignment.pass_mark is None else Reason.GRADED
        for learner in _passed_by_now(item):
            complete_item(item, enrollment=Enrollment(pk=learner), reason=reason)


def _graded_otherwise(item: ContentItem) -> Iterator[UUID]:
    """Enrollments whose attempts come to another grade than is kept, or pass without having completed the item."""
    quiz: Any = item.quiz
    grades = dict(item.grades.values_list("enrollment", "percent"))
    done = set(item.completions.exclude(reason=Reason.EXCUSED).values_list("enrollment", flat=True))
    tried = Attempt.objects.filter(quiz=quiz, enrollment__course=item.chapter.course_id, state=AttemptState.GRADED)
    rows = tried.defer("results").order_by("enrollment_id").iterator()
    for learner, attempts in groupby(rows, key=attrgetter("enrollment_id")):
        mine = list(attempts)
        passes_now = is_passed(mine, quiz.grade_method, pass_mark=quiz.pass_mark)
        if passes_now and learner not in done or grades.get(learner) != final_percent(mine, quiz.grade_method):
            yield learner


def _passed_by_now(item: ContentItem) -> set[UUID]:
    """Enrollments that have not completed the item; without a pass mark handing in is enough."""
    assignment: Any = item.assignment
    done = Completion.objects.filter(item=item, enrollment=OuterRef("enrollment")).exclude(reason=Reason.EXCUSED)
    mine = {"assignment": assignment, "enrollment__course": item.chapter.course_id}
    open_ones = Submission.objects.filter(~Exists(done), **mine)
    if assignment.pass_mark is None:
        handed_in = open_ones.filter(state__in=[SubmissionState.SUBMITTED, SubmissionState.GRADED])
        return set(handed_in.values_list("enrollment", flat=True))
    shown = open_ones.filter(state=SubmissionState.GRADED, released_at__isnull=False)
    return {
        learner
        for learner, points in shown.values_list("enrollment", "points")
        if passes(points, out_of=assignment.points, pass_mark=assignment.pass_mark)
    }
