"""What kinds of question with options of their own share."""

import secrets
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.lines import one_line
from courses.quizzes.questions.kind import Asked, Content, Kind, Option, Typed, TypedOption, Unusable

MOST_OPTIONS = 50
LONGEST = 1000  # characters of an option


class OptionKind(Kind):
    """Options that a creator writes; right ones among them."""

    shuffles = True

    @abstractmethod
    def answer_of(self, right: list[str]) -> dict[str, Any]:
        """What is kept of the keys of the right options."""

    @abstractmethod
    def refuse_marks(self, right: int, total: int) -> None:
        """So many of the options are marked as right. Raises Unusable."""

    def parse(self, typed: Typed, *, known: Sequence[Option] = ()) -> Content:
        written = [TypedOption(one_line(one.text), one.is_right, one_line(one.feedback)) for one in typed.options]
        _refuse_unusable([one.text for one in written])
        self.refuse_marks(sum(one.is_right for one in written), len(written))
        keys = {option["text"]: option["key"] for option in known}
        keyed = [(keys.get(one.text) or secrets.token_hex(4), one) for one in written]
        answer = self.answer_of([key for key, one in keyed if one.is_right])
        if feedback := {key: one.feedback for key, one in keyed if one.feedback}:
            answer["feedback"] = feedback
        return Content([{"key": key, "text": one.text} for key, one in keyed], answer)

    def typed(self, question: Asked) -> Typed:
        right, told = self.right_keys(question), question.answer.get("feedback", {})
        return Typed(
            options=[
                TypedOption(option["text"], option["key"] in right, told.get(option["key"], ""))
                for option in question.options
            ]
        )

    def show(self, question: Asked) -> list[Option]:
        return [{"key": option["key"], "text": option["text"]} for option in question.options]


def _refuse_unusable(texts: list[str]) -> None:
    if not 2 <= len(texts) <= MOST_OPTIONS:
        raise Unusable("options", _("Give at least two options, one a line, and at most %d.") % MOST_OPTIONS)
    if not all(texts):
        raise Unusable("options", _("An option has no text."))
    if any(len(text) > LONGEST for text in texts):
        raise Unusable("options", _("An option is longer than %d characters.") % LONGEST)
    if len(set(texts)) < len(texts):
        raise Unusable("options", _("Two options are the same."))
