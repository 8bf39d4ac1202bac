"""Where a recording may be cut so that no word is: pure arithmetic over its silences. All times in seconds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Span = tuple[float, float]

PAD = 0.25  # around what is said, where there is room: words fade in and out
LEAST_SPEECH = 0.15  # anything shorter is a click
SHORTEST = 0.5  # no provider takes less than 0.1


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the recording that holds words."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long pieces are to be: `aim` where pauses allow it, `limit` in any case; a pause over `gap` is left out."""

    aim: float
    limit: float
    gap: float


def pieces_of(silences: Sequence[Span], lengths: Lengths, *, within: Span) -> list[Piece]:
    """The stretches with words inside `within`, in order, cut at silences; none where all is silent.

    Only where nobody pauses for longer than the limit is anything cut in the middle.
    """
    spoken = [span for span in speech(silences, within=within) if span[1] - span[0] >= LEAST_SPEECH]
    joined: list[Span] = []
    for start, end in spoken:
        if joined and end - joined[-1][0] <= lengths.aim and start - joined[-1][1] <= lengths.gap:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [piece for span in _padded(joined, within) for piece in _bounded(span, lengths)]


def speech(silences: Sequence[Span], *, within: Span) -> list[Span]:
    """What lies between the silences."""
    begin, end = within
    spoken = []
    for silent_from, silent_until in silences:
        if silent_from > begin:
            spoken.append((begin, min(silent_from, end)))
        begin = max(begin, silent_until)
        if begin >= end:
            return [span for span in spoken if span[0] < span[1]]
    return [span for span in [*spoken, (begin, end)] if span[0] < span[1]]


def smaller(piece: Piece, silences: Sequence[Span]) -> list[Piece]:
    """The same in two to four parts; empty where it is too short for that."""
    if piece.seconds < 4 * SHORTEST:
        return []
    half = piece.seconds / 2
    parts = pieces_of(silences, Lengths(aim=half, limit=half, gap=math.inf), within=(piece.start, piece.end))
    return parts if len(parts) > 1 else []


def _padded(spans: Sequence[Span], within: Span) -> list[Span]:
    """With some of the silence around each; at most half of it, so that none overlaps the next."""
    padded = []
    for position, (start, end) in enumerate(spans):
        before = start - (spans[position - 1][1] if position else within[0])
        after = (spans[position + 1][0] if position + 1 < len(spans) else within[1]) - end
        at_edges = (1 if not position else 2), (1 if position + 1 == len(spans) else 2)
        start, end = start - min(PAD, before / at_edges[0]), end + min(PAD, after / at_edges[1])
        padded.append(_long_enough((start, end), within))
    return padded


def _long_enough(span: Span, within: Span) -> Span:
    start, end = span
    return (start, end) if end - start >= SHORTEST else (start, min(start + SHORTEST, max(within[1], end)))


def _bounded(span: Span, lengths: Lengths) -> list[Piece]:
    start, end = span
    parts = 1 if end - start <= lengths.limit else math.ceil((end - start) / lengths.aim)
    length = (end - start) / parts
    cuts = [round(start + position * length, 3) for position in range(parts)] + [round(end, 3)]
    return [Piece(*pair) for pair in zip(cuts, cuts[1:], strict=False)]
