"""Trying a quiz: an attempt is a row from its start on, with a copy of what is asked and a deadline of its own."""

import logging
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core.announcements import announce
from core.errors import Refused
from core.tenancy import organization_scope
from courses.models import Attempt, AttemptState, ContentItem, Enrollment, Grade, Quiz, Reason
from courses.models.quiz import GradeMethod
from courses.quizzes.answering import ReadAnswers, merged, read_answers
from courses.quizzes.attempt_rules import final_percent, is_passed, is_running
from courses.quizzes.grading import grade
from courses.quizzes.question_copies import copy_questions, read_copies
from courses.services.progress import complete_item

logger = logging.getLogger(__name__)
GRACE = timedelta(seconds=5)  # what the way from a learner to us may take
SHEET = ("questions", "answers", "results")  # of an attempt, the large columns


def start_attempt(quiz: Quiz, *, enrollment: Enrollment) -> Attempt:
    """The attempt that is running, or the learner's next one. Two tabs queue at the row of the enrollment.

    Raises Refused: no_attempts_left, empty_quiz.
    """
    with transaction.atomic():
        locked = Enrollment.objects.select_for_update().get(pk=enrollment.pk)
        before = attempts_at(quiz.pk, enrollment_id=locked.pk)
        running = next((attempt for attempt in before if is_running(attempt)), None)
        return with_sheets([running])[0] if running else _started(quiz, locked, taken=len(before))


def _started(quiz: Quiz, enrollment: Enrollment, *, taken: int) -> Attempt:
    if quiz.max_attempts is not None and taken >= quiz.max_attempts:
        raise Refused("no_attempts_left", _("You have used all attempts at this quiz."), status=409)
    questions = list(quiz.questions.all())
    if not questions:
        raise Refused("empty_quiz", _("This quiz has no questions yet."), status=409)
    seed = secrets.randbelow(2**31)
    copies = copy_questions(
        questions, seed=seed, shuffles_questions=quiz.shuffles_questions, shuffles_options=quiz.shuffles_options
    )
    made = Attempt.objects.create(
        quiz=quiz, enrollment=enrollment, number=taken + 1, state=AttemptState.IN_PROGRESS, seed=seed,
        questions=copies, rules=_rules_of(quiz), points_possible=sum(one.points for one in questions),
        deadline_at=Now() + timedelta(minutes=quiz.time_limit_minutes) if quiz.time_limit_minutes else None,
    )  # fmt: skip
    return _attempts().get(pk=made.pk)


def _rules_of(quiz: Quiz) -> dict[str, Any]:
    return {name: getattr(quiz, name) for name in ("pass_mark", "time_limit_minutes", "review")}


def save_answers(attempt: Attempt, answers: Mapping[str, Any]) -> Attempt:
    """Keep `{question id: answer}` beside what was saved before; None takes an answer back.

    All of them or none. Raises Refused: attempt_over, unknown_answer, unreadable_answer.
    """
    with transaction.atomic():
        locked = _attempts().select_for_update(of=("self",)).get(pk=attempt.pk)
        if not is_running(locked) or is_overdue(locked):
            words = _("This attempt is over. What was saved in time counts.")
            raise Refused("attempt_over", words, status=409)
        read = read_answers(read_copies(locked.questions), answers)
        _refuse_faults(read)
        locked.answers, locked.saved_at = merged(locked.answers, read.answers), asked_at(locked)
        locked.save(update_fields=["answers", "saved_at"])
    return locked


def _refuse_faults(read: ReadAnswers) -> None:
    if not read.faults:
        return
    fields = {f"answers.{name[:100]}": [sentence] for name, sentence in read.faults.items()}
    if read.names_unknown:
        words = _("This is not what was asked. Please open the quiz again.")
        raise Refused("unknown_answer", words, fields=fields)
    raise Refused("unreadable_answer", next(iter(read.faults.values())), fields=fields)


def submit_attempt(attempt: Attempt) -> Attempt:
    """Grade what was saved, once: whoever hands the same attempt in again is told the same result.

    Passing completes the item. The enrollment is locked before the attempt, as everywhere.
    """
    with transaction.atomic():
        enrollment = Enrollment.objects.select_for_update().get(pk=attempt.enrollment_id)
        locked = _attempts().select_for_update(of=("self",)).select_related("quiz").get(pk=attempt.pk)
        if is_running(locked):
            _grade(locked)
            announce("quiz_submitted", locked.quiz, attempt=locked)
            settle_attempts(locked.quiz, enrollment)
    return locked


