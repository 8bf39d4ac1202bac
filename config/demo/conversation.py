"""What a learner of the demo asked in a lesson, and what a model might have answered. No key is needed.

The sentences pass the same checks as a model's: what they cite and quote must stand in the talk.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import Organization, User
from core.ai.writer import Message, Shape, Tokens
from courses.models import ContentItem, Course
from knowledge.asking.answering import ask, whole
from knowledge.asking.keeping import rate_answer
from knowledge.asking.scope import lesson_scope
from knowledge.models import Answer, Conversation
from knowledge.models.conversation import Thumb
from knowledge.services.indexing import index_media
from media_library.models import Media

FIRST = (
    "Why does the tide come in twice a day?",
    "The Moon pulls water on the near side more than water on the far side [1]. "
    'That difference "stretches the ocean into two bulges", one towards the Moon and one away from it [1]. '
    'The Earth spins beneath both, "so a harbor meets each of them in turn" [1].',
)
THEN = (
    "And why a little later each time?",
    'The Moon moves on meanwhile, so "tides peak every twelve hours and twenty-five minutes" [1].',
)


@dataclass(frozen=True, slots=True)
class SampleWriter:
    """Says what it was given. Its host is this machine, which costs nothing."""

    text: str
    model: str = "sample content of the demo"
    provider: str = "localhost"

    def stream(self, messages: Sequence[Message], *, most_tokens: int, used: Tokens) -> Iterator[str]:
        used.read = used.written = 0
        yield self.text

    def fill(self, messages: Sequence[Message], shape: type[Shape], *, most_tokens: int, used: Tokens) -> Shape:
        raise NotImplementedError("It only streams.")


def hold_conversation(course: Course, media: Media, *, learner: User, organization: Organization) -> None:
    """A question and a follow-up about the lesson of this talk. Once, unless the learner has asked something."""
    if Conversation.objects.filter(user=learner).exists():
        return
    index_media(media.pk)
    item = ContentItem.objects.get(chapter__course=course, media=media)
    whom: dict[str, Any] = {"user": learner, "organization": organization}
    asked: dict[str, Any] = {"scope": lesson_scope(item.pk, course=course.slug, **whom), **whom}
    answer = _said(FIRST, **asked)
    rate_answer(answer, thumb=Thumb.UP)
    _said(THEN, conversation=answer.conversation, **asked)


def _said(turn: tuple[str, str], **asked: Any) -> Answer:
    question, text = turn
    return whole(ask(question, writer=SampleWriter(text), **asked))
