"""Chapters of a video: marks in the `metadata` of its item, `{"chapters": [{"at": seconds, "title": "…"}]}`. Pure."""

import json
import math
from typing import Any, NamedTuple

MOST_MARKS = 200


class Mark(NamedTuple):
    """Where a part begins, in seconds, and what it is called."""

    at: float
    title: str


def chapter_marks(metadata: Any) -> list[Mark]:
    """In the order of time. Whatever is no mark is passed over: the field is free for others to write into."""
    metadata = json.loads(metadata) if isinstance(metadata, str) else metadata
    told = metadata.get("chapters") if isinstance(metadata, dict) else None
    marks = [_mark(one) for one in told[:MOST_MARKS]] if isinstance(told, list) else []
    return sorted(mark for mark in marks if mark is not None)


def _mark(one: Any) -> Mark | None:
    if not isinstance(one, dict):
        return None
    at: Any = one.get("at")
    title: Any = one.get("title")
    if type(at) not in (int, float) or not 0 <= at < math.inf:
        return None
    return Mark(float(at), title.strip()) if isinstance(title, str) and title.strip() else None
