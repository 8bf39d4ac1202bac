"""Is what search looks in what it would become if it were made anew?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from random import Random
from typing import Any
from uuid import UUID

from core.ai.embedder import Embedder, estimated_tokens, padded
from core.models import Unit
from courses.models import ContentItem
from knowledge.models import Embedding, Passage
from knowledge.services.embedding import PASSAGES_A_REQUEST, lacking, read_in_context
from knowledge.services.indexing import passages_of as spoken_passages
from knowledge.written.files import Unread
from knowledge.written.indexing import passages_of as written_passages
from media_library.models import Media
from media_library.services.paying import EMBEDDING, paid_call

#: What is compared of each passage.
FACTS = (
    "transcript_id", "start", "end", "first_cue", "end_cue", "page", "heading", "speaker", "words", "search_config",
    "content_hash", "text",
)  # fmt: skip
#: Cosine. No provider answers the same number twice to the last digit; and a vector keeps the title that was beside its
#: words when it was made. Another passage, or another model, is farther away.
SAME = 0.95
SHOWN = 60  # characters of a value


@dataclass(frozen=True)
class Difference:
    """A fact of a passage that is not what it should be, as text; `source` is its media item or its item."""

    source: UUID
    position: int | None
    fact: str
    stored: str
    fresh: str

    def __str__(self) -> str:
        place = "" if self.position is None else f", passage {self.position}"
        return f"{self.source}{place}: {self.fact} is {self.stored!r}, should be {self.fresh!r}"


def differences(source: Media | ContentItem, *, model: str | None) -> Iterator[Difference]:
    """Where its passages are not those of its words, and which have no meaning in `model`, if that is in use."""
    kept = Passage.objects.filter(media=source) if isinstance(source, Media) else Passage.objects.filter(item=source)
    stored = {passage.position: passage for passage in kept}
    fresh = {passage.position: passage for passage in _anew(source)}
    for position in sorted(stored.keys() | fresh.keys()):
        yield from _compared(source.pk, position, stored.get(position), fresh.get(position))
    if model is not None:
        for position in lacking(model).filter(pk__in=kept.values("pk")).values_list("position", flat=True):
            yield Difference(source.pk, position, "meaning", "none", model)


def _anew(source: Media | ContentItem) -> list[Passage]:
    if isinstance(source, Media):
        return spoken_passages(source)
    try:
        return written_passages(source)
    except Unread:
        return []


def meant_otherwise(
    passages: Sequence[UUID], *, embedder: Embedder, say: Callable[[int], object]
) -> Iterator[Difference]:
    """Ask the model again for the meaning of these passages: those that do not point where they did. This is paid.

    `say` hears how many were asked. Raises AiError, OverCeiling, PriceUnknown.
    """
    for begin in range(0, len(passages), PASSAGES_A_REQUEST):
        known = Embedding.objects.filter(model=embedder.model, passage__in=passages[begin : begin + PASSAGES_A_REQUEST])
        rows = {row.passage_id: row for row in known.select_related("passage")}
        said = read_in_context([*rows])
        for one, vector in zip(said, _asked([one.in_context for one in said], embedder), strict=True):
            yield from _points_elsewhere(rows[one.pk], vector)
        say(len(rows))


def some_passages(model: str, count: int, *, chance: Random) -> list[UUID]:
    """So many of the passages in scope that have a meaning in this model, by chance; all where there are fewer."""
    keys = list(Embedding.objects.filter(model=model).order_by("pk").values_list("passage", flat=True))
    return chance.sample(keys, min(count, len(keys)))


def _points_elsewhere(row: Embedding, vector: Sequence[float]) -> Iterator[Difference]:
    if (cosine := _cosine(row.vector.to_list(), vector)) < SAME:
        passage: Any = row.passage
        source = passage.media_id or passage.item_id
        yield Difference(source, passage.position, "cosine", f"{cosine:.4f}", f"at least {SAME}")


def _compared(source: UUID, position: int, stored: Passage | None, fresh: Passage | None) -> Iterator[Difference]:
    if stored is None or fresh is None:
        yield Difference(source, position, "passage", _shown(stored), _shown(fresh))
        return
    for fact in FACTS:
        was, should = getattr(stored, fact), getattr(fresh, fact)
        if was != should:
            yield Difference(source, position, fact, _shown(was), _shown(should))


def _shown(value: object) -> str:
    return "none" if value is None else str(value)[:SHOWN]


def _asked(texts: Sequence[str], embedder: Embedder) -> list[list[float]]:
    if not texts:
        return []
    with paid_call(embedder, EMBEDDING, Unit.TOKENS, sum(map(estimated_tokens, texts))) as use:
        embedded = embedder.embed(texts)
        use.quantity = Decimal(embedded.tokens) if embedded.tokens else None
    return [padded(vector) for vector in embedded.vectors]


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    product = sum(x * y for x, y in zip(one, other, strict=True))
    lengths = sqrt(sum(x * x for x in one)) * sqrt(sum(y * y for y in other))
    return product / lengths if lengths else 0.0
