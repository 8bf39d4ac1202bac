"""Notes of a course as a file to take along: Markdown, CSV or JSON. Pure."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from core.csv_lines import csv_lines
from media_library.wording import moment

COLUMNS = ("item", "time", "seconds", "text", "link", "created_at")


@dataclass(frozen=True)
class NoteLine:
    """A note as files tell it: `at` in seconds or None, `link` opens there and is empty where the item is gone.

    `item` is its title; `item_id` tells it from another of the same title.
    """

    item_id: UUID | None
    item: str
    at: float | None
    text: str
    link: str
    created_at: datetime

    @property
    def time(self) -> str:
        return "" if self.at is None else moment(self.at)


def as_markdown(course: str, lines: Sequence[NoteLine]) -> str:
    """A heading for each item, a list entry for each note; lines of a note stay inside their entry."""
    parts = [f"# {_('Notes')}: {course}"]
    for (_key, item), notes in groupby(lines, key=lambda line: (line.item_id, line.item)):
        parts.append(f"## {item}")
        parts.append("\n".join(_entry(line) for line in notes))
    return "\n\n".join(parts) + "\n"


def _entry(line: NoteLine) -> str:
    linked = f"[{line.time or _('Open')}]({line.link})" if line.link else line.time
    words = (line.text or _("Bookmark")).replace("\n", "\n  ")
    return f"- {linked} {words}" if linked else f"- {words}"


def as_csv(course: str, lines: Iterable[NoteLine]) -> str:
    return b"".join(csv_lines(COLUMNS, map(_cells, lines))).decode()


def _cells(line: NoteLine) -> list[str]:
    at = "" if line.at is None else f"{line.at:g}"
    return [line.item, line.time, at, line.text, line.link, line.created_at.isoformat()]


def as_json(course: str, lines: Iterable[NoteLine]) -> str:
    notes = [
        {
            "item": line.item, "time": line.time or None, "seconds": line.at, "text": line.text,
            "link": line.link or None, "created_at": line.created_at.isoformat(),
        }
        for line in lines
    ]  # fmt: skip
    return json.dumps({"course": course, "notes": notes}, ensure_ascii=False, indent=2) + "\n"


class Format(NamedTuple):
    content_type: str
    write: Callable[[str, Sequence[NoteLine]], str]


FORMATS = {
    "md": Format("text/markdown; charset=utf-8", as_markdown),
    "csv": Format("text/csv; charset=utf-8", as_csv),
    "json": Format("application/json", as_json),
}
