"""Which cue of a passage says it, and where in a sentence the words stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.tenancy import current_organization_id
from knowledge.folding import folded_with_places
from knowledge.question import Question
from knowledge.ranking import statements as sql
from knowledge.ranking.asked import asked, rows
from knowledge.ranking.passages import PASSAGES_A_PLACE, Hit
from knowledge.sentences import END_MARK, MARK
from media_library.captions import TimedText


@dataclass(frozen=True)
class CueHit:
    """The cue of a passage in which it is said."""

    media_id: UUID
    transcript_id: UUID
    config: str
    position: int
    score: float


def rank_cues(question: Question, hits: Sequence[Hit], *, speaker: str = "") -> list[CueHit]:
    """For each passage the cue that says it best, and others of its media that nearly do; best media first."""
    spoken = [hit for hit in hits if not hit.is_written]
    if not spoken:
        return []
    values = asked(question) | {
        "organization": current_organization_id(),
        "ids": [hit.passage_id for hit in spoken],
        "scores": [hit.score for hit in spoken],
        "a_place": PASSAGES_A_PLACE,
        "speaker": speaker,
        "verbatim": question.phrases[0] if question.phrases else question.words,
    }
    return [CueHit(*row) for row in rows(sql.CUES.format(asked=sql.ASKED), values)]


def cues_around(hits: Sequence[CueHit], *, neighbors: int) -> dict[tuple[UUID, int], TimedText]:
    """The cues of these hits and so many on either side, by transcript and position."""
    reach = range(-neighbors, neighbors + 1)
    places = {(hit.transcript_id, hit.position + away) for hit in hits for away in reach}
    values = {
        "organization": current_organization_id(),
        "transcripts": [transcript for transcript, _ in places],
        "positions": [position for _, position in places],
    }
    found = rows(sql.AROUND, values) if hits else []
    return {(transcript, position): TimedText(*words) for transcript, position, *words in found}


def mark_words(question: Question, sentences: Sequence[tuple[str, str]]) -> list[str]:
    """Each `(configuration, text)` with `MARK` and `END_MARK` around the words of the question; not yet HTML."""
    bare = [(config, folded_with_places(text)) for config, text in sentences]
    accented = [n for n, (_, text) in enumerate(sentences) if bare[n][1][0] != text]
    marked = _marked(question, [*sentences, *((bare[n][0], bare[n][1][0]) for n in accented)])
    for n, without in zip(accented, marked[len(sentences) :], strict=True):
        marked[n] = _marked_too(marked[n], without, bare[n][1][1])
    return marked[: len(sentences)]


def _marked(question: Question, sentences: Sequence[tuple[str, str]]) -> list[str]:
    if not sentences:
        return []
    values = asked(question) | {
        "configs": [config for config, _ in sentences],
        "sentences": [text for _, text in sentences],
        "options": f"HighlightAll=true, StartSel={MARK}, StopSel={END_MARK}",
    }
    return [text for (text,) in rows(sql.MARKED.format(asked=sql.ASKED), values)]


def _marked_too(marked: str, bare: str, places: Sequence[int]) -> str:
    """`marked`, with the marks of the same text without accents: `places` tells where its characters come from."""
    inside = _inside(marked) | {places[n] for n in _inside(bare)}
    signs = [sign for sign in marked if sign not in (MARK, END_MARK)]
    pieces: list[str] = []
    for n, sign in enumerate(signs):
        begins, ends = n in inside and n - 1 not in inside, n not in inside and n - 1 in inside
        pieces += [MARK * begins, END_MARK * ends, sign]
    return "".join(pieces) + END_MARK * (len(signs) - 1 in inside)


def _inside(marked: str) -> set[int]:
    """The places, marks not counted, that stand between marks."""
    found: set[int] = set()
    place, is_inside = 0, False
    for sign in marked:
        if sign in (MARK, END_MARK):
            is_inside = sign == MARK
            continue
        if is_inside:
            found.add(place)
        place += 1
    return found
