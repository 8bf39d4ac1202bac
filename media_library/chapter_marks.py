"""Chapters of a recording: marks, `[{"at": seconds, "title": "…"}]`. Pure.

They stand with the media (`Media.chapters`); an item of a course may have marks of its own in its `metadata`,
`{"chapters": […]}`. Makers type them as lines, `12:40 High tide`.
"""

import json
import math
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from media_library.wording import clock_time

TITLE_CHARACTERS = 200
LINE = re.compile(r"(?:(?P<hours>\d{1,3}):(?=\d\d:))?(?P<minutes>\d{1,3}):(?P<seconds>[0-5]\d)\s+(?P<title>\S.*)")

MOST_MARKS = 200


class Mark(NamedTuple):
    """Where a part begins, in seconds, and what it is called."""

    at: float
    title: str


def marks_in(told: Any) -> list[Mark]:
    """Of a list, in the order of time. Whatever is no mark is passed over: integrators write there too."""
    marks = [_mark(one) for one in told[:MOST_MARKS]] if isinstance(told, list) else []
    return sorted(mark for mark in marks if mark is not None)


def chapter_marks(metadata: Any) -> list[Mark]:
    """Those that an item has of its own: its field is free for others to write into."""
    metadata = json.loads(metadata) if isinstance(metadata, str) else metadata
    return marks_in(metadata.get("chapters") if isinstance(metadata, dict) else None)


def kept_marks(marks: Sequence[Mark]) -> list[dict[str, Any]]:
    """As they are stored."""
    return [mark._asdict() for mark in marks]


def _mark(one: Any) -> Mark | None:
    if not isinstance(one, dict):
        return None
    at: Any = one.get("at")
    title: Any = one.get("title")
    if type(at) not in (int, float) or not 0 <= at < math.inf:
        return None
    return Mark(float(at), title.strip()) if isinstance(title, str) and title.strip() else None


def write_marks(marks: Sequence[Mark]) -> str:
    """One a line."""
    return "\n".join(f"{clock_time(mark.at)} {mark.title}" for mark in marks)


def read_marks(lines: str) -> tuple[list[Mark], list[str]]:
    """The marks in the order of time, and a sentence for each line that is none."""
    written = [(number, line.strip()) for number, line in enumerate(lines.splitlines(), start=1) if line.strip()]
    read = {number: _read_line(line) for number, line in written}
    words = _("Line %(number)d: write when it begins and what it is called, such as 12:40 High tide.")
    faults = [words % {"number": number} for number, mark in read.items() if mark is None]
    if len(written) > MOST_MARKS:
        faults.append(_("At most %(most)d chapters, please.") % {"most": MOST_MARKS})
    return sorted(mark for mark in read.values() if mark is not None), faults


def with_marks(metadata: Any, marks: Sequence[Mark]) -> dict[str, Any]:
    """Whatever else stands there stays."""
    kept = {name: value for name, value in metadata.items() if name != "chapters"} if isinstance(metadata, dict) else {}
    return {**kept, "chapters": kept_marks(marks)} if marks else kept


def _read_line(line: str) -> Mark | None:
    found = LINE.fullmatch(line)
    if found is None:
        return None
    hours, minutes, seconds = (int(found[name] or 0) for name in ("hours", "minutes", "seconds"))
    return Mark(float(3600 * hours + 60 * minutes + seconds), found["title"][:TITLE_CHARACTERS])
