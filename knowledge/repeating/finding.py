"""Compares a library with itself: word for word, by most of the words, and by meaning where a model is configured.

The newest passages come first, so that what a short time leaves out is what was compared before.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from uuid import UUID

from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce

from knowledge.models import Embedding, KnownBy, Passage
from knowledge.repeating.nearest import nearest_elsewhere
from knowledge.repeating.sketching import TELLING, Sketch, likeness, sketch
from knowledge.services.embedding import search_embedder

READ_AT_ONCE = 500  # passages
ASKED_AT_ONCE = 50
MOST_SAYING = 100  # passages that share a stretch: what more share is how everybody speaks
MOST_SAME = 1_000  # texts that stand in several places
ALIKE = 0.6  # of the words in their order

Pair = frozenset[UUID]
Progress = Callable[[float], None]


class Clock:
    """Tells whether there is time left, and how much of it is spent (0–1)."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.began = seconds, time.monotonic()

    @property
    def spent(self) -> float:
        return min(1.0, (time.monotonic() - self.began) / self.seconds) if self.seconds else 1.0

    @property
    def is_over(self) -> bool:
        return self.spent >= 1.0


@dataclass
class Findings:
    """Pairs of passages with how they are known and how alike they are (0–1), and how many passages were compared.

    `by_meaning` is None where no model is configured.
    """

    pairs: dict[Pair, tuple[KnownBy, float]] = field(default_factory=dict)
    by_words: int = 0
    by_meaning: int | None = None

    def add(self, how: KnownBy, pair: Pair, share: float) -> None:
        """What is known already is known by something better."""
        self.pairs.setdefault(pair, (how, share))


def find_repetitions(*, seconds: float, progress: Progress = lambda percent: None) -> Findings:
    """What is said in more than one place of the library; half of the `seconds` at most go into words.

    `progress` hears 0–100 and may raise to stop.
    """
    found = Findings()
    for pair in _same():
        found.add(KnownBy.SAME, pair, 1.0)
    _compare_words(found, Clock(seconds / 2), lambda spent: progress(50 * spent))
    _compare_meaning(found, Clock(seconds / 2), lambda spent: progress(50 + 50 * spent))
    return found


def _same() -> Iterator[Pair]:
    """Each text that stands in several places, of its first place with each other one."""
    places = Coalesce("media_id", "item_id")
    known = Passage.objects.order_by("content_hash").values("content_hash")
    repeated = known.annotate(n=Count(places, distinct=True)).filter(n__gt=1)
    hashes = list(repeated.values_list("content_hash", flat=True)[:MOST_SAME])
    rows = Passage.objects.filter(content_hash__in=hashes).order_by("pk").values_list("pk", places, "content_hash")
    by_hash: dict[str, dict[UUID, UUID]] = defaultdict(dict)
    for key, place, content in rows:
        by_hash[content].setdefault(place, key)
    for keys in by_hash.values():
        first, *others = keys.values()
        yield from (frozenset((first, other)) for other in others)


@dataclass(frozen=True, slots=True)
class _Sketched:
    key: UUID
    place: UUID
    marks: "Sketch[int]"


def _compare_words(found: Findings, clock: Clock, progress: Progress) -> None:
    """By the words that stand beside one another."""
    sketched: list[_Sketched] = []
    fields = ("pk", Coalesce("media_id", "item_id"), "text")
    for rows in _newest_first(Passage.objects.all(), "pk", fields, READ_AT_ONCE):
        sketched += [_Sketched(key, place, sketch(text)) for key, place, text in rows]
        progress(clock.spent)
        if clock.is_over:
            break
    found.by_words = len(sketched)
    for one, other, share in _alike(sketched):
        found.add(KnownBy.WORDS, frozenset((one.key, other.key)), share)


def _alike(sketched: list[_Sketched]) -> Iterator[tuple[_Sketched, _Sketched, float]]:
    """Compared is what shares a telling mark: all with all would be the square of a library."""
    sharing: dict[int, list[int]] = defaultdict(list)
    for n, one in enumerate(sketched):
        for mark in one.marks[:TELLING]:
            sharing[mark].append(n)
    pairs = {pair for numbers in sharing.values() if len(numbers) <= MOST_SAYING for pair in combinations(numbers, 2)}
    for n, m in sorted(pairs):
        one, other = sketched[n], sketched[m]
        if one.place != other.place and (share := likeness(one.marks, other.marks)) >= ALIKE:
            yield one, other, share


def _compare_meaning(found: Findings, clock: Clock, progress: Progress) -> None:
    """Each passage with those of other places that mean nearly the same."""
    embedder = search_embedder()
    if embedder is None:
        return
    found.by_meaning = 0
    known = Embedding.objects.filter(model=embedder.model)
    for rows in _newest_first(known, "passage_id", ("passage_id",), ASKED_AT_ONCE):
        if clock.is_over:
            break
        for one, other, share in nearest_elsewhere([key for (key,) in rows], model=embedder.model):
            found.add(KnownBy.MEANING, frozenset((one, other)), share)
        found.by_meaning += len(rows)
        progress(clock.spent)


def _newest_first(rows: QuerySet, key: str, fields: tuple, at_once: int) -> Iterator[list[tuple]]:
    """Some at a time, by their growing keys, the first of `fields`: none twice, whatever is written meanwhile."""
    batch = list(rows.order_by(f"-{key}").values_list(*fields)[:at_once])
    while batch:
        yield batch
        batch = list(rows.filter(**{f"{key}__lt": batch[-1][0]}).order_by(f"-{key}").values_list(*fields)[:at_once])
