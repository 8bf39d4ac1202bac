"""From one model of embeddings to another, while search goes on with the old one.

The new set is built beside the old, then one transaction makes it the one that search asks. Whatever is interrupted is
gone on with by doing it again: what was embedded stays.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from math import ceil

from django.db import connection
from django.db.models import Count, Sum
from django.db.models.functions import Length, Now

from accounts.models import Organization
from core.ai.embedder import Embedder
from core.ai.ledger import Unaffordable
from core.models import Unit
from core.tenancy import organization_scope
from knowledge.models import Embedding, Passage, SearchModel, SearchModelState
from knowledge.services.embedding import embed_with, lacking
from knowledge.services.search_models import begin_building, flip_to, make_live_where_none_is
from knowledge.vector_index import make_index, remove_index
from media_library.services.paying import known_price

CHARACTERS_A_TOKEN = 4
AT_ONCE = 1_000  # passages that are looked up, and rows that are removed, in one statement
MOST_PASSES = 20
KEPT_RETIRED = timedelta(days=7)  # one may still turn back without paying again

Advance = Callable[[int], object]


class AlreadySwitching(Exception):
    """Another process of this installation is at it."""


@dataclass(frozen=True)
class Estimate:
    """What is left to embed: `cost` in US dollars, None where nobody knows the price."""

    passages: int
    tokens: int
    cost: Decimal | None


@dataclass(frozen=True)
class Switched:
    """How it ended: `is_live`, or these organizations (slugs) wait for money."""

    is_live: bool
    waiting: tuple[str, ...] = ()


def estimate(embedder: Embedder) -> Estimate:
    """Over all organizations; a rough count of tokens, from the length of the texts."""
    passages = characters = 0
    for _organization in _organizations():
        found = lacking(embedder.model).order_by().aggregate(count=Count("pk"), length=Sum(Length("text")))
        passages, characters = passages + found["count"], characters + (found["length"] or 0)
    tokens = ceil(characters / CHARACTERS_A_TOKEN)
    price = known_price(embedder.model, Unit.TOKENS, provider=embedder.provider)
    return Estimate(passages, tokens, None if price is None else price * tokens)


def switch_to(embedder: Embedder, *, advance: Advance = lambda passages: None, flips: bool = True) -> Switched:
    """Embed what lacks a place in the new model's space, make its index, and flip. Safe to repeat and to interrupt.

    `advance` hears how many passages are done, and may raise to stop. Without `flips` the set is built and search goes
    on asking the old one. Outside of a transaction. Raises AlreadySwitching, AiError.
    """
    with _alone():
        if make_live_where_none_is(embedder.model) == embedder.model:
            make_index(embedder.model)
            return Switched(is_live=True)
        begin_building(embedder.model)
        for prepare in (make_index, flip_to if flips else None):  # what came while the index was made is embedded too
            if waiting := _build(embedder, advance=advance):
                return Switched(is_live=False, waiting=waiting)
            if prepare is not None:
                prepare(embedder.model)
    return Switched(is_live=flips)


def clean_retired(*, older_than: timedelta = timedelta()) -> int:
    """Remove the sets that search does not ask any more, and their indexes. Answers how many embeddings."""
    retired = SearchModel.objects.filter(state=SearchModelState.RETIRED, since__lte=Now() - older_than)
    removed = 0
    for name in retired.values_list("name", flat=True):
        removed += sum(_remove_set(name) for _organization in _organizations())
        remove_index(name)
        SearchModel.objects.filter(name=name, state=SearchModelState.RETIRED).delete()
    return removed


def tend() -> None:
    """What the schedule does: the live model has its index, and what was retired a week ago goes."""
    with _alone():
        for name in SearchModel.objects.filter(state=SearchModelState.LIVE).values_list("name", flat=True):
            make_index(name)
        clean_retired(older_than=KEPT_RETIRED)


def _build(embedder: Embedder, *, advance: Advance) -> tuple[str, ...]:
    """Pass after pass, until none finds anything. Answers the organizations that may not pay for theirs."""
    waiting: set[str] = set()
    for _pass in range(MOST_PASSES):
        found = 0
        for organization in _organizations():
            if organization.slug in waiting:
                continue
            try:
                found += _embed_organization(embedder, advance=advance)
            except Unaffordable:
                waiting.add(organization.slug)
        if not found:
            break
    return tuple(sorted(waiting))


def _embed_organization(embedder: Embedder, *, advance: Advance) -> int:
    total = 0
    while keys := list(lacking(embedder.model).values_list("pk", flat=True)[:AT_ONCE]):
        total += embed_with(embedder, Passage.objects.filter(pk__in=keys))
        advance(len(keys))
    return total


def _remove_set(model: str) -> int:
    total = 0
    while keys := list(Embedding.objects.filter(model=model).values_list("pk", flat=True)[:AT_ONCE]):
        total += Embedding.objects.filter(pk__in=keys).delete()[0]
    return total


def _organizations() -> Iterator[Organization]:
    """Each in its own scope."""
    for organization in Organization.objects.order_by("slug"):
        with organization_scope(organization):
            yield organization


@contextmanager
def _alone() -> Iterator[None]:
    """The lock is the connection's: it goes with a process that is killed. Raises AlreadySwitching."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended('switch_embeddings', 0))")
        if cursor.fetchone() != (True,):
            raise AlreadySwitching
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended('switch_embeddings', 0))")
