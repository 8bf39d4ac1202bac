"""Gives passages and questions their meaning, where a model is configured."""

import hashlib
import json
import struct
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from core.ai.embedder import Embedded, Embedder, OpenAIEmbedder, embedder_from, estimated_tokens, padded
from core.ai.errors import unreadable
from core.ai.local_embedder import PREFIX, LocalEmbedder
from core.identifiers import uuid7
from core.jobs import enqueue
from core.models import Unit
from core.tenancy import current_organization_id
from knowledge.models import Embedding, Passage, SearchModelState
from knowledge.services.search_models import make_live_where_none_is, model_in
from media_library.services.paying import EMBEDDING, QUESTION, paid_call
from media_library.services.site import site_configuration

PASSAGES_A_REQUEST = 200  # what was paid is kept after each; the embedder makes several of it where they are too long
QUESTION_SECONDS = 5.0  # a person is waiting: after that, words alone answer

INSERT = """
INSERT INTO knowledge_embedding (id, organization_id, passage_id, model, vector) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING"""

Progress = Callable[[float], None]


class Lacking(NamedTuple):
    """A passage without its meaning: what it says, and where."""

    pk: UUID
    content_hash: str
    text: str
    heading: str
    title: str

    @property
    def in_context(self) -> str:
        """What is embedded. A title tells a model what “it” is; only the passage itself is shown or quoted.

        A title that changes later embeds nothing again: it is a hint beside 500 words, and not worth paying twice.
        """
        place = " › ".join(name for name in (self.title, self.heading) if name)
        return f"{place}: {self.text}" if place else self.text


def configured_embedder(*, timeout: float | None = None) -> Embedder | None:
    """The embedder of the settings; None where there is none, or where the site's configuration wants no AI.

    One on this machine goes first, for it costs nothing. `timeout` in seconds: the longest silence of a
    server, or all that a model on this machine may take.
    """
    if settings.LOCAL_EMBEDDING_MODEL:
        embedder: Embedder | None = LocalEmbedder(settings.LOCAL_EMBEDDING_MODEL, settings.LOCAL_EMBEDDING_FOLDER)
    else:
        embedder = embedder_from(settings.EMBEDDING_API_KEY, settings.EMBEDDING_BASE_URL, settings.EMBEDDING_MODEL)
    if embedder is None or not site_configuration().uses_ai:
        return None
    return _patient(embedder, timeout)


def search_embedder(*, timeout: float | None = None) -> Embedder | None:
    """Whom a question is told: the embedder of the live model, whatever is configured by now. None as above."""
    configured = configured_embedder(timeout=timeout)
    if configured is None:
        return None
    live = model_in(SearchModelState.LIVE) or configured.model
    return configured if live == configured.model else _patient(_previous_embedder(live), timeout)


def wanted_embedders() -> list[Embedder]:
    """Those in whose spaces every passage is to have a place: the live one, and the one that is being built."""
    configured = configured_embedder()
    if configured is None:
        return []
    live = make_live_where_none_is(configured.model)
    if live == configured.model:
        return [configured]
    previous = [embedder] if (embedder := _previous_embedder(live)) else []
    return [*previous, configured] if model_in(SearchModelState.BUILDING) == configured.model else previous


def _previous_embedder(model: str) -> Embedder | None:
    """Of a model that is live and not configured any more: by default the same server knows it, by the same key.

    A server of its own never sees the present one's key.
    """
    if model.startswith(PREFIX):
        return LocalEmbedder(model.removeprefix(PREFIX), settings.LOCAL_EMBEDDING_FOLDER)
    before = settings.EMBEDDING_PREVIOUS_API_KEY, settings.EMBEDDING_PREVIOUS_BASE_URL
    key, address = before if any(before) else (settings.EMBEDDING_API_KEY, settings.EMBEDDING_BASE_URL)
    return embedder_from(key, address, model)


def _patient(embedder: Embedder | None, timeout: float | None) -> Embedder | None:
    if timeout is not None and isinstance(embedder, OpenAIEmbedder | LocalEmbedder):
        return replace(embedder, timeout=timeout)
    return embedder


def ask_for_meaning(
    kind: str, subject_id: UUID | None, passages: QuerySet[Passage], *, payload: dict[str, Any]
) -> None:  # fmt: skip
    """Put in line, a job a model, what gives these passages the meaning they lack. The same lack is asked for once."""
    for embedder in wanted_embedders():
        missing = lacking(embedder.model).filter(pk__in=passages.values("pk")).values_list("pk", flat=True)
        if not (keys := list(missing)):
            continue
        which = hashlib.sha256("".join(map(str, keys)).encode()).hexdigest()[:16]
        key = f"{kind}:{subject_id or ''}:{embedder.model}:{which}"
        enqueue(kind, subject_id, key=key, payload={**payload, "model": embedder.model})


