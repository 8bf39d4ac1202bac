"""Asking the library what was said: the answer is moments, and readings where it is written."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.db import transaction

from accounts.models import Organization
from core.ai.errors import AiError
from core.ai.ledger import OverCeiling, PriceUnknown
from core.announcements import announce
from knowledge.question import Question, question_of
from knowledge.ranking import Meaning, Ranking, rank_passages
from knowledge.services.correcting import corrected
from knowledge.services.embedding import QUESTION_SECONDS, embed_question, search_embedder
from knowledge.services.moments import Group, Moment, Reading, best_of, dressed, grouped, said_by, written_in
from knowledge.visible import EVERYWHERE, Filters, Places, visible_places

FIRST_MOMENTS = 20
MOST_MOMENTS = 60
SUGGESTIONS = 6


class Manner(StrEnum):
    """How the answer was found."""

    MEANING = "meaning"  # by meaning and by words
    WORDS = "words"  # no model is configured
    WORDS_FOR_NOW = "words_for_now"  # the model did not answer, or must not be asked
    WORDS_THIS_MONTH = "words_this_month"  # the month's ceiling for paid services is reached


@dataclass(frozen=True)
class SearchResult:
    """Moments and readings, best first; their scores compare. `has_more`: a larger limit would show more.

    `corrected`: the question that was answered, where words of the one that was typed are said nowhere.
    """

    moments: list[Moment] = field(default_factory=list)
    manner: Manner = Manner.WORDS
    has_more: bool = False
    readings: list[Reading] = field(default_factory=list)
    corrected: str = ""

    @property
    def by_meaning(self) -> bool:
        return self.manner is Manner.MEANING

    @property
    def groups(self) -> list[Group]:
        """What one media item says, or one item of a course, stands together."""
        return grouped(self.moments, self.readings)

    def __len__(self) -> int:
        return len(self.moments) + len(self.readings)


@dataclass(frozen=True)
class _Asked:
    """A question, its meaning where a model knows it, and where to look for what."""

    question: Question
    meaning: Meaning | None
    places: Places
    speaker: str

    def of(self, question: Question) -> "_Asked":
        return replace(self, question=question)

    def ranked(self, limit: int) -> Ranking:
        return rank_passages(
            self.question, visible=self.places.media, readable=self.places.items, speaker=self.speaker,
            meaning=self.meaning, limit=limit,
        )  # fmt: skip


def search(
    query: str, *, user: Any, organization: Organization, limit: int = FIRST_MOMENTS, filters: Filters = EVERYWHERE,
    as_typed: bool = False,
) -> SearchResult:  # fmt: skip
    """At most `limit` (1–60) places in which what this person may see now says what is asked.

    Words are stemmed by the language of each transcript; any of them matches, `"a phrase"` and `-exclusions` bind.
    A word that nothing says is taken for one that is said and nearly written like it, but where it is to be searched
    `as_typed`. Raises Refused `query_too_long`. Asking for more of the same answer is not announced as another search.
    """
    question = question_of(query)
    meaning, manner = meaning_of(question, user=user)
    if question.asks_nothing:
        return SearchResult(manner=manner)
    asked = _Asked(question, meaning, visible_places(user, organization, filters), filters.speaker)
    result = _answer(asked, manner=manner, limit=min(max(limit, 1), MOST_MOMENTS), as_typed=as_typed)
    if limit <= FIRST_MOMENTS:
        with transaction.atomic():
            announce("library_searched", organization, user=user, query=question.text, results=len(result))
    return result


def answer_to(question: Question, *, user: Any, organization: Organization, limit: int) -> SearchResult:
    """The same for a question that nobody typed into a search box: nothing is corrected, and nobody is told."""
    meaning, manner = meaning_of(question, user=user)
    if question.asks_nothing:
        return SearchResult(manner=manner)
    asked = _Asked(question, meaning, visible_places(user, organization), "")
    return _answer(asked, manner=manner, limit=limit, as_typed=True)


def suggest(query: str, *, user: Any, organization: Organization) -> SearchResult:
    """What is found while the question is being typed: its last word may go on, unless a blank ended it.

    By words alone, at most six, and announced to nobody. Raises Refused `query_too_long`.
    """
    question = replace(question_of(query), is_begun=not query.endswith(" "))
    if question.asks_nothing:
        return SearchResult()
    asked = _Asked(question, None, visible_places(user, organization), "")
    return _answer(asked, manner=Manner.WORDS, limit=SUGGESTIONS, as_typed=True)


def _answer(asked: _Asked, *, manner: Manner, limit: int, as_typed: bool) -> SearchResult:
    hits, question = asked.ranked(limit + 1), asked.question
    meant = None if as_typed else corrected(question, hits, ask=lambda other: asked.of(other).ranked(1))
    if meant is not None:
        hits, question = asked.of(meant).ranked(limit + 1), meant
    said, written = said_by(question, hits, speaker=asked.speaker), written_in(hits)
    has_more = len(said) + len(written) > limit and limit < MOST_MOMENTS
    moments, readings = dressed(question, *best_of(said, written, limit))
    return SearchResult(moments, manner, has_more, readings, meant.text if meant else "")


def meaning_of(question: Question, *, user: Any) -> tuple[Meaning | None, Manner]:
    """Its place in the space of the live model, None where words alone must do, and why."""
    embedder = search_embedder(timeout=QUESTION_SECONDS)
    if embedder is None:
        return None, Manner.WORDS
    if question.asks_nothing:
        return None, Manner.MEANING
    try:
        vector = embed_question(question.meaning, embedder=embedder, user=user if user.is_authenticated else None)
        return Meaning(embedder.model, vector), Manner.MEANING
    except (AiError, PriceUnknown):
        return None, Manner.WORDS_FOR_NOW
    except OverCeiling:
        return None, Manner.WORDS_THIS_MONTH
