"""A quiz as a learner sees it: without a hint of what is right, or after handing in with the verdicts. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

FIELD_PREFIX = "question-"


@dataclass(frozen=True)
class Choice:
    """`verdict` is empty before the attempt, then `right`, `wrong` (chosen, and not right) or empty."""

    key: str
    text: str
    is_chosen: bool = False
    verdict: str = ""


@dataclass(frozen=True)
class QuestionSheet:
    field: str
    prompt: str
    points: int
    choices: list[Choice]
    feedback: str = ""


def blank_sheet(questions: Iterable[Any]) -> list[QuestionSheet]:
    """To be filled in: nothing about right answers is in it."""
    return [
        QuestionSheet(
            f"{FIELD_PREFIX}{question.pk}",
            question.prompt,
            question.points,
            [Choice(option["key"], option["text"]) for option in question.options],
        )
        for question in questions
    ]


def marked_sheet(questions: Iterable[Any], answers: dict[str, str]) -> list[QuestionSheet]:
    """After an attempt: what was chosen, what is right, and the feedback."""
    return [_marked(question, answers.get(str(question.pk))) for question in questions]


def _marked(question: Any, chosen: str | None) -> QuestionSheet:
    right = question.answer.get("key")
    choices = [
        Choice(option["key"], option["text"], option["key"] == chosen, _verdict(option["key"], chosen, right))
        for option in question.options
    ]
    return QuestionSheet(f"{FIELD_PREFIX}{question.pk}", question.prompt, question.points, choices, question.feedback)


def _verdict(key: str, chosen: str | None, right: str) -> str:
    if key == right:
        return "right"
    return "wrong" if key == chosen else ""


def read_answers(form: Any) -> dict[str, str]:
    """`{question id: option key}` of a posted form."""
    return {
        name.removeprefix(FIELD_PREFIX): value
        for name, value in form.items()
        if name.startswith(FIELD_PREFIX) and value
    }
