"""For makers: what was said before, and what is said twice; over the whole library, drafts too."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.db.models.functions import Coalesce
from pgvector.django import CosineDistance

from accounts.models import Organization
from core.errors import Refused
from core.lines import one_line
from knowledge.models import Embedding, Passage
from knowledge.question import MAX_WORDS, Question
from knowledge.services.embedding import search_embedder
from knowledge.services.search import MOST_MOMENTS, SearchResult, answer_to
from knowledge.sketching import likeness, sketch

MAX_CHARACTERS = 5_000
NEAREST = 20
COMPARED_BY_WORDS = 1_500  # of the newest passages with one another
COMPARED_BY_MEANING = 200  # of the newest, each with the whole library
ALIKE = 60  # percent of the words in their order
CLOSE = 0.05  # cosine distance of what says the same
MOST_PAIRS = 100

SAME, WORDS, MEANING = "same", "words", "meaning"


@dataclass(frozen=True)
class Repetition:
    """Two passages of different media or items that say the same: `how` is known by, `likeness` 0–100."""

    first: Passage
    second: Passage
    how: str
    likeness: int


def said_before(text: str, *, user: Any, organization: Organization) -> SearchResult:
    """The places nearest to a sentence or paragraph, by its words and its meaning. Raises Refused `text_too_long`."""
    text = one_line(text)
    if len(text) > MAX_CHARACTERS:
        message = f"Please paste at most {MAX_CHARACTERS} characters."
        raise Refused("text_too_long", message, fields={"text": [message]})
    words = list(dict.fromkeys(word for word in text.replace('"', " ").split() if any(map(str.isalnum, word))))
    telling = set(sorted(words, key=len, reverse=True)[:MAX_WORDS])
    question = Question(text=text, words=" ".join(word for word in words if word in telling))
    return answer_to(question, user=user, organization=organization, limit=min(NEAREST, MOST_MOMENTS))


def repetitions() -> list[Repetition]:
    """What is said in more than one place, the most alike first; at most a hundred, in three statements."""
    found: dict[frozenset[UUID], tuple[str, float]] = {}
    for how, pairs in ((SAME, _same()), (WORDS, _alike()), (MEANING, _close())):
        for pair, share in pairs:
            found.setdefault(pair, (how, share))
    best = sorted(found.items(), key=lambda entry: -entry[1][1])[:MOST_PAIRS]
    return list(_told(best))


def _told(best: list[tuple[frozenset[UUID], tuple[str, float]]]) -> Iterator[Repetition]:
    keys = {key for pair, _ in best for key in pair}
    passages = Passage.objects.select_related("media", "item__chapter__course").defer("search_vector").in_bulk(keys)
    for pair, (how, share) in best:
        first, second = sorted(pair)
        if first in passages and second in passages:
            yield Repetition(passages[first], passages[second], how, round(100 * share))


def _same() -> Iterator[tuple[frozenset[UUID], float]]:
    """Word for word, in the whole library."""
    places = Coalesce("media_id", "item_id")
    repeated = (
        Passage.objects.order_by().values("content_hash").annotate(n=Count(places, distinct=True)).filter(n__gt=1)
    )
    hashes = repeated.order_by("content_hash").values("content_hash")[:MOST_PAIRS]
    rows = Passage.objects.filter(content_hash__in=list(hashes.values_list("content_hash", flat=True)))
    by_hash: dict[str, dict[UUID, UUID]] = defaultdict(dict)
    for key, place, content in rows.order_by("pk").values_list("pk", places, "content_hash"):
        by_hash[content].setdefault(place, key)
    for keys in by_hash.values():
        first, *others = keys.values()
        yield from ((frozenset((first, other)), 1.0) for other in others)


def _alike() -> Iterator[tuple[frozenset[UUID], float]]:
    """By the words that stand beside one another: the newest passages among themselves."""
    newest = Passage.objects.order_by("-pk").values_list("pk", Coalesce("media_id", "item_id"), "text")
    sketches = {(key, place): sketch(text) for key, place, text in newest[:COMPARED_BY_WORDS]}
    sharing: dict[int, list[tuple[UUID, UUID]]] = defaultdict(list)
    for one, marks in sketches.items():
        for mark in marks:
            sharing[mark].append(one)
    pairs = {pair for ones in sharing.values() if len(ones) < MOST_PAIRS for pair in combinations(ones, 2)}
    for one, other in pairs:
        share = likeness(sketches[one], sketches[other])
        if one[1] != other[1] and 100 * share >= ALIKE:
            yield frozenset((one[0], other[0])), share


def _close() -> Iterator[tuple[frozenset[UUID], float]]:
    """By meaning, where a model is configured: the newest passages, each with its nearest of another place."""
    embedder = search_embedder()
    if embedder is None:
        return
    place = Coalesce("passage__media_id", "passage__item_id")
    known = Embedding.objects.filter(model=embedder.model)
    newest = known.order_by("-passage_id").values_list("passage_id", place, "vector")[:COMPARED_BY_MEANING]
    for key, here, vector in newest:
        distance = CosineDistance("vector", vector)
        nearest = known.annotate(distance=distance, place=place).order_by(distance).values_list(
            "passage_id", "place", "distance"
        )  # fmt: skip
        for other, there, apart in nearest[:5]:
            if there != here and apart <= CLOSE:
                yield frozenset((key, other)), 1 - apart
