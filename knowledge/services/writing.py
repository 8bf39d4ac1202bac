"""Asks the configured language model, within what may be spent, and writes down what it cost."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from core.ai import ledger
from core.ai.writer import READ_SECONDS, Message, Shape, Tokens, Writer, most_tokens_of, writer_from
from core.models import AiCall, Unit
from media_library.services.paying import ANSWER, DRAFT, end_badly, reserve
from media_library.services.site import site_configuration

ANSWER_TOKENS, DRAFT_TOKENS = 1_500, 8_000


def answering_writer(*, timeout: float) -> Writer | None:
    """The model that answers people; None where none is configured, or the site wants no AI. Seconds of silence."""
    return _writer(settings.ANSWER_MODEL, timeout)


def drafting_writer() -> Writer | None:
    """The model that drafts notes, quizzes, labels, courses in the background; None as above."""
    return _writer(settings.DRAFT_MODEL, READ_SECONDS)


@dataclass
class Request:
    """One request to a model, as its ledger sees it. `keep` writes down what it answered."""

    used: Tokens = field(default_factory=Tokens)
    keep: Callable[[], None] | None = None


def streamed(
    writer: Writer, messages: Sequence[Message], *, user: Any, subject_id: UUID | None = None
) -> Generator[str, None, None]:
    """Pieces of an answer; closed when nobody listens any more. Raises AiError, OverCeiling, PriceUnknown."""
    with _paid(writer, ANSWER, messages, most_tokens=ANSWER_TOKENS, user=user, subject_id=subject_id) as request:
        yield from writer.stream(messages, most_tokens=ANSWER_TOKENS, used=request.used)


def filled(
    writer: Writer, messages: Sequence[Message], shape: type[Shape], *, purpose: str = DRAFT,
    subject_id: UUID | None = None, user: Any = None, keep: Callable[[Shape], None] | None = None,
    most_tokens: int = DRAFT_TOKENS,
) -> Shape:  # fmt: skip
    """An object of this shape, checked, written in at most so many tokens. Raises AiError, OverCeiling, PriceUnknown.

    `keep` is called with it in the transaction that settles the ledger: what is paid is kept, and what is kept is
    paid. What remains: a process that dies after the provider answered and before that transaction ends asks again,
    and its own request stays in the ledger as one of which nobody knows how it ended.
    """
    with _paid(writer, purpose, messages, most_tokens=most_tokens, user=user, subject_id=subject_id) as request:
        answer = writer.fill(messages, shape, most_tokens=most_tokens, used=request.used)
        request.keep = partial(keep, answer) if keep else None
    return answer


def _writer(model: str, timeout: float) -> Writer | None:
    if not site_configuration().uses_ai:
        return None
    return writer_from(settings.WRITER_API_KEY, settings.WRITER_BASE_URL, model, timeout=timeout)


@contextmanager
def _paid(
    writer: Writer, purpose: str, messages: Sequence[Message], *, most_tokens: int, user: Any, subject_id: UUID | None
) -> Iterator[Request]:
    """What is read and what is written have prices of their own: two lines of the ledger, begun and ended together."""
    request = Request()
    most = {Unit.READ: most_tokens_of(messages), Unit.WRITTEN: most_tokens}
    with transaction.atomic():
        calls = [reserve(writer, purpose, unit, n, subject_id=subject_id, user=user) for unit, n in most.items()]
    try:
        with suppress(GeneratorExit):  # the person went away: the model did its work, and what it can cost counts
            yield request
    except BaseException as error:
        for call in calls:
            end_badly(call, error)
        raise
    _settle(calls, request)


@transaction.atomic
def _settle(calls: Sequence[AiCall], request: Request) -> None:
    for call, tokens in zip(calls, (request.used.read, request.used.written), strict=True):
        ledger.settle(call, None if tokens is None else Decimal(tokens))
    if request.keep is not None:
        request.keep()
