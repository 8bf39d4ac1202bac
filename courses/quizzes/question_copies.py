"""Questions as they were when an attempt began, in the order in which they are shown. Pure."""

import random
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from courses.quizzes.questions import Asked, Option, kind_of


@dataclass(frozen=True)
class QuestionCopy:
    """What is right stands in it: it stays on the server."""

    id: str
    kind: str
    prompt: str
    options: list[Option]
    answer: dict[str, Any]
    feedback: str
    points: int


def copy_questions(
    questions: Iterable[Asked], *, seed: int, shuffles_questions: bool, shuffles_options: bool
) -> list[dict[str, Any]]:
    """As they are written into the attempt. The same seed gives the same order."""
    chance = random.Random(seed)  # noqa: S311 (an order, no secret)
    copies = [_copied(question) for question in questions]
    if shuffles_questions:
        chance.shuffle(copies)
    if shuffles_options:
        copies = [_mixed(copy, chance) for copy in copies]
    return [asdict(copy) for copy in copies]


def _copied(question: Asked) -> QuestionCopy:
    return QuestionCopy(
        str(question.id), str(question.kind), question.prompt, question.options, question.answer, question.feedback,
        question.points,
    )  # fmt: skip


def _mixed(copy: QuestionCopy, chance: random.Random) -> QuestionCopy:
    if not kind_of(copy).shuffles:
        return copy
    return replace(copy, options=chance.sample(copy.options, len(copy.options)))


def read_copies(written: Iterable[dict[str, Any]]) -> list[QuestionCopy]:
    return [QuestionCopy(**copy) for copy in written]
