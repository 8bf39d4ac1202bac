"""What each step of a draft cost, as the ledger has it."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext as _

from core.ai.ledger import counted
from knowledge.models import CourseDraft


@dataclass(frozen=True)
class StepCost:
    """US dollars."""

    step: str
    label: str
    cost: Decimal


def costs_of(draft: CourseDraft) -> list[StepCost]:
    """The outline, notes, quizzes, each with what it came to; what was asked again counts again. Two statements."""
    entries = list(draft.entries.values_list("notes_draft", "quiz_draft"))
    steps: dict[str, tuple[str, set[UUID | None]]] = {
        "outline": (_("Outline"), {draft.pk}),
        "notes": (_("Notes"), {notes for notes, _quiz in entries}),
        "quiz": (_("Quizzes"), {quiz for _notes, quiz in entries}),
    }
    subjects = {key for _label, keys in steps.values() for key in keys if key}
    sums = dict(
        counted().filter(subject_id__in=subjects).order_by().values_list("subject_id").annotate(total=Sum("cost"))
    )
    return [
        StepCost(step, label, sum((sums.get(key, Decimal(0)) for key in keys), Decimal(0)))
        for step, (label, keys) in steps.items()
    ]
