"""Which chapter of a film each cue stands in. Pure."""

from bisect import bisect_right
from collections.abc import Sequence

from knowledge.chunking import SpokenCue, words_in
from knowledge.written.sections import LONGEST_HEADING, SHORTEST_CHAPTER, chapter_borders
from media_library.chapter_marks import Mark

#: A mark set so many seconds after somebody began to speak still means that sentence.
LATE_MARK = 0.5


def headings_of(cues: Sequence[SpokenCue], marks: Sequence[Mark]) -> list[str]:
    """For each cue the title of its chapter, empty before the first one. `marks` in the order of time."""
    times = [mark.at for mark in marks]
    titles = ["", *(mark.title[:LONGEST_HEADING] for mark in marks)]
    return [titles[bisect_right(times, cue.start + LATE_MARK)] for cue in cues]


def borders_of(cues: Sequence[SpokenCue], headings: Sequence[str], *, size: int) -> list[int]:
    """Indexes of the cues with which a chapter begins that is long enough to be cut by itself."""
    if len(set(headings)) < 2:
        return []
    lengths = [words_in(cue.text) for cue in cues]
    return chapter_borders(headings, lengths, shortest=int(size * SHORTEST_CHAPTER))
