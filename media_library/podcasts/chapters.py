"""Chapters as JSON (Podcasting 2.0, version 1.2.0). Pure."""

import json
from collections.abc import Sequence
from typing import Any

from media_library.chapter_marks import Mark


def write_chapters(marks: Sequence[Mark], *, seconds: float | None) -> bytes:
    """In the order of time; each ends where the next begins, the last with the sound, if its length is known."""
    ends = [mark.at for mark in marks[1:]] + [seconds]
    chapters = [_chapter(mark, end) for mark, end in zip(marks, ends, strict=True)]
    return json.dumps({"version": "1.2.0", "chapters": chapters}, ensure_ascii=False).encode()


def _chapter(mark: Mark, end: float | None) -> dict[str, Any]:
    told: dict[str, Any] = {"startTime": mark.at, "title": mark.title}
    return {**told, "endTime": end} if end is not None and end > mark.at else told
