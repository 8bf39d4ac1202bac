"""Asking the library what was said: the answer is moments."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString

from accounts.models import Organization
from core.ai.errors import AiError
from core.ai.ledger import OverCeiling, PriceUnknown
from core.announcements import announce
from knowledge.question import Question, question_of
from knowledge.ranking import CueHit, Meaning, mark_words, rank_cues, rank_passages
from knowledge.sentences import NEIGHBORS, as_html, markable, sentence_around, text_of
from knowledge.services.embedding import QUESTION_SECONDS, embed_question, search_embedder
from media_library.models import Cue, Media

FIRST_MOMENTS = 20
MOST_MOMENTS = 60
MOMENTS_A_MEDIA = 3
NEAR_SECONDS = 3.0  # moments of one media item closer than this are one


class Manner(StrEnum):
    """How the answer was found."""

    MEANING = "meaning"  # by meaning and by words
    WORDS = "words"  # no model is configured
    WORDS_FOR_NOW = "words_for_now"  # the model did not answer, or must not be asked
    WORDS_THIS_MONTH = "words_this_month"  # the month's ceiling for paid services is reached


@dataclass(frozen=True)
class Moment:
    """A sentence that answers: `start` and `end` in seconds, `sentence` as safe HTML with the words in `<mark>`."""

    media: Media
    start: float
    end: float
    text: str
    sentence: SafeString
    speaker: str
    score: float


@dataclass(frozen=True)
class SearchResult:
    """Moments, best media item first; `has_more` says that a larger limit would show more."""

    moments: list[Moment] = field(default_factory=list)
    manner: Manner = Manner.WORDS
    has_more: bool = False

    @property
    def by_meaning(self) -> bool:
        return self.manner is Manner.MEANING


@dataclass(frozen=True)
class _Said:
    """A moment before it is dressed: the cues of its sentence and the cue at which it begins to play."""

    hit: CueHit
    cue: Cue
    cues: Sequence[Cue]


def search(query: str, *, user: Any, organization: Organization, limit: int = FIRST_MOMENTS) -> SearchResult:
    """The moments, at most `limit` (1–60), in which media that this person may see say what is asked.

    Words are stemmed by the language of each transcript; any of them matches, `"a phrase"` and `-exclusions` bind.
    Raises Refused `query_too_long`. Asking for more of the same answer is not announced as another search.
    """
    question = question_of(query)
    meaning, manner = _meaning_of(question, user=user)
    if question.asks_nothing:
        return SearchResult(manner=manner)
    limit = min(max(limit, 1), MOST_MOMENTS)
    visible = Media.objects.visible_to(user, organization)
    said = _said(question, visible=visible, meaning=meaning, limit=limit + 1)
    result = SearchResult(_moments(question, said[:limit]), manner, has_more=len(said) > limit and limit < MOST_MOMENTS)
    if limit <= FIRST_MOMENTS:
        with transaction.atomic():
            announce("library_searched", organization, user=user, query=question.text, results=len(result.moments))
    return result


def _meaning_of(question: Question, *, user: Any) -> tuple[Meaning | None, Manner]:
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


def _said(question: Question, *, visible: QuerySet[Media], meaning: Meaning | None, limit: int) -> list[_Said]:
    passages = rank_passages(question, visible=visible, meaning=meaning, limit=limit)
    hits = rank_cues(question, passages)
    around = _cues_around(hits)
    said: list[_Said] = []
    for hit in hits:
        _add(said, hit, around)
    return said[:limit]


def _cues_around(hits: Sequence[CueHit]) -> dict[tuple[UUID, int], Cue]:
    """The cues of these hits and their neighbors, by transcript and position, in one statement."""
    wanted = Q(pk__in=[])
    for hit in hits:
        positions = (hit.position - NEIGHBORS, hit.position + NEIGHBORS)
        wanted |= Q(transcript=hit.transcript_id, position__range=positions)
    return {(cue.transcript_id, cue.position): cue for cue in Cue.objects.filter(wanted)}


def _add(said: list[_Said], hit: CueHit, around: dict[tuple[UUID, int], Cue]) -> None:
    """Overlapping passages find the same cue, a sentence may have several: one moment. At most three a media."""
    positions = range(hit.position - NEIGHBORS, hit.position + NEIGHBORS + 1)
    cues = [around[key] for position in positions if (key := (hit.transcript_id, position)) in around]
    cue = around[hit.transcript_id, hit.position]
    others = [other for other in said if other.hit.media_id == hit.media_id]
    if len(others) < MOMENTS_A_MEDIA and not any(_is_near(cue, other) for other in others):
        first, end = sentence_around(cues, cues.index(cue))
        said.append(_Said(hit, cue, cues[first:end]))


def _is_near(cue: Cue, other: _Said) -> bool:
    return abs(cue.start - other.cue.start) < NEAR_SECONDS or cue in other.cues


def _moments(question: Question, said: Sequence[_Said]) -> list[Moment]:
    library = Media.objects.for_list().in_bulk({item.hit.media_id for item in said})
    marked = mark_words(question, [(item.hit.config, markable(text_of(item.cues))) for item in said])
    return [
        Moment(
            media=library[item.hit.media_id], start=item.cue.start, end=item.cues[-1].end, text=text_of(item.cues),
            sentence=as_html(sentence), speaker=item.cue.speaker, score=item.hit.score,
        )
        for item, sentence in zip(said, marked, strict=True)
    ]  # fmt: skip