def embed(
    passages: QuerySet[Passage], *, model: str | None = None, subject_id: UUID | None = None,
    progress: Progress = lambda percent: None,
) -> int:  # fmt: skip
    """Embed those of these passages that lack the meaning of a wanted model, or of this one. Answers how many.

    Batch by batch, so that what was paid for is kept whatever happens next; `progress` hears 0–100 and may raise to
    stop. Raises AiError, OverCeiling, PriceUnknown.
    """
    embedders = [embedder for embedder in wanted_embedders() if model in (None, embedder.model)]
    return sum(embed_with(embedder, passages, subject_id=subject_id, progress=progress) for embedder in embedders)


def embed_with(
    embedder: Embedder, passages: QuerySet[Passage], *, subject_id: UUID | None = None,
    progress: Progress = lambda percent: None,
) -> int:  # fmt: skip
    """The same with one embedder."""
    missing = list(lacking(embedder.model).filter(pk__in=passages.values("pk")).values_list("pk", flat=True))
    for begin in range(0, len(missing), PASSAGES_A_REQUEST):
        progress(100 * begin / len(missing))
        batch = read_in_context(missing[begin : begin + PASSAGES_A_REQUEST])
        _embed_batch(batch, embedder=embedder, subject_id=subject_id)
    return len(missing)


def read_in_context(keys: Sequence[UUID]) -> list[Lacking]:
    """These passages by their keys, with where they stand."""
    titled = Passage.objects.filter(pk__in=keys).annotate(title=Coalesce("media__title", "item__title"))
    return [Lacking(*row) for row in titled.order_by("pk").values_list(*Lacking._fields)]


def embed_question(text: str, *, embedder: Embedder, user: Any) -> list[float]:
    """Its vector. Raises AiError, OverCeiling, PriceUnknown."""
    with paid_call(embedder, QUESTION, Unit.TOKENS, _most_tokens([text]), user=user) as use:
        embedded = embedder.embed([text])
        use.quantity = _used_tokens(embedded)
    (vector,) = embedded.vectors
    return padded(vector)


def lacking(model: str) -> QuerySet[Passage]:
    """Passages whose meaning in this model is not known."""
    known = Embedding.objects.filter(model=model).values("passage")
    return Passage.objects.exclude(pk__in=known).order_by("media_id", "item_id", "position")


def _most_tokens(texts: Sequence[str]) -> int:
    return sum(map(estimated_tokens, texts))


def _used_tokens(embedded: Embedded) -> Decimal | None:
    """None where the provider does not say."""
    return Decimal(embedded.tokens) if embedded.tokens else None


def _embed_batch(passages: list[Lacking], *, embedder: Embedder, subject_id: UUID | None) -> None:
    """What says the same as another passage of the organization takes over its vector: a copied course costs nothing.

    A passage that was replaced while the provider was thinking is left out.
    """
    vectors = _known_vectors(embedder.model, passages)
    unknown = list({one.content_hash: one for one in passages if one.content_hash not in vectors}.values())
    vectors |= _asked_vectors(unknown, embedder=embedder, subject_id=subject_id)
    by_passage = {one.pk: vectors[one.content_hash] for one in passages}
    with transaction.atomic():
        present = Passage.objects.select_for_update(no_key=True).filter(pk__in=by_passage).values_list("pk", flat=True)
        _keep({key: by_passage[key] for key in present}, model=embedder.model)


def _keep(vectors: dict[UUID, Sequence[float]], *, model: str) -> None:
    """Raw SQL: Django takes longer to write down 1,536 numbers than PostgreSQL to store them."""
    here = current_organization_id()
    rows = [(uuid7(), here, key, model, _written(vector)) for key, vector in vectors.items()]
    with connection.cursor() as cursor:
        cursor.executemany(INSERT, rows)


def _written(vector: Sequence[float]) -> str:
    """As pgvector reads it; no more digits than half precision keeps. Raises AiError for numbers beyond it."""
    form = f"<{len(vector)}e"
    try:
        return json.dumps(struct.unpack(form, struct.pack(form, *vector)))
    except OverflowError as error:
        raise unreadable("Its numbers are too large.") from error


def _known_vectors(model: str, passages: list[Lacking]) -> dict[str, Any]:
    hashes = [one.content_hash for one in passages]
    known = Embedding.objects.filter(model=model, passage__content_hash__in=hashes)
    return {words: vector.to_list() for words, vector in known.values_list("passage__content_hash", "vector")}


def _asked_vectors(passages: list[Lacking], *, embedder: Embedder, subject_id: UUID | None) -> dict[str, Any]:
    if not passages:
        return {}
    texts = [one.in_context for one in passages]
    with paid_call(embedder, EMBEDDING, Unit.TOKENS, _most_tokens(texts), subject_id=subject_id) as use:
        embedded = embedder.embed(texts)
        use.quantity = _used_tokens(embedded)
    return {one.content_hash: padded(vector) for one, vector in zip(passages, embedded.vectors, strict=True)}
