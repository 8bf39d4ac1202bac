"""What follows from somebody's attempts at a quiz: the grade, whether it is passed, what may be reviewed. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

from courses.models.attempt import AttemptState
from courses.models.quiz import GradeMethod, Review
from courses.quizzes.grading import exact_points, two_places
from courses.quizzes.question_copies import read_copies


class Tried(Protocol):
    number: int
    state: str
    points: Decimal
    points_possible: int
    passed: bool
    rules: Any
    questions: Any
    answers: Any


def is_running(attempt: Tried) -> bool:
    return attempt.state == AttemptState.IN_PROGRESS


def graded_ones(attempts: Sequence[Tried]) -> list[Tried]:
    """The first one first."""
    return sorted((one for one in attempts if not is_running(one)), key=lambda one: one.number)


def final_percent(attempts: Sequence[Tried], method: str) -> Decimal:
    """The grade that at least one graded attempt makes: 0–100 with two places, rounded down."""
    return two_places(100 * _share(graded_ones(attempts), method))


def is_passed(attempts: Sequence[Tried], method: str, *, pass_mark: int) -> bool:
    """By the attempt that counts; an average is held against the pass mark of the last one.

    `pass_mark` is that of today, 0–100: who reaches it has passed, also where more was asked for at the time.
    """
    graded = graded_ones(attempts)
    if graded and 100 * _share(graded, method) >= pass_mark:
        return True
    if method == GradeMethod.AVERAGE:
        return bool(graded) and 100 * _share(graded, method) >= graded[-1].rules.get("pass_mark", 100)
    counting = {GradeMethod.FIRST: graded[:1], GradeMethod.LAST: graded[-1:]}.get(GradeMethod(method), graded)
    return any(one.passed for one in counting)


def _share(graded: Sequence[Tried], method: str) -> Fraction:
    """Of the points, 0–1. Many roundings would pull an average below its mark, so it is made of exact points."""
    earned = exactly_earned if method == GradeMethod.AVERAGE else (lambda one: Fraction(one.points))
    shares = [earned(one) / one.points_possible if one.points_possible else Fraction(0) for one in graded]
    counting = {
        GradeMethod.HIGHEST: max(shares),
        GradeMethod.LAST: shares[-1],
        GradeMethod.FIRST: shares[0],
        GradeMethod.AVERAGE: sum(shares, Fraction(0)) / len(shares),
    }
    return counting[GradeMethod(method)]


def exactly_earned(attempt: Tried) -> Fraction:
    """The points before they were rounded to two places; those kept where the answers no longer come to them."""
    exact = exact_points(read_copies(attempt.questions), attempt.answers)
    return exact if two_places(exact) == attempt.points else Fraction(attempt.points)


def may_review(attempt: Tried, attempts: Sequence[Tried], *, max_attempts: int | None) -> bool:
    """May the learner see what was right in this one of their attempts? Never while one of them is running."""
    if any(is_running(one) for one in attempts):
        return False
    review = attempt.rules.get("review", Review.EACH)
    if review == Review.LAST:
        return any(one.passed for one in attempts) or attempts_left(attempts, max_attempts) == 0
    return bool(review == Review.EACH)


def attempts_left(attempts: Sequence[Tried], max_attempts: int | None) -> int | None:
    """How many may still be started; None where there is no end."""
    return None if max_attempts is None else max(0, max_attempts - len(attempts))
