"""Rolling captions: each cue repeats the lines that are still on the screen."""

from dataclasses import replace
from itertools import pairwise

from media_library.captions.text import TimedText

# Rolling captions: each cue repeats the lines still on the screen. CEA-608 rolls at most four of them, and the cues
# follow each other without a gap, or with a flash of 10 ms between two of them.
_ROLLING_LINES = 4
_ROLLING_GAP_SECONDS = 0.1
_FLASH_SECONDS = 0.05


def without_repeats(cues: list[TimedText]) -> list[TimedText]:
    """Rolling captions with every line said once; any other captions as they are, for people do repeat themselves."""
    repeats = [_repeated_lines(before, cue) for before, cue in pairwise(cues)]
    if not _are_rolling(cues, repeats):
        return cues
    kept = cues[:1]
    for cue, repeated in zip(cues[1:], repeats, strict=True):
        fresh = "\n".join(cue.text.split("\n")[repeated:])
        if fresh:
            kept.append(replace(cue, text=fresh))
        else:
            kept[-1] = replace(kept[-1], end=max(kept[-1].end, cue.end))
    return kept


def _repeated_lines(before: TimedText, cue: TimedText) -> int:
    """How many lines at the start of a cue were the last lines of the cue before it."""
    if before.speaker != cue.speaker or cue.start - before.end > _ROLLING_GAP_SECONDS:
        return 0
    shown, lines = before.text.split("\n"), cue.text.split("\n")
    counts = range(min(_ROLLING_LINES, len(shown), len(lines)), 0, -1)
    return next((count for count in counts if shown[-count:] == lines[:count]), 0)


def _are_rolling(cues: list[TimedText], repeats: list[int]) -> bool:
    """Whether at least half of the cues repeat the one before them, as only rolling captions do."""
    rolled = sum(
        repeated > 0 and (cue.text.count("\n") >= repeated or min(_seconds(before), _seconds(cue)) < _FLASH_SECONDS)
        for (before, cue), repeated in zip(pairwise(cues), repeats, strict=True)
    )
    return rolled >= 2 and rolled * 2 >= len(repeats)


def _seconds(cue: TimedText) -> float:
    return cue.end - cue.start
