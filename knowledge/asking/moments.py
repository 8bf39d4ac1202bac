"""Where in a passage a sentence is backed: the second to open, and the words said there."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from knowledge.asking.citations import quotations, words_of
from knowledge.models import Passage
from knowledge.sentences import sentence_around, text_of
from media_library.models import Cue

LETTERS = 3  # shorter words say little
WRITTEN_CHARACTERS = 240


@dataclass(frozen=True)
class Backing:
    """`start` in seconds, None for what is written; `quote` is a sentence of the passage."""

    quote: str
    start: float | None = None
    speaker: str = ""


def cues_of(passages: Sequence[Passage]) -> dict[UUID, list[Cue]]:
    """What is said in each of them, by its key; of what is written nothing. One statement."""
    spoken = [passage for passage in passages if passage.transcript_id is not None]
    rows = list(Cue.objects.filter(reduce(or_, map(_in_it, spoken))).order_by("position")) if spoken else []
    return {passage.pk: [cue for cue in rows if _holds(passage, cue)] for passage in spoken}


def _in_it(passage: Passage) -> Q:
    return Q(transcript=passage.transcript_id, position__gte=passage.first_cue, position__lt=passage.end_cue)


def _holds(passage: Passage, cue: Cue) -> bool:
    places = range(passage.first_cue or 0, passage.end_cue or 0)
    return cue.transcript_id == passage.transcript_id and cue.position in places


def backing(passage: Passage, words: str, cues: Sequence[Cue]) -> Backing:
    """Where the passage says most of these words; its beginning where it says none. `cues`: what is said in it."""
    if passage.transcript_id is None:
        return Backing(passage.text[:WRITTEN_CHARACTERS])
    if not cues:
        return Backing(passage.text[:WRITTEN_CHARACTERS], passage.start, passage.speaker)
    best = _best(cues, words)
    first, end = sentence_around(cues, best)
    return Backing(text_of(cues[first:end]), cues[first].start, cues[best].speaker)


def _best(cues: Sequence[Cue], words: str) -> int:
    """A quotation counts more than what is said around it, and a word of the next cue half."""
    said, quoted = _telling(words), _telling(" ".join(quotations(words)))
    scores = [len(said & own) + 3 * len(quoted & own) for own in (_telling(cue.text) for cue in cues)]
    with_next = [score + following / 2 for score, following in zip(scores, [*scores[1:], 0], strict=True)]
    return max(range(len(cues)), key=lambda index: (with_next[index], -index))


def _telling(text: str) -> set[str]:
    return {word for word in words_of(text) if len(word) >= LETTERS}
