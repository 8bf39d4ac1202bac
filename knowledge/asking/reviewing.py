"""What is asked, and how well it is answered, for those who make the content. By whom it was asked they never learn."""

from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.ai.ledger import counted
from knowledge.models import Answer
from knowledge.models.conversation import AnswerState


def answers_for_makers() -> QuerySet[Answer]:
    """The last one first, each with its conversation and its `cost` in US dollars, as the ledger has it."""
    calls = counted().filter(subject_id=OuterRef("pk")).order_by().values("subject_id")
    cost = Subquery(calls.annotate(total=Sum("cost")).values("total"), output_field=DecimalField())
    found: QuerySet[Answer] = Answer.objects.select_related("conversation").order_by("-pk")
    return found.annotate(cost=Coalesce(cost, Value(Decimal(0)), output_field=DecimalField()))


def about_what(answer: Answer) -> str:
    """“This lesson: Tides”."""
    asked: Any = answer.conversation
    return f"{asked.get_reach_display()}: {asked.about}" if asked.about else asked.get_reach_display()


def fault_words(answer: Answer) -> str:
    """What went wrong, for those who make the content; empty: nothing."""
    if answer.problem == "left":
        return _("The person left before the answer was complete.")
    if answer.problem == "over_ceiling":
        return _("This month's ceiling for paid services was reached, so passages were quoted.")
    if answer.problem == "price_unknown":
        return _("Nobody knows what the model costs (AI_PRICES), and there is a ceiling, so passages were quoted.")
    if answer.state == AnswerState.BROKEN:
        return _("The language model did not answer as it should (%(code)s).") % {"code": answer.problem or "–"}
    return ""
