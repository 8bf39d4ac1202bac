"""A quiz: its start, the sheet of the attempt that is running, or the result of one."""

from typing import Any

from django.db.models import Count
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from courses.learn_space.lessons import Lesson, open_lesson
from courses.models import Attempt, Question, Quiz
from courses.models.quiz import GradeMethod, Review
from courses.quizzes.attempt_rules import attempts_left, graded_ones, is_running, may_review
from courses.quizzes.question_copies import read_copies
from courses.quizzes.sheet import blank_sheet, reviewed_sheet
from courses.services.attempts import attempts_at, has_passed, seconds_left, with_sheets
from courses.views.stages.unmet import grade_at, unmet_at

CONFIRM = "confirm"  # asked for in the query where somebody hands in with open questions
SHOWN = "attempt"  # the number of an earlier attempt to look at


def quiz_stage(request: Any, lesson: Lesson) -> dict[str, Any]:
    """Three statements, however many questions and attempts there are; `lesson` as it is once they are graded."""
    if lesson.item.enrollment_id is None:
        return _preview(lesson)
    attempts = attempts_at(lesson.item.quiz_id, enrollment_id=lesson.item.enrollment_id)
    quiz = Quiz.objects.annotate(question_total=Count("questions"), grade=grade_at(lesson)).get(pk=lesson.item.quiz_id)
    running = next((one for one in attempts if is_running(one)), None)
    if running is not None:
        return {"quiz": quiz, **_sheet(request, running)}
    lesson = _up_to_date(request, lesson, quiz, attempts)
    unmet = unmet_at(lesson, grade=quiz.grade, pass_mark=quiz.pass_mark)
    about = {"quiz": quiz, "question_total": quiz.question_total, "unmet": unmet, **_about(quiz, attempts)}
    return {"lesson": lesson, **about, **(_result(request, quiz, attempts) if attempts else {"view": "start"})}


def _preview(lesson: Lesson) -> dict[str, Any]:
    quiz = Quiz.objects.get(pk=lesson.item.quiz_id)
    questions = list(Question.objects.filter(quiz=quiz))
    return {"quiz": quiz, "view": "preview", "sheet": blank_sheet(questions), "question_total": len(questions)}


def _up_to_date(request: Any, lesson: Lesson, quiz: Quiz, attempts: list[Attempt]) -> Lesson:
    """An attempt whose time is over is graded by looking at it: after what stands around it was read."""
    if lesson.is_done or not has_passed(quiz, attempts):
        return lesson
    return open_lesson(lesson.item, user=request.user, organization=request.organization)


def _sheet(request: Any, attempt: Attempt) -> dict[str, Any]:
    with_sheets([attempt])
    sheet = blank_sheet(read_copies(attempt.questions), attempt.answers)
    return {
        "view": "sheet",
        "attempt": attempt,
        "sheet": sheet,
        "question_total": len(sheet),
        "open_numbers": numbers_of_open(attempt) if CONFIRM in request.GET else [],
        "seconds_left": seconds_left(attempt),
        "saved": saved_words(attempt) if attempt.saved_at else "",
    }


def _about(quiz: Quiz, attempts: list[Attempt]) -> dict[str, Any]:
    return {
        "left": attempts_left(attempts, quiz.max_attempts),
        "method_words": GradeMethod(quiz.grade_method).label,
        "review_words": Review(quiz.review).label,
    }


def _result(request: Any, quiz: Quiz, attempts: list[Attempt]) -> dict[str, Any]:
    """Of the attempt that was asked for, or the last one. Without its review where that is not allowed yet."""
    graded = graded_ones(attempts)
    shown: Any = next((one for one in graded if str(one.number) == request.GET.get(SHOWN)), graded[-1])
    with_sheets([shown])
    is_reviewed = may_review(shown, attempts, max_attempts=quiz.max_attempts) and bool(shown.questions)
    review = reviewed_sheet(read_copies(shown.questions), shown.answers, shown.results) if is_reviewed else []
    return {
        "view": "result",
        "attempt": shown,
        "points": _plain(shown),
        "pass_mark": shown.rules.get("pass_mark", quiz.pass_mark),
        "sheet": review,
        "is_reviewed": is_reviewed,
        "list": [(one, _plain(one)) for one in attempts],
    }


def _plain(attempt: Attempt) -> str:
    """Points without empty decimals: 2, or 1.66."""
    return str(attempt.points.normalize().quantize(1)) if attempt.points % 1 == 0 else str(attempt.points)


def numbers_of_open(attempt: Attempt) -> list[int]:
    """Which questions have no answer yet, counted from 1 as they are shown."""
    return [number for number, copy in enumerate(attempt.questions, 1) if copy["id"] not in attempt.answers]


def saved_words(attempt: Attempt) -> str:
    return _("Saved %(time)s") % {"time": time_format(localtime(attempt.saved_at), "H:i")}
