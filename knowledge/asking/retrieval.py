"""Finds the passages a question is answered from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q, QuerySet, Value

from accounts.models import Organization
from knowledge.asking.citations import words_of
from knowledge.asking.scope import Scope, visible_items, visible_media
from knowledge.models import Passage
from knowledge.models.conversation import Reach
from knowledge.question import Question, question_of
from knowledge.ranking import rank_passages
from knowledge.services.search import meaning_of

MOST_PASSAGES = 12
PASSAGE_CHARACTERS = 4_000  # of each, for the model
MOST_WORDS = 40


@dataclass(frozen=True)
class Source:
    """A passage by the number the model knows it by; `text` is what it was given."""

    number: int
    passage: Passage
    title: str
    text: str


def question_after(text: str, previous: str) -> Question:
    """What is looked for. A follow-up (“and why twice?”) says too little alone: the words of the question before it
    are looked for too. Who changes the subject finds passages of both, and the model takes what it needs.

    Raises Refused: query_too_long.
    """
    question = question_of(text)
    if not previous:
        return question
    words = f"{question.words} {question_of(previous).meaning}".split()
    return replace(question, words=" ".join(words[:MOST_WORDS]))


def find_sources(question: Question, *, scope: Scope, user: Any, organization: Organization) -> list[Source]:
    """The best passages of the scope that this person may see now, at most twelve, numbered from 1."""
    whom: dict[str, Any] = {"user": user, "organization": organization}
    media, items = visible_media(scope, **whom), visible_items(scope, **whom)
    meaning, _manner = meaning_of(question, user=user)
    hits = rank_passages(question, visible=media, readable=items, meaning=meaning, limit=MOST_PASSAGES)
    found = [hit.passage_id for hit in hits]
    if scope.reach == Reach.LESSON and len(found) < MOST_PASSAGES:  # the ranking takes a few of each place only
        found += _saying(question, Passage.objects.filter(Q(media__in=media) | Q(item__in=items)))
    return _numbered(list(dict.fromkeys(found))[:MOST_PASSAGES])


def _saying(question: Question, passages: QuerySet[Passage]) -> list[UUID]:
    """Those of a few passages that say any word of it, best first."""
    words = words_of(question.meaning)[:MOST_WORDS]
    if not words:
        return []
    wanted = SearchQuery(" | ".join(words), search_type="raw", config=F("search_config"))
    ranked = passages.filter(search_vector=wanted).annotate(
        rank=SearchRank(F("search_vector"), wanted, normalization=Value(1))
    )
    return list(ranked.order_by("-rank", "pk").values_list("pk", flat=True)[:MOST_PASSAGES])


def _numbered(keys: Sequence[UUID]) -> list[Source]:
    rows = Passage.objects.select_related("media", "item").defer("search_vector", "media__source_metadata")
    found = rows.in_bulk(keys)
    return [_source(number, found[key]) for number, key in enumerate(_present(keys, found), start=1)]


def _present(keys: Iterable[UUID], found: dict[UUID, Passage]) -> list[UUID]:
    """A passage may be cut anew between two statements."""
    return [key for key in keys if key in found]


def _source(number: int, passage: Passage) -> Source:
    held: Any = passage.media or passage.item
    return Source(number, passage, held.title, passage.text[:PASSAGE_CHARACTERS])
