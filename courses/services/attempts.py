"""Handing in a quiz."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from core.announcements import announce
from core.errors import Refused
from courses.grading import UnknownAnswer, grade
from courses.models import Attempt, Enrollment, Quiz
from courses.models.enrollment import Reason
from courses.services.progress import complete_item


def submit_attempt(quiz: Quiz, *, enrollment: Enrollment, answers: Mapping[str, str]) -> Attempt:
    """Grade `{question id: option key}` as the learner's next attempt; passing completes the item.

    Two tabs queue at the row of the enrollment, so that neither gets an attempt too many.
    Raises Refused: no_attempts_left, unknown_answer, empty_quiz.
    """
    with transaction.atomic():
        locked = Enrollment.objects.select_for_update().get(pk=enrollment.pk)
        taken = Attempt.objects.filter(quiz=quiz, enrollment=locked).count()
        if quiz.max_attempts is not None and taken >= quiz.max_attempts:
            raise Refused("no_attempts_left", "You have used all attempts at this quiz.", status=409)
        attempt = _graded(quiz, locked, answers, number=taken + 1)
        announce("quiz_submitted", quiz, attempt=attempt)
        if attempt.passed:
            complete_item(quiz.item, enrollment=locked, reason=Reason.PASSED)
    return attempt


def _graded(quiz: Quiz, enrollment: Enrollment, answers: Mapping[str, str], *, number: int) -> Attempt:
    questions = list(quiz.questions.all())
    if not questions:
        raise Refused("empty_quiz", "This quiz has no questions yet.", status=409)
    try:
        earned = grade(questions, answers)
    except UnknownAnswer as unknown:
        raise Refused(
            "unknown_answer",
            "The quiz was changed since you opened it. Please answer it again.",
            fields={"answers": [f"There is no such question or option: {unknown}"]},
        ) from unknown
    return Attempt.objects.create(
        quiz=quiz, enrollment=enrollment, number=number, answers=dict(answers), results=earned.results,
        points=earned.points, points_possible=earned.points_possible, passed=earned.passes(quiz.pass_mark),
        submitted_at=timezone.now(),
    )  # fmt: skip
