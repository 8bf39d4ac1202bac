"""A word or two, compared with what is accepted: letter by letter, after case and spaces are made the same."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any
from unicodedata import normalize

from django.utils.translation import gettext as _

from core.lines import one_line
from courses.quizzes.questions.kind import Answer, Asked, Content, Kind, Option, Typed, Unreadable, Unusable

LONGEST = 500  # characters
MOST_ACCEPTED = 50


class ShortText(Kind):
    control = "text"

    def parse(self, typed: Typed, *, known: Sequence[Option] = ()) -> Content:
        accepted = list(dict.fromkeys(text for one in typed.accepted if (text := one_line(one))))
        if not 1 <= len(accepted) <= MOST_ACCEPTED:
            raise Unusable(
                "accepted", _("Give at least one accepted text, one a line, and at most %d.") % MOST_ACCEPTED
            )
        if any(len(text) > LONGEST for text in accepted):
            raise Unusable("accepted", _("An accepted text is longer than %d characters.") % LONGEST)
        return Content([], {"accepted": accepted})

    def typed(self, question: Asked) -> Typed:
        return Typed(accepted=question.answer.get("accepted", ()))

    def read(self, question: Asked, sent: Any) -> Answer | None:
        if sent is None:
            return None
        if not isinstance(sent, str):
            raise Unreadable(_("The answer is a text."))
        if len(sent) > LONGEST:
            raise Unreadable(_("The answer is longer than %d characters.") % LONGEST)
        return one_line(sent) or None

    def grade(self, question: Asked, answer: Answer) -> Fraction:
        return Fraction(int(alike(str(answer)) in {alike(text) for text in self.right_texts(question)}))

    def right_texts(self, question: Asked) -> list[str]:
        return list(question.answer.get("accepted", ()))


def alike(text: str) -> str:
    """What two texts that count as the same have in common: compatible letters, case and spaces apart."""
    return normalize("NFKC", normalize("NFKC", one_line(text)).casefold())
