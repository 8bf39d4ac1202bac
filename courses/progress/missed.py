"""What did I miss: the stretches of a medium that somebody has not seen, with what is said in them. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

SEEN_FOR_NOTHING = 3  # seconds; shorter looks between two missed stretches join them
WORTH_SHOWING = 5  # seconds; nobody goes back for less
MOST_STRETCHES = 100
MOST_SENTENCES = 60  # of one stretch
HEARD = 0.5  # seconds of a sentence that lie in a stretch for it to count, as for a second that was watched


class Sentence(NamedTuple):
    """A cue; `start` and `end` in seconds."""

    start: float
    end: float
    text: str


@dataclass(frozen=True)
class Stretch:
    """Whole seconds from `start` up to `end`; `more` sentences are said in it than `sentences` holds."""

    start: int
    end: int
    sentences: tuple[Sentence, ...] = ()
    more: int = 0

    @property
    def seconds(self) -> int:
        return self.end - self.start

    @property
    def opens_at(self) -> float:
        """The second to play from: where the sentence begins that was being said, so that nobody lands inside one."""
        return min(self.start, self.sentences[0].start) if self.sentences else self.start


@dataclass(frozen=True)
class Missed:
    """`length` in seconds, None where nobody knows it. `seconds` over all stretches, those `left_out` too."""

    length: float | None
    seconds: int = 0
    stretches: tuple[Stretch, ...] = ()
    left_out: int = 0

    @property
    def count(self) -> int:
        return len(self.stretches) + self.left_out


def what_was_missed(
    seen: Iterable[tuple[int, int]], *, length: float | None, cues: Sequence[Sentence] = ()
) -> Missed:  # fmt: skip
    """`seen`: whole seconds as half-open pairs, sorted and apart, as a multirange is. `cues` are sorted by `start`."""
    if length is None:
        return Missed(None)
    gaps = _joined(_gaps(seen, end=int(length + 0.5)))
    worth = [(start, end) for start, end in gaps if end - start >= WORTH_SHOWING]
    shown = _longest(worth)
    starts = [cue.start for cue in cues]
    stretches = tuple(_stretch(start, end, cues, starts) for start, end in shown)
    return Missed(length, sum(end - start for start, end in worth), stretches, len(worth) - len(shown))


def _gaps(seen: Iterable[tuple[int, int]], *, end: int) -> Iterable[tuple[int, int]]:
    at = 0
    for first, after in seen:
        if first > at:
            yield at, min(first, end)
        at = max(at, after)
        if at >= end:
            return
    yield at, end


def _joined(gaps: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in gaps:
        if joined and start - joined[-1][1] < SEEN_FOR_NOTHING:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def _longest(gaps: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """In the order of time."""
    return sorted(sorted(gaps, key=lambda gap: gap[0] - gap[1])[:MOST_STRETCHES])


def _stretch(start: int, end: int, cues: Sequence[Sentence], starts: list[float]) -> Stretch:
    first = max(bisect_right(starts, start) - 1, 0)  # that one may still be said at `start`
    said = [cue for cue in cues[first : bisect_left(starts, end)] if _is_said(cue, start, end)]
    return Stretch(start, end, tuple(said[:MOST_SENTENCES]), max(0, len(said) - MOST_SENTENCES))


def _is_said(cue: Sentence, start: int, end: int) -> bool:
    inside = min(cue.end, end) - max(cue.start, start)
    return inside >= min(HEARD, cue.end - cue.start)
