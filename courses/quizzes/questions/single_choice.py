"""One of several options is right."""

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from courses.quizzes.questions.kind import Answer, Asked, UnknownOption, Unusable
from courses.quizzes.questions.options import OptionKind


class SingleChoice(OptionKind):
    control = "radio"

    def refuse_marks(self, right: int, total: int) -> None:
        if right != 1:
            words = _("Mark exactly one option as right, with * in front of it; %d are marked.")
            raise Unusable("options", words % right)

    def answer_of(self, right: list[str]) -> dict[str, Any]:
        return {"key": right[0]}

    def read(self, question: Asked, sent: Any) -> Answer | None:
        if sent in (None, ""):
            return None
        if not isinstance(sent, str) or sent not in {option["key"] for option in self.show(question)}:
            raise UnknownOption
        return sent

    def grade(self, question: Asked, answer: Answer) -> Fraction:
        return Fraction(int(answer in self.right_keys(question)))

    def right_keys(self, question: Asked) -> set[str]:
        return {question.answer["key"]} if "key" in question.answer else set()
