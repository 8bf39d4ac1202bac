"""Asks the questions of an evaluation as search would, by words, by meaning and by both."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from uuid import UUID

from core.ai.embedder import Embedder
from knowledge.evaluation.files import Asked
from knowledge.evaluation.metrics import Figures, Outcome, figures
from knowledge.question import Question, question_of
from knowledge.ranking import CueHit, Meaning, rank_cues, rank_passages
from knowledge.services.embedding import embed_question
from media_library.models import Cue, Media


class Way(StrEnum):
    """How is searched."""

    WORDS = "words"
    MEANING = "meaning"
    BOTH = "both"


class UnknownSource(ValueError):
    """No text or media item is called so, or more than one is."""


@dataclass(frozen=True, slots=True)
class _Result:
    """A moment of an answer, in seconds."""

    media_id: UUID
    start: float
    end: float


def evaluate(
    questions: Sequence[Asked], *, sources: Mapping[str, UUID], embedder: Embedder | None
) -> Iterator[dict[Way, Outcome]]:
    """What comes of each question, in its order, over the whole library of the organization in scope.

    Without an embedder by words alone. Nothing is announced: nobody searched. Raises AiError, OverCeiling,
    PriceUnknown.
    """
    for asked in questions:
        question = question_of(asked.question)
        meaning = _meaning(question, embedder)
        yield {way: _outcome(asked, sources[asked.source], _found(question, meaning, way)) for way in _ways(meaning)}


def summed_up(outcomes: Sequence[Mapping[Way, Outcome]]) -> dict[Way, Figures]:
    return {way: figures([outcome[way] for outcome in outcomes]) for way in outcomes[0]}


def sources_of(questions: Sequence[Asked], known: Mapping[str, UUID] | None = None) -> dict[str, UUID]:
    """The media item of each source: of `known` texts, else of the library in scope, by id or title.

    Raises UnknownSource.
    """
    names = {asked.source for asked in questions}
    return {name: _source(name, _library() if known is None else known) for name in names}


def _library() -> dict[str, UUID]:
    """Media items by id and by title. A title that two of them have names neither."""
    by_title: dict[str, list[UUID]] = {}
    for key, title in Media.objects.values_list("pk", "title"):
        by_title.setdefault(title, []).append(key)
        by_title[str(key)] = [key]
    return {name: keys[0] for name, keys in by_title.items() if len(keys) == 1}


def _source(name: str, known: Mapping[str, UUID]) -> UUID:
    if name not in known:
        raise UnknownSource(f"Nothing here, or more than one thing, is called {name!r}.")
    return known[name]


def _ways(meaning: Meaning | None) -> list[Way]:
    return [Way.WORDS] if meaning is None else list(Way)


def _meaning(question: Question, embedder: Embedder | None) -> Meaning | None:
    if embedder is None:
        return None
    return Meaning(embedder.model, embed_question(question.meaning, embedder=embedder, user=None))


def _found(question: Question, meaning: Meaning | None, way: Way) -> list[_Result]:
    """By meaning alone means that no word brings a passage; what binds does so anyway."""
    ranked = Question(question.text, exclusions=question.exclusions) if way is Way.MEANING else question
    given = None if way is Way.WORDS else meaning
    hits = rank_cues(question, rank_passages(ranked, visible=Media.objects.all(), meaning=given))
    places = list(dict.fromkeys((hit.media_id, hit.transcript_id, hit.position) for hit in hits))
    seconds = _seconds_of(hits)
    return [_Result(media, *seconds[transcript, position]) for media, transcript, position in places]


def _seconds_of(hits: Sequence[CueHit]) -> dict[tuple[UUID, int], tuple[float, float]]:
    cues = Cue.objects.filter(
        transcript__in={hit.transcript_id for hit in hits}, position__in={hit.position for hit in hits}
    ).values_list("transcript", "position", "start", "end")
    return {(transcript, position): (start, end) for transcript, position, start, end in cues}


def _outcome(asked: Asked, media_id: UUID, results: Sequence[_Result]) -> Outcome:
    right = (place for place, result in enumerate(results, start=1) if _answers(asked, media_id, result))
    return Outcome(next(right, None), _seconds_off(asked, media_id, results))


def _answers(asked: Asked, media_id: UUID, result: _Result) -> bool:
    """The right media item, and a moment that shares a second with where it is said."""
    if result.media_id != media_id or asked.start is None or asked.end is None:
        return result.media_id == media_id
    return result.start <= asked.end and asked.start <= result.end


def _seconds_off(asked: Asked, media_id: UUID, results: Sequence[_Result]) -> float | None:
    if asked.start is None:
        return None
    if not results or results[0].media_id != media_id:
        return inf
    return abs(results[0].start - asked.start)
