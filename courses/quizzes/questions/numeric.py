"""A number, right within a tolerance."""

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any
from unicodedata import normalize

from django.utils.translation import gettext as _

from courses.quizzes.questions.kind import Answer, Asked, Content, Kind, Option, Typed, Unreadable, Unusable

LONGEST = 60  # characters
NUMBER = re.compile(r"[+-]?(\d{1,20}([.,]\d{0,20})?|[.,]\d{1,20})(e[+-]?\d{1,2})?", re.IGNORECASE | re.ASCII)


class Numeric(Kind):
    """The tolerance is absolute: 9.81 within 0.02 takes 9.79 to 9.83, both of them too."""

    control = "number"

    def parse(self, typed: Typed, *, known: Sequence[Option] = ()) -> Content:
        value = _typed_number(typed.value, "value")
        tolerance = _typed_number(typed.tolerance or "0", "tolerance")
        if Decimal(tolerance) < 0:
            raise Unusable("tolerance", _("A tolerance is 0 or more."))
        return Content([], {"value": value, "tolerance": tolerance})

    def typed(self, question: Asked) -> Typed:
        return Typed(value=question.answer.get("value", ""), tolerance=question.answer.get("tolerance", ""))

    def read(self, question: Asked, sent: Any) -> Answer | None:
        text = str(sent) if isinstance(sent, int | float) and not isinstance(sent, bool) else sent
        if text is None or isinstance(text, str) and not text.strip():
            return None
        if not isinstance(text, str) or plain_number(text) is None:
            raise Unreadable(_("Write a number, such as 2.5."))
        return text.strip()

    def grade(self, question: Asked, answer: Answer) -> Fraction:
        given, value = plain_number(str(answer)), question.answer.get("value")
        if given is None or value is None:
            return Fraction(0)
        distance = abs(Fraction(Decimal(given)) - Fraction(Decimal(value)))
        return Fraction(int(distance <= Fraction(Decimal(question.answer.get("tolerance", "0")))))

    def right_texts(self, question: Asked) -> list[str]:
        value, tolerance = question.answer.get("value", ""), question.answer.get("tolerance", "0")
        return [value if Decimal(tolerance) == 0 else f"{value} ± {tolerance}"]


def plain_number(text: str) -> str | None:
    """The number as a decimal text, typed with a point or a comma; None for what is none, infinite or endless."""
    typed = normalize("NFKC", text[: LONGEST + 1]).strip().replace("−", "-")
    if len(text.strip()) > LONGEST or not NUMBER.fullmatch(typed):
        return None
    return typed.replace(",", ".")


def _typed_number(text: str, field: str) -> str:
    number = plain_number(text)
    if number is None:
        raise Unusable(field, _("Write a number, such as 2.5."))
    return number
