"""What a player says it played, judged: intervals of seconds become whole seconds. Pure."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.errors import Refused

MOST_INTERVALS = 500  # in one report; a player that merges what it played sends a handful
LATEST_SECOND = 100 * 3600  # no media is longer
FASTEST = 16.0  # what browsers play at most
SHORTEST, LONGEST = 1.0, 12 * 3600.0  # seconds; a player that says anything else knows no length


@dataclass(frozen=True)
class Report:
    """One report: `seconds` are the whole seconds played as an `int4multirange` literal, `position` is in seconds.

    `duration` is the length in seconds, None where the player knows none.
    """

    seconds: str
    position: float
    speed: float
    duration: float | None = None


def judge(*, intervals: Any, position: Any, speed: Any, duration: Any = None) -> Report:
    """Check a report word by word. Raises Refused `invalid_report` that names the field."""
    pairs = _pairs(intervals)
    where = _number(position, "position", most=math.inf)
    pace = _number(speed, "speed", most=FASTEST)
    return Report(literal(whole_seconds(pairs)), min(where, LATEST_SECOND), pace, _length(duration))


def whole_seconds(pairs: Iterable[tuple[float, float]]) -> list[tuple[int, int]]:
    """Half-open ranges of the seconds half of which was played: `[a, b]` covers `ceil(a - ½)` to `floor(b + ½)`."""
    ranges = ((math.ceil(start - 0.5), math.floor(min(end, LATEST_SECOND) + 0.5)) for start, end in pairs)
    return [(first, end) for first, end in ranges if first < end]


def literal(ranges: Iterable[tuple[int, int]]) -> str:
    """PostgreSQL's notation of a multirange; it sorts and merges by itself."""
    return "{" + ",".join(f"[{first},{end})" for first, end in ranges) + "}"


BEYOND_ALL = 1e15  # seconds


def _pairs(intervals: Any) -> list[tuple[float, float]]:
    if not isinstance(intervals, list):
        raise _refused("intervals", "Must be a list of [start, end] pairs in seconds.")
    if len(intervals) > MOST_INTERVALS:
        raise _refused("intervals", f"At most {MOST_INTERVALS} intervals are taken in one report.")
    if not all(_is_pair(pair) for pair in intervals):
        raise _refused("intervals", "Each interval must be two numbers of seconds with 0 ≤ start < end.")
    return [(start, end) for start, end in intervals]


def _is_pair(pair: Any) -> bool:
    if not isinstance(pair, list) or len(pair) != 2 or not all(map(_is_number, pair)):
        return False
    return bool(0 <= pair[0] < pair[1])


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) < BEYOND_ALL  # infinity and NaN are not


def _number(value: Any, field: str, *, most: float) -> float:
    if not _is_number(value) or not 0 <= value <= most:
        raise _refused(field, "Must be a number that is possible here.")
    return float(value)


def _length(duration: Any) -> float | None:
    if duration is None:
        return None
    seconds = _number(duration, "duration", most=math.inf)
    return seconds if SHORTEST <= seconds <= LONGEST else None


def _refused(field: str, message: str) -> Refused:
    return Refused("invalid_report", "This watch report could not be read.", fields={field: [message]})
