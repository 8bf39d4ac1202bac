"""Asks the configured language model, within what may be spent, and writes down what it cost."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings

from core.ai.writer import READ_SECONDS, Message, Shape, Tokens, Writer, most_tokens_of, writer_from
from core.models import Unit
from media_library.services.paying import ANSWER, DRAFT, paid_call
from media_library.services.site import site_configuration

ANSWER_TOKENS, DRAFT_TOKENS = 1_500, 8_000


def answering_writer(*, timeout: float) -> Writer | None:
    """The model that answers people; None where none is configured, or the site wants no AI. Seconds of silence."""
    return _writer(settings.ANSWER_MODEL, timeout)


def drafting_writer() -> Writer | None:
    """The model that drafts notes, quizzes, labels, courses in the background; None as above."""
    return _writer(settings.DRAFT_MODEL, READ_SECONDS)


def streamed(
    writer: Writer, messages: Sequence[Message], *, user: Any, subject_id: UUID | None = None
) -> Generator[str, None, None]:
    """Pieces of an answer; closed when nobody listens any more. Raises AiError, OverCeiling, PriceUnknown."""
    with _paid(writer, ANSWER, messages, most_tokens=ANSWER_TOKENS, user=user, subject_id=subject_id) as used:
        yield from writer.stream(messages, most_tokens=ANSWER_TOKENS, used=used)


def filled(
    writer: Writer, messages: Sequence[Message], shape: type[Shape], *, purpose: str = DRAFT,
    subject_id: UUID | None = None, user: Any = None,
) -> Shape:  # fmt: skip
    """An object of this shape, checked. Raises AiError, OverCeiling, PriceUnknown."""
    with _paid(writer, purpose, messages, most_tokens=DRAFT_TOKENS, user=user, subject_id=subject_id) as used:
        return writer.fill(messages, shape, most_tokens=DRAFT_TOKENS, used=used)


def _writer(model: str, timeout: float) -> Writer | None:
    if not site_configuration().uses_ai:
        return None
    return writer_from(settings.WRITER_API_KEY, settings.WRITER_BASE_URL, model, timeout=timeout)


@contextmanager
def _paid(
    writer: Writer, purpose: str, messages: Sequence[Message], *, most_tokens: int, user: Any, subject_id: UUID | None
) -> Iterator[Tokens]:
    """What is read and what is written have prices of their own: two lines of the ledger."""
    used = Tokens()
    whose: dict[str, Any] = {"subject_id": subject_id, "user": user}
    with (
        paid_call(writer, purpose, Unit.READ, most_tokens_of(messages), **whose) as reading,
        paid_call(writer, purpose, Unit.WRITTEN, most_tokens, **whose) as writing,
    ):
        with suppress(GeneratorExit):  # the person went away: the model did its work, and what it can cost counts
            yield used
        reading.quantity = None if used.read is None else Decimal(used.read)
        writing.quantity = None if used.written is None else Decimal(used.written)
