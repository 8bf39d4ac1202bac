"""The words of the video profile, and its notation of what was played."""

import json
import math
from collections.abc import Iterable
from typing import Any

VERSION = "1.0.3"
CATEGORY = "https://w3id.org/xapi/video"
VIDEO_TYPE = "https://w3id.org/xapi/video/activity-type/video"
PROFILE_TYPE = "http://adlnet.gov/expapi/activities/profile"
COURSE_TYPE = "http://adlnet.gov/expapi/activities/course"
EXTENSIONS = f"{CATEGORY}/extensions/"

VERBS = {
    "initialized": "http://adlnet.gov/expapi/verbs/initialized",
    "played": f"{CATEGORY}/verbs/played",
    "paused": f"{CATEGORY}/verbs/paused",
    "seeked": f"{CATEGORY}/verbs/seeked",
    "completed": "http://adlnet.gov/expapi/verbs/completed",
    "terminated": "http://adlnet.gov/expapi/verbs/terminated",
}

BETWEEN_ENDS, BETWEEN_SEGMENTS = "[.]", "[,]"
MOST_SEGMENTS = 100_000  # of one statement that are read

Segment = tuple[float, float]  # seconds, from and to


def extensions(**values: Any) -> dict[str, Any]:
    """Under their full names: `time_from=3` is that of `…/time-from`. What is None is left out."""
    return {EXTENSIONS + name.replace("_", "-"): value for name, value in values.items() if value is not None}


def written_segments(segments: Iterable[tuple[float, float]]) -> str:
    """As `0[.]10[,]20[.]30`."""
    return BETWEEN_SEGMENTS.join(f"{start:g}{BETWEEN_ENDS}{end:g}" for start, end in segments)


def read_segments(written: Any) -> list[Segment]:
    """The closed ones: what has no end yet is none. Also of players that write a list of pairs instead."""
    pieces = _pieces(written) if isinstance(written, str) else written
    if not isinstance(pieces, list):
        return []
    ends = [tuple(map(seconds, piece)) for piece in pieces if isinstance(piece, list) and len(piece) == 2]
    return [(start, end) for start, end in ends if start is not None and end is not None and start < end]


def seconds(value: Any) -> float | None:
    """A moment or length of media, also of players that write numbers as text. None for what is none."""
    if isinstance(value, str):
        value = _number(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < 1e9 else None


def written_duration(whole: int) -> str:
    """So many seconds as ISO 8601 has it: `PT1H2M3S`."""
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    parts = "".join(f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M"), (left, "S")) if count)
    return f"PT{parts or '0S'}"


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _pieces(text: str) -> Any:
    if text.startswith("[[") or text == "[]":
        return _parsed(text)
    return [piece.split(BETWEEN_ENDS) for piece in text.split(BETWEEN_SEGMENTS, MOST_SEGMENTS)]


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
