"""Answers as they come in, from a form or an integrator. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from courses.quizzes.questions import Answer, Asked, UnknownOption, Unreadable, kind_of

FIELD_PREFIX = "question-"
#: A sheet names the questions it speaks of: of a question without a ticked box it would send nothing.
ASKED = "asked"


@dataclass
class ReadAnswers:
    """`answers` by question id, None where one was taken back; `faults` are sentences by question id."""

    answers: dict[str, Answer | None] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    names_unknown: bool = False


def read_answers(questions: Iterable[Asked], sent: Mapping[str, Any]) -> ReadAnswers:
    """Check `{question id: answer}` against what was asked."""
    asked = {str(question.id): question for question in questions}
    read = ReadAnswers()
    for name, answer in sent.items():
        if name not in asked:
            read.names_unknown, read.faults[name] = True, _("There is no such question.")
        else:
            _read_one(asked[name], answer, read)
    return read


def _read_one(question: Asked, answer: Any, read: ReadAnswers) -> None:
    name = str(question.id)
    try:
        read.answers[name] = kind_of(question).read(question, answer)
    except Unreadable as fault:
        read.faults[name] = str(fault)
        read.names_unknown = read.names_unknown or isinstance(fault, UnknownOption)


def merged(before: Mapping[str, Answer], answers: Mapping[str, Answer | None]) -> dict[str, Answer]:
    """What was answered before, and what is answered now instead."""
    return {name: answer for name, answer in {**before, **answers}.items() if answer is not None}


def sent_by_form(questions: Iterable[Asked], form: Any) -> dict[str, Any]:
    """What a posted sheet (a QueryDict) says, by question id; questions it does not speak of are left alone."""
    named = set(form.getlist(ASKED)) | {name.removeprefix(FIELD_PREFIX) for name in form if FIELD_PREFIX in name}
    return {str(one.id): _sent(one, form) for one in questions if str(one.id) in named}


def _sent(question: Asked, form: Any) -> Any:
    name = f"{FIELD_PREFIX}{question.id}"
    return form.getlist(name) if kind_of(question).takes_many else form.get(name)
