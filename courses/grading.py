"""What answers earn. Pure: options and answers in, points out; the database and the learner are far away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID


class Gradable(Protocol):
    """A question: `options` `[{"key", "text"}]`, `answer` `{"key"}`, `points` from 1."""

    id: UUID
    options: Any
    answer: Any
    points: int


@dataclass(frozen=True)
class Grade:
    """`results` is points by question id; `points` of `points_possible` were earned."""

    results: dict[str, int]
    points: int
    points_possible: int

    def passes(self, pass_mark: int) -> bool:
        """Was the mark (percent of the points, 0–100) reached? Compared exactly, without rounding."""
        return self.points_possible > 0 and 100 * self.points >= pass_mark * self.points_possible


class UnknownAnswer(ValueError):
    """An answer to a question, or by an option, that the quiz does not have."""


def grade(questions: Iterable[Gradable], answers: Mapping[str, str]) -> Grade:
    """Grade `{question id: option key}`; an open question earns nothing. Raises UnknownAnswer."""
    asked = {str(question.id): question for question in questions}
    for question_id, key in answers.items():
        if question_id not in asked or key not in option_keys(asked[question_id]):
            raise UnknownAnswer(question_id)
    results = {name: _earned(question, answers.get(name)) for name, question in asked.items()}
    return Grade(results, sum(results.values()), sum(question.points for question in asked.values()))


def _earned(question: Gradable, key: str | None) -> int:
    return question.points if key is not None and key == question.answer.get("key") else 0


def option_keys(question: Gradable) -> set[str]:
    return {option["key"] for option in question.options}


def is_gradable(question: Gradable) -> bool:
    """Two options at least, and the right one among them."""
    return len(question.options) >= 2 and question.answer.get("key") in option_keys(question)
