"""A transcript as a model reads it: numbered cues in pieces; and the way back from numbers to seconds. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.chunking import SpokenCue, chunk
from knowledge.drafting.shapes import Span

PIECE_WORDS = 2500
MOST_CHARACTERS = 60_000  # of a piece, as a model reads it


@dataclass(frozen=True, slots=True)
class Piece:
    """Cues number `first` to `last`, counted from 1 and both included; `share` of all words, 0–1."""

    first: int
    last: int
    share: float


@dataclass(frozen=True)
class Script:
    """All cues of a transcript in their order. The number of a cue is its place in it, from 1."""

    cues: Sequence[SpokenCue]

    @property
    def words(self) -> int:
        return sum(len(cue.text.split()) for cue in self.cues)

    @property
    def seconds(self) -> float:
        return max((cue.end for cue in self.cues), default=0.0)

    def pieces(self, *, size: int = PIECE_WORDS) -> list[Piece]:
        """Stretches of about `size` words, cut like passages where a sentence or a pause ends; they do not overlap."""
        chunks = chunk(self.cues, size=size, overlap=0)
        total = sum(one.words for one in chunks)
        return [Piece(one.first_cue + 1, one.last_cue, one.words / total) for one in chunks]

    def lines(self, piece: Piece) -> str:
        """`[12] Mara: The sea rises.`, one cue a line."""
        return "\n".join(self._line(number) for number in range(piece.first, piece.last + 1))

    def span(self, first: int, last: int, *, within: Piece | None = None) -> Span | None:
        """When cues number `first` to `last` are said; None where these are no cues (of that piece)."""
        lowest, highest = (within.first, within.last) if within else (1, len(self.cues))
        if not lowest <= first <= last <= highest:
            return None
        said = self.cues[first - 1 : last]
        return Span(start=said[0].start, end=max(cue.end for cue in said), first_cue=first - 1, last_cue=last - 1)

    def text(self, span: Span) -> str:
        return " ".join(cue.text for cue in self.cues[span.first_cue : span.last_cue + 1])

    def fingerprint(self) -> str:
        """SHA-256: two transcripts that say the same at the same times are the same to a draft."""
        said = "\n".join(f"{cue.start:.3f} {cue.end:.3f} {cue.text}" for cue in self.cues)
        return hashlib.sha256(said.encode()).hexdigest()

    def _line(self, number: int) -> str:
        cue = self.cues[number - 1]
        text = " ".join(cue.text.split())
        return f"[{number}] {cue.speaker}: {text}" if cue.speaker else f"[{number}] {text}"
