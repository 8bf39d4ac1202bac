"""What speech recognition answers: read from the shapes of its servers, in order, and only what was really said.

Nothing here knows a provider. Times are seconds from the start of the piece of sound that was heard.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

LEAST_SECONDS = 0.1  # a cue without duration is shown by no player
# What Whisper itself takes for silence and for a loop (its options no_speech, logprob and compression_ratio threshold).
SURELY_SILENT, UNSURE, A_LOOP = 0.6, -1.0, 2.4


@dataclass(frozen=True, slots=True)
class HeardCue:
    """Words and when they are said; `speaker` as the model calls them, empty where it tells nobody apart."""

    start: float
    end: float
    text: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one piece of sound says.

    `language` is a tag such as `en`, empty where the model does not tell; `seconds` are those that it counts as used.
    Where `is_timed` is False, nobody knows when in the piece something is said: there is one cue for all of it.
    """

    cues: tuple[HeardCue, ...]
    language: str
    seconds: float
    is_timed: bool


def read_segments(segments: Iterable[Mapping[str, Any]], *, seconds: float) -> list[HeardCue]:
    """Those of an answer that were believably said, in order. Raises KeyError, TypeError or ValueError."""
    told = [_cue(segment) for segment in segments if is_believable(segment)]
    return in_order([cue for cue in told if cue.text], seconds=seconds)


def is_believable(segment: Mapping[str, Any]) -> bool:
    """Whether a model that tells how sure it is means that something was said. Figures that it leaves out are fine."""
    silent, sure, squeezed = (_figure(segment, name) for name in ("no_speech_prob", "avg_logprob", "compression_ratio"))
    is_silence = silent is not None and silent > SURELY_SILENT and (sure is None or sure < UNSURE)
    return not is_silence and (squeezed is None or squeezed <= A_LOOP)


def in_order(cues: Sequence[HeardCue], *, seconds: float) -> list[HeardCue]:
    """The same words one after the other: within 0 and `seconds`, each lasting, none overlapping the next.

    Models tell times that overlap, last nothing, or lie behind the end. What begins there is invented.
    """
    ordered: list[HeardCue] = []
    for cue in sorted(cues, key=lambda cue: (cue.start, cue.end)):
        if cue.start >= seconds:
            continue
        start = _rounded(max(cue.start, ordered[-1].start + LEAST_SECONDS if ordered else 0.0))
        if ordered:
            ordered[-1] = replace(ordered[-1], end=min(ordered[-1].end, start))
        ordered.append(replace(cue, start=start, end=_rounded(max(cue.end, start + LEAST_SECONDS))))
    return [replace(cue, end=min(cue.end, seconds)) for cue in ordered if cue.start < seconds]


def spoken(value: Any) -> str:
    """Words on one line, as they were told: whoever shows them leaves markup out. Raises TypeError."""
    if not isinstance(value, str):
        raise TypeError("words are a text")
    return " ".join(value.split())


def _cue(segment: Mapping[str, Any]) -> HeardCue:
    start, end = float(segment["start"]), float(segment["end"])
    if not (math.isfinite(start) and math.isfinite(end)):
        raise ValueError("a time is a number")
    return HeardCue(start, end, spoken(segment["text"]), spoken(segment.get("speaker") or ""))


def _figure(segment: Mapping[str, Any], name: str) -> float | None:
    value = segment.get(name)
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _rounded(seconds: float) -> float:
    return round(seconds, 3)