def _grade(attempt: Attempt) -> None:
    earned = grade(read_copies(attempt.questions), attempt.answers)
    attempt.state, attempt.results = AttemptState.GRADED, earned.results
    attempt.points, attempt.points_possible = earned.points, earned.points_possible
    attempt.passed = earned.passes(attempt.rules["pass_mark"])
    attempt.submitted_at = min(asked_at(attempt), attempt.deadline_at or asked_at(attempt))
    attempt.save(update_fields=["state", "results", "points", "points_possible", "passed", "submitted_at"])


def settle_attempts(quiz: Quiz, enrollment: Enrollment) -> None:
    """What all attempts together come to, where the quiz stands in the course. The caller holds the enrollment."""
    item = ContentItem.objects.of_course(enrollment.course_id).filter(quiz=quiz).first()
    if item is None:
        return
    attempts = list(Attempt.objects.filter(quiz=quiz, enrollment=enrollment))
    percent = final_percent(attempts, quiz.grade_method)
    Grade.objects.update_or_create(enrollment=enrollment, item=item, defaults={"percent": percent})
    if is_passed(attempts, quiz.grade_method, pass_mark=quiz.pass_mark):
        complete_item(item, enrollment=enrollment, reason=Reason.PASSED)


def take_quiz(quiz: Quiz, *, enrollment: Enrollment, answers: Mapping[str, Any]) -> Attempt:
    """Start, answer and hand in, all at once or not at all. Raises Refused as those three do."""
    with transaction.atomic():
        attempt = start_attempt(quiz, enrollment=enrollment)
        return submit_attempt(save_answers(attempt, answers))


def attempts_at(quiz_id: UUID | None, *, enrollment_id: UUID | None) -> list[Attempt]:
    """A learner's attempts at a quiz, the last one first, without their sheets (`with_sheets`).

    One whose time is over is graded before it is shown.
    """
    found = list(_attempts().defer(*SHEET).filter(quiz=quiz_id, enrollment=enrollment_id))
    return [submit_attempt(attempt) if is_overdue(attempt) else attempt for attempt in found]


def with_sheets(attempts: Iterable[Attempt]) -> list[Attempt]:
    """With what was asked, answered and earned, of those that lack it in one statement."""
    wanted = list(attempts)
    bare = [one for one in wanted if one.get_deferred_fields()]
    sheets = Attempt.objects.only(*SHEET).in_bulk([one.pk for one in bare])
    for attempt in bare:
        for column in SHEET:
            setattr(attempt, column, getattr(sheets[attempt.pk], column))
    return wanted


def has_passed(quiz: Quiz, attempts: Sequence[Attempt]) -> bool:
    """An average is made of the sheets; all else needs none of them."""
    needed = with_sheets(attempts) if quiz.grade_method == GradeMethod.AVERAGE else attempts
    return is_passed(needed, quiz.grade_method, pass_mark=quiz.pass_mark)


def own_attempt(attempts: QuerySet, attempt_id: UUID) -> Attempt | None:
    """One of these attempts with the time; graded first where its time is over."""
    attempt = attempts.annotate(asked_at=Now()).filter(pk=attempt_id).first()
    return submit_attempt(attempt) if attempt is not None and is_overdue(attempt) else attempt


def may_be_finished(attempt: Attempt) -> bool:
    """What was begun is let come to its end, though its course or item was taken from the learners meanwhile."""
    return is_running(attempt) and attempt.enrollment.is_active


def grade_overdue() -> int:
    """Of every organization in scope: what nobody handed in before its time was over. Answers how many.

    One that cannot be graded is told to operators and keeps none of the others waiting.
    """
    overdue = Attempt.objects.filter(state=AttemptState.IN_PROGRESS, deadline_at__lt=Now() - GRACE)
    found = list(overdue.only("organization_id", "enrollment_id"))
    return sum(_graded(attempt) for attempt in found)


def _graded(attempt: Attempt) -> bool:
    try:
        with organization_scope(attempt.organization_id):
            submit_attempt(attempt)
    except Exception:
        logger.exception("Attempt %s could not be graded", attempt.pk)
        return False
    return True


def is_overdue(attempt: Attempt) -> bool:
    if not is_running(attempt) or attempt.deadline_at is None:
        return False
    return asked_at(attempt) > attempt.deadline_at + GRACE


def asked_at(attempt: Attempt) -> datetime:
    """When the database was asked for this attempt, on its own clock; a deadline is one of that clock."""
    moment: datetime = attempt.asked_at  # type: ignore[attr-defined]
    return moment


def seconds_left(attempt: Attempt) -> int | None:
    """Until the deadline; None where there is none."""
    if attempt.deadline_at is None:
        return None
    return max(0, round((attempt.deadline_at - asked_at(attempt)).total_seconds()))


def _attempts() -> QuerySet:
    return Attempt.objects.annotate(asked_at=Now())
