"""One's own conversations. Nobody else reads them, whatever their role or token (what makers read: `reviewing`)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from knowledge.models import Answer, Citation, Conversation
from knowledge.models.conversation import AnswerState, Thumb

LONGEST = timedelta(minutes=3)  # no answer takes so long: its process died


def conversations_of(user: Any) -> QuerySet[Conversation]:
    """The one way to read them: the last one first."""
    mine: QuerySet[Conversation] = Conversation.objects.filter(user=user.pk)
    return mine.select_related("course").order_by("-asked_at", "-pk")


def answers_of(conversation: Conversation) -> list[Answer]:
    """With their citations, in order. Two statements."""
    cited = Prefetch("citations", Citation.objects.order_by("number"))
    return [settled(answer) for answer in conversation.answers.prefetch_related(cited).order_by("pk")]


def own_answer(user: Any, answer_id: UUID) -> Answer:
    """Raises Refused: not_found (404)."""
    found = Answer.objects.filter(pk=answer_id, conversation__user=user.pk).first()
    if found is None:
        raise Refused("not_found", _("There is nothing here."), status=404)
    return found


def settled(answer: Answer) -> Answer:
    """One that is still being answered long after it was asked broke off."""
    if answer.state == AnswerState.PENDING and answer.created_at < timezone.now() - LONGEST:
        answer.state = AnswerState.BROKEN
    return answer


def rate_answer(answer: Answer, *, thumb: str) -> Answer:
    """Up, down, or empty to take it back. Raises Refused: invalid_thumb."""
    if thumb not in Thumb.values:
        words = _("An answer was helpful (up) or not (down).")
        raise Refused("invalid_thumb", words, fields={"thumb": [words]})
    answer.thumb = thumb
    answer.save(update_fields=["thumb"])
    return answer


def delete_conversation(conversation: Conversation) -> None:
    """With all that was asked and answered in it."""
    conversation.delete()
