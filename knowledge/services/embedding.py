"""Gives passages and questions their meaning, where a model is configured."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from core.ai.embedder import Embedded, Embedder, OpenAIEmbedder, embedder_from, estimated_tokens, padded
from core.models import Unit
from knowledge.models import Embedding, Passage
from media_library.services.paying import EMBEDDING, QUESTION, paid_call
from media_library.services.site import site_configuration

PASSAGES_A_REQUEST = 64
QUESTION_SECONDS = 5.0  # a person is waiting: after that, words alone answer

Progress = Callable[[float], None]


def configured_embedder(*, timeout: float | None = None) -> Embedder | None:
    """The embedder of the settings; None where there is none, or where the site's configuration wants no AI.

    `timeout` is its longest silence in seconds.
    """
    embedder = embedder_from(settings.EMBEDDING_API_KEY, settings.EMBEDDING_BASE_URL, settings.EMBEDDING_MODEL)
    if embedder is None or not site_configuration().uses_ai:
        return None
    if timeout is not None and isinstance(embedder, OpenAIEmbedder):
        return replace(embedder, timeout=timeout)
    return embedder


def embed_passages(media_id: UUID, *, progress: Progress = lambda percent: None) -> int:
    """Embed those passages of a media item that lack the meaning of the configured model. Answers how many.

    Batch by batch, so that what was paid for is kept whatever happens next; `progress` hears 0–100 and may raise to
    stop. Raises AiError, OverCeiling, PriceUnknown.
    """
    embedder = configured_embedder()
    if embedder is None:
        return 0
    missing = list(lacking(embedder.model).filter(media=media_id).values_list("pk", "text"))
    for begin in range(0, len(missing), PASSAGES_A_REQUEST):
        progress(100 * begin / len(missing))
        _embed(missing[begin : begin + PASSAGES_A_REQUEST], embedder=embedder, media_id=media_id)
    return len(missing)


def embed_question(text: str, *, embedder: Embedder, user: Any) -> list[float]:
    """Its vector. Raises AiError, OverCeiling, PriceUnknown."""
    with paid_call(embedder, QUESTION, Unit.TOKENS, _most_tokens([text]), user=user) as use:
        embedded = embedder.embed([text])
        use.quantity = _used_tokens(embedded)
    (vector,) = embedded.vectors
    return padded(vector)


def lacking(model: str) -> QuerySet[Passage]:
    """Passages whose meaning in this model is not known."""
    return Passage.objects.exclude(pk__in=Embedding.objects.filter(model=model).values("passage")).order_by("position")


def _most_tokens(texts: Sequence[str]) -> int:
    return sum(map(estimated_tokens, texts))


def _used_tokens(embedded: Embedded) -> Decimal | None:
    """None where the provider does not say."""
    return Decimal(embedded.tokens) if embedded.tokens else None


def _embed(passages: list[tuple[UUID, str]], *, embedder: Embedder, media_id: UUID) -> None:
    """A passage that was replaced while the provider was thinking is left out."""
    texts = [text for _, text in passages]
    with paid_call(embedder, EMBEDDING, Unit.TOKENS, _most_tokens(texts), subject_id=media_id) as use:
        embedded = embedder.embed(texts)
        use.quantity = _used_tokens(embedded)
    by_passage = {key: padded(vector) for (key, _), vector in zip(passages, embedded.vectors, strict=True)}
    with transaction.atomic():
        present = Passage.objects.select_for_update(no_key=True).filter(pk__in=by_passage).values_list("pk", flat=True)
        embeddings = [Embedding(passage_id=key, model=embedder.model, vector=by_passage[key]) for key in present]
        Embedding.objects.bulk_create(embeddings, ignore_conflicts=True)
