"""The kinds of question: what a creator types, what a learner sees and answers, what it earns. Pure."""

from courses.quizzes.questions.kind import (
    Answer,
    Asked,
    Content,
    Kind,
    Option,
    Typed,
    TypedOption,
    UnknownOption,
    Unreadable,
    Unusable,
)
from courses.quizzes.questions.multiple_choice import MultipleChoice
from courses.quizzes.questions.numeric import Numeric
from courses.quizzes.questions.short_text import ShortText
from courses.quizzes.questions.single_choice import SingleChoice
from courses.quizzes.questions.true_false import TrueFalse

__all__ = [
    "KINDS", "Answer", "Asked", "Content", "Kind", "Option", "Typed", "TypedOption", "UnknownOption", "Unreadable",
    "Unusable", "kind_of",
]  # fmt: skip

#: By the name that `courses.models.QuestionKind` gives it.
KINDS: dict[str, Kind] = {
    "single_choice": SingleChoice(),
    "multiple_choice": MultipleChoice(),
    "true_false": TrueFalse(),
    "short_text": ShortText(),
    "numeric": Numeric(),
}


def kind_of(question: Asked) -> Kind:
    return KINDS[question.kind]
