"""Which notes on frames say it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.tenancy import current_organization_id
from knowledge.question import Question
from knowledge.ranking import statements as sql
from knowledge.ranking.asked import asked, rows
from knowledge.ranking.passages import NOTHING, keys_of


@dataclass(frozen=True)
class NoteHit:
    """The note on a frame that answers; scores compare among notes only."""

    frame_id: UUID
    config: str
    text: str
    score: float


def rank_notes(question: Question, *, visible: QuerySet[Any], limit: int) -> list[NoteHit]:
    """The best notes on frames of `visible` media, by their words."""
    scope, values = keys_of(visible, "visible")
    if scope == NOTHING:
        return []
    values |= asked(question) | {"organization": current_organization_id(), "limit": limit}
    return [NoteHit(*row) for row in rows(sql.NOTES.format(visible=scope, asked=sql.ASKED), values)]
