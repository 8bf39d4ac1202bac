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
from knowledge.ranking import Meaning, rank_passages
from knowledge.services.embedding import embed_question
from knowledge.services.moments import Said, Written, in_order, said_by, written_in
from knowledge.services.search import FIRST_MOMENTS
from knowledge.written.indexing import written_items
from media_library.models import Media


class Way(StrEnum):
    """How is searched."""

    WORDS = "words"
    MEANING = "meaning"
    BOTH = "both"


class UnknownSource(ValueError):
    """No text or media item is called so, or more than one is."""


@dataclass(frozen=True, slots=True)
class _Result:
    """A place of an answer: a moment of a media item in seconds, or what is written in an item of a course."""

    place: UUID
    start: float | None = None
    end: float | None = None


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
    """The media item or the text of each source: of `known` texts, else of the library in scope, by id or title.

    Raises UnknownSource.
    """
    names = {asked.source for asked in questions}
    return {name: _source(name, _library() if known is None else known) for name in names}


def _library() -> dict[str, UUID]:
    """Media items, texts and files by id and by title. A title that two of them have names neither."""
    by_title: dict[str, list[UUID]] = {}
    media, written = Media.objects.values_list("pk", "title"), written_items().values_list("pk", "title")
    for key, title in (*media, *written):
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
    """What the page shows, in its order: overlapping moments are one, and what stands together comes together.

    By meaning alone means that no word brings a passage; what binds does so anyway.
    """
    ranked = Question(question.text, exclusions=question.exclusions) if way is Way.MEANING else question
    given = None if way is Way.WORDS else meaning
    hits = rank_passages(
        ranked, visible=Media.objects.all(), readable=written_items(), meaning=given, limit=FIRST_MOMENTS + 1
    )
    found = in_order(said_by(question, hits), written_in(hits))
    return [_result(one) for one in found[:FIRST_MOMENTS]]


def _result(one: Said | Written) -> _Result:
    return _Result(one.place, one.cue.start, one.cues[-1].end) if isinstance(one, Said) else _Result(one.place)


def _outcome(asked: Asked, source: UUID, results: Sequence[_Result]) -> Outcome:
    right = (place for place, result in enumerate(results, start=1) if _answers(asked, source, result))
    return Outcome(next(right, None), _seconds_off(asked, source, results))


def _answers(asked: Asked, source: UUID, result: _Result) -> bool:
    """The right media item or text, and a moment that shares a second with where it is said."""
    if result.place != source or asked.start is None or asked.end is None:
        return result.place == source
    return (
        result.start is not None
        and result.end is not None
        and (result.start <= asked.end and asked.start <= result.end)
    )


def _seconds_off(asked: Asked, source: UUID, results: Sequence[_Result]) -> float | None:
    if asked.start is None:
        return None
    if not results or results[0].place != source or results[0].start is None:
        return inf
    return abs(results[0].start - asked.start)
