"""A quiz as a learner sees it: without a hint of what is right, or reviewed, with the verdicts. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from courses.quizzes.answering import FIELD_PREFIX
from courses.quizzes.questions import Answer, Asked, kind_of


@dataclass(frozen=True)
class Choice:
    """`verdict` is empty before the review, then `right`, `wrong` (chosen, and not right) or empty."""

    key: str
    text: str
    is_chosen: bool = False
    verdict: str = ""
    feedback: str = ""


@dataclass(frozen=True)
class QuestionSheet:
    """`control`: radio, checkbox, text or number. The last four are for a review only."""

    id: str
    field: str
    control: str
    prompt: str
    points: int
    choices: list[Choice]
    text: str = ""
    is_open: bool = True
    earned: str = ""
    verdict: str = ""
    right_texts: tuple[str, ...] = ()
    feedback: str = ""


def blank_sheet(questions: Iterable[Asked], answers: Mapping[str, Answer] | None = None) -> list[QuestionSheet]:
    """To be filled in, with what was answered so far: nothing about right answers is in it."""
    return [_asked(question, (answers or {}).get(str(question.id))) for question in questions]


def _asked(question: Asked, answer: Answer | None) -> QuestionSheet:
    choices = [
        Choice(option["key"], option["text"], _is_chosen(option["key"], answer))
        for option in kind_of(question).show(question)
    ]
    return QuestionSheet(**_frame(question, answer), choices=choices)


def _frame(question: Asked, answer: Answer | None) -> dict[str, Any]:
    kind = kind_of(question)
    return {
        "id": str(question.id), "field": f"{FIELD_PREFIX}{question.id}", "control": kind.control,
        "prompt": question.prompt, "points": question.points, "is_open": answer is None,
        "text": answer if isinstance(answer, str) and not kind.show(question) else "",
    }  # fmt: skip


def _is_chosen(key: str, answer: Answer | None) -> bool:
    return key == answer if isinstance(answer, str) else key in (answer or ())


def reviewed_sheet(
    questions: Iterable[Asked], answers: Mapping[str, Answer], results: Mapping[str, Any]
) -> list[QuestionSheet]:
    """After an attempt, where its review is allowed: what was answered, what is right, and the feedback."""
    return [_reviewed(one, answers.get(str(one.id)), str(results.get(str(one.id), 0))) for one in questions]


def _reviewed(question: Asked, answer: Answer | None, earned: str) -> QuestionSheet:
    kind = kind_of(question)
    right, told = kind.right_keys(question), question.answer.get("feedback", {})
    choices = [
        Choice(key, option["text"], _is_chosen(key, answer), _verdict(key, answer, right), told.get(key, ""))
        for option in kind.show(question)
        for key in [option["key"]]
    ]
    return QuestionSheet(
        **_frame(question, answer), choices=choices, earned=earned.removesuffix(".00"),
        verdict=_whole_verdict(float(earned), question.points),
        right_texts=tuple(kind.right_texts(question)), feedback=question.feedback,
    )  # fmt: skip


def _verdict(key: str, answer: Answer | None, right: set[str]) -> str:
    if key in right:
        return "right"
    return "wrong" if _is_chosen(key, answer) else ""


def _whole_verdict(earned: float, points: int) -> str:
    if earned >= points:
        return "right"
    return "partly" if earned > 0 else "wrong"
