"""Some of several options are right, and all of them are to be found."""

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from courses.quizzes.questions.kind import Answer, Asked, UnknownOption, Unreadable, Unusable
from courses.quizzes.questions.options import OptionKind


class MultipleChoice(OptionKind):
    """A wrong pick takes away what a right one earns, never more than all; everything ticked is no answer."""

    control = "checkbox"
    takes_many = True

    def refuse_marks(self, right: int, total: int) -> None:
        if right == 0:
            raise Unusable("options", _("Mark the right options, with * in front of each; none is marked."))
        if right == total:
            raise Unusable("options", _("Leave at least one option wrong, or ticking all of them would be right."))

    def answer_of(self, right: list[str]) -> dict[str, Any]:
        return {"keys": right}

    def read(self, question: Asked, sent: Any) -> Answer | None:
        if sent in (None, "", []):
            return None
        if not isinstance(sent, list):
            raise Unreadable(_("The answer is a list of options."))
        keys = [option["key"] for option in question.options]
        if not all(isinstance(key, str) and key in keys for key in sent):
            raise UnknownOption
        return [key for key in keys if key in sent]

    def grade(self, question: Asked, answer: Answer) -> Fraction:
        right, picked = self.right_keys(question), set(answer)
        if not right or (len(picked) == len(question.options) != len(right)):
            return Fraction(0)
        return max(Fraction(0), Fraction(len(picked & right) - len(picked - right), len(right)))

    def right_keys(self, question: Asked) -> set[str]:
        return set(question.answer.get("keys", ()))
