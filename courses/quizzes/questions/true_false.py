"""A statement that is true, or is not. Its two options are those of every such question: none are written down."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from courses.quizzes.questions.kind import Asked, Content, Option, Typed, Unusable
from courses.quizzes.questions.single_choice import SingleChoice

TRUE, FALSE = "true", "false"


class TrueFalse(SingleChoice):
    """Never shuffled: everybody looks for “True” above “False”."""

    shuffles = False

    def parse(self, typed: Typed, *, known: Sequence[Option] = ()) -> Content:
        if typed.is_true is None:
            raise Unusable("is_true", _("Say whether the statement is true or false."))
        return Content([], {"key": TRUE if typed.is_true else FALSE})

    def typed(self, question: Asked) -> Typed:
        said: dict[Any, bool] = {TRUE: True, FALSE: False}
        return Typed(is_true=said.get(question.answer.get("key")))

    def show(self, question: Asked) -> list[Option]:
        return [{"key": TRUE, "text": _("True")}, {"key": FALSE, "text": _("False")}]
