"""Cuts a transcript into overlapping passages that keep their times.

Times come from the cues and are never derived from text again. Only inside a cue that is itself longer than a passage
are the words spread evenly over the time of that cue, up to the next one: so times never run backwards.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import attrgetter
from typing import Protocol

CHUNK_WORDS = 500
OVERLAP_WORDS = 50
PAUSE_SECONDS = 0.7
_SHORTEST_SHARE = 0.85  # a better cut may cost at most 15 % of the target size

# Scripts written without spaces count each character as a word, else a Japanese lecture would be one long passage;
# forty characters without a blank count as a word too, which bounds the text of a passage whatever it holds.
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}][^\w\s]{{0,2}}|[^\s{_UNSPACED}]{{1,40}}")
_CLOSING_MARKS = "\"'”’»)]」』 "
_SENTENCE_ENDS = frozenset(".!?…。！？")


class SpokenCue(Protocol):
    """Anything with words and the seconds in which they were said."""

    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...
    @property
    def text(self) -> str: ...
    @property
    def speaker(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage: cues ``first_cue`` up to but not including ``last_cue``, ``start`` to ``end`` in seconds.

    ``speaker`` is empty when more than one person speaks or nobody is named; ``words`` is the number of words.
    """

    text: str
    start: float
    end: float
    speaker: str
    first_cue: int
    last_cue: int
    words: int


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is never cut: a cue, or one word of a cue that is longer than a whole chunk."""

    text: str  # with the blank that follows
    start: float
    end: float
    speaker: str
    cue: int
    words: int


def chunk(
    cues: Sequence[SpokenCue], *, size: int = CHUNK_WORDS, overlap: int = OVERLAP_WORDS, borders: Collection[int] = ()
) -> list[Chunk]:
    """Passages of at most ``size`` words, each repeating about ``overlap`` words of the one before.

    ``cues`` are sorted by start. Every cue is in at least one chunk; starts rise from chunk to chunk as far as those
    of the cues do. No words, no chunks. No chunk reaches or repeats across ``borders``: indexes of cues with which a
    chapter begins. Raises ``ValueError`` unless 0 <= overlap < size.
    """
    if not 0 <= overlap < size:
        raise ValueError(f"overlap must be at least 0 and less than size, not {overlap} of {size}")
    next_starts = [*(cue.start for cue in cues[1:]), math.inf]
    units = [unit for index, cue in enumerate(cues) for unit in _units(cue, index, size, next_starts[index])]
    chapters = [chapter for chapter in _chapters(units, borders) if any(unit.words for unit in chapter)]
    return [_chunk_of(chapter[begin:end]) for chapter in chapters for begin, end in _ranges(chapter, size, overlap)]


def words_in(text: str) -> int:
    """As passages count them: a character of a script that is written without blanks is one."""
    return sum(1 for _word in _WORD.finditer(text))


def _chapters(units: list[_Unit], borders: Collection[int]) -> Iterator[list[_Unit]]:
    inner = sorted({bisect_left(units, border, key=attrgetter("cue")) for border in borders} - {0, len(units)})
    for begin, end in pairwise([0, *inner, len(units)]):
        yield units[begin:end]


def _units(cue: SpokenCue, index: int, size: int, next_start: float) -> list[_Unit]:
    text = " ".join(cue.text.split()) + " "
    offsets = [word.start() for word in _WORD.finditer(text)]
    count = len(offsets)
    if count <= size:
        return [_Unit(text, cue.start, cue.end, cue.speaker, index, count)]
    seconds = max(min(cue.end, next_start) - cue.start, 0.0)
    times = [cue.start + seconds * n / count for n in range(count)] + [cue.end]
    words = [text[begin:end] for begin, end in pairwise([*offsets, len(text)])]
    return [_Unit(word, times[n], times[n + 1], cue.speaker, index, 1) for n, word in enumerate(words)]


def _ranges(units: list[_Unit], size: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Half-open ranges of units, each beginning and ending after the one before: so there is an end to them."""
    spoken = [0, *accumulate(unit.words for unit in units)]  # words before each unit
    begin, end = 0, _cut(units, spoken, begin=0, after=0, size=size)
    yield begin, end
    while end < len(units):
        begin = _step_back(units, begin=begin, end=end, size=size, overlap=overlap)
        end = _cut(units, spoken, begin=begin, after=end, size=size)
        yield begin, end


def _cut(units: list[_Unit], spoken: list[int], *, begin: int, after: int, size: int) -> int:
    """The best place to end a chunk: as many good reasons as possible, then as late as possible."""
    latest = bisect_right(spoken, spoken[begin] + size) - 1
    if latest == len(units):
        return latest
    earliest = bisect_left(spoken, spoken[begin] + math.ceil(size * _SHORTEST_SHARE))
    places = range(min(max(earliest, after + 1), latest), latest + 1)
    return max(places, key=lambda place: (_reasons_to_cut(units[place - 1], units[place]), place))


def _reasons_to_cut(before: _Unit, following: _Unit) -> int:
    return sum(
        (
            before.text.rstrip(_CLOSING_MARKS)[-1:] in _SENTENCE_ENDS,
            following.start - before.end > PAUSE_SECONDS,
            following.speaker != before.speaker,
        )
    )


def _step_back(units: list[_Unit], *, begin: int, end: int, size: int, overlap: int) -> int:
    """Where the next chunk begins: the repeated words come closest to ``overlap`` and leave room for a fresh unit."""
    room = size - units[end].words
    position, repeated = end, 0
    while position - 1 > begin:
        words = units[position - 1].words
        if repeated + words / 2 >= overlap or repeated + words > room:
            break
        position, repeated = position - 1, repeated + words
    return position


def _chunk_of(units: list[_Unit]) -> Chunk:
    speakers = {unit.speaker for unit in units if unit.words}
    return Chunk(
        text="".join(unit.text for unit in units).strip(),
        start=units[0].start,
        end=max(unit.end for unit in units),
        speaker=speakers.pop() if len(speakers) == 1 else "",
        first_cue=units[0].cue,
        last_cue=units[-1].cue + 1,
        words=sum(unit.words for unit in units),
    )
