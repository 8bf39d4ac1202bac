"""What answers earn. Pure: questions and answers in, points out; the database and the learner are far away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from courses.quizzes.questions import Answer, Asked, kind_of


@dataclass(frozen=True)
class Earned:
    """`results` is points by question id as decimal texts; `points` of `points_possible` were earned.

    Points have two places and are rounded down, so that none of them says more than was earned. A whole percent of
    whole points has two places at most: no mark is missed, or reached, by the rounding.
    """

    results: dict[str, str]
    points: Decimal
    points_possible: int

    def passes(self, pass_mark: int) -> bool:
        """Was the mark (percent of the points, 0–100) reached?"""
        return self.points_possible > 0 and 100 * self.points >= pass_mark * self.points_possible


def grade(questions: Iterable[Asked], answers: Mapping[str, Answer]) -> Earned:
    """Grade read answers, `{question id: answer}`; an open question earns nothing."""
    exact = {str(question.id): (question.points, _earned(question, answers)) for question in questions}
    return Earned(
        results={name: str(two_places(earned)) for name, (_, earned) in exact.items()},
        points=two_places(sum((earned for _, earned in exact.values()), Fraction(0))),
        points_possible=sum(points for points, _ in exact.values()),
    )


def exact_points(questions: Iterable[Asked], answers: Mapping[str, Answer]) -> Fraction:
    """What `grade` rounds down: of several attempts, thirds add up to a whole again."""
    return sum((_earned(question, answers) for question in questions), Fraction(0))


def _earned(question: Asked, answers: Mapping[str, Answer]) -> Fraction:
    answer = answers.get(str(question.id))
    return Fraction(0) if answer is None else question.points * kind_of(question).grade(question, answer)


def two_places(number: Fraction) -> Decimal:
    """Rounded down; not below zero."""
    return (Decimal(int(number * 100)) / 100).quantize(Decimal("0.01"))


def question_fault(question: Asked) -> str:
    """Why it cannot be graded, a sentence; empty where it can."""
    return kind_of(question).fault(question)
