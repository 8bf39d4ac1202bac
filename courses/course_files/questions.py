"""Reads questions of a course file. What it lets through can be shown and graded."""

from typing import Any

from django.utils.translation import gettext as _

from courses.course_files.refusing import unreadable
from courses.course_files.values import read_columns, read_object
from courses.models import Question
from courses.quizzes.grading import question_fault
from courses.quizzes.questions import KINDS
from courses.quizzes.questions.options import OptionKind

LONGEST_KEY = 40
#: Kind: what its answer has, and whether that is a text or a list of them.
ANSWERS: dict[str, dict[str, type]] = {
    "single_choice": {"key": str},
    "multiple_choice": {"keys": list},
    "true_false": {"key": str},
    "short_text": {"accepted": list},
    "numeric": {"value": str, "tolerance": str},
}


def read_question(data: Any, place: str) -> dict[str, Any]:
    """Its columns. Raises Refused."""
    columns = read_columns(data, place, Question)
    if columns["points"] < 1:
        raise unreadable(f"{place}.points", _("A question has at least one point."))
    keys = _read_options(columns["options"], f"{place}.options")
    _refuse_answer(columns["kind"], columns["answer"], keys, f"{place}.answer")
    if fault := question_fault(Question(**columns)):
        raise unreadable(place, fault)
    return columns


def _read_options(options: Any, place: str) -> set[str]:
    if not isinstance(options, list):
        raise unreadable(place, _("Write a list."))
    keys: set[str] = set()
    for number, option in enumerate(options):
        written = read_object(option, f"{place}.{number}", ("key", "text"))
        key, text = written.get("key"), written.get("text")
        if not isinstance(text, str) or not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY or key in keys:
            raise unreadable(f"{place}.{number}", _("An option has a key of its own and a text."))
        keys.add(key)
    return keys


def _refuse_answer(kind: str, answer: Any, keys: set[str], place: str) -> None:
    has_options = isinstance(KINDS[kind], OptionKind) and kind != "true_false"
    wanted = ANSWERS[kind]
    written = read_object(answer, place, (*wanted, "feedback") if has_options else wanted)
    for name, type_ in wanted.items():
        if not isinstance(written.get(name), type_) or not _are_texts(written[name]):
            raise unreadable(f"{place}.{name}", _("The answer cannot be read."))
    if has_options and not _named(written) <= keys:
        raise unreadable(place, _("It names an option that the question does not have."))


def _are_texts(value: Any) -> bool:
    return all(isinstance(one, str) for one in (value if isinstance(value, list) else [value]))


def _named(answer: dict[str, Any]) -> set[str]:
    """Keys of options; nothing else is text in there."""
    feedback = answer.get("feedback", {})
    if not isinstance(feedback, dict) or not _are_texts(list(feedback.values())):
        return {""}
    return {*answer.get("keys", ()), *([answer["key"]] if "key" in answer else ()), *feedback}
