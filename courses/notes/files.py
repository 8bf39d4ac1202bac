"""Notes of a course as a file to take along: Markdown, CSV or JSON. Pure."""

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from itertools import groupby
from typing import NamedTuple

from django.utils.translation import gettext as _

from media_library.wording import moment

COLUMNS = ("item", "time", "seconds", "text", "link", "created_at")


@dataclass(frozen=True)
class NoteLine:
    """A note as files tell it: `at` in seconds or None, `link` opens there and is empty where the item is gone."""

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
    for item, notes in groupby(lines, key=lambda line: line.item):
        parts.append(f"## {item}")
        parts.append("\n".join(_entry(line) for line in notes))
    return "\n\n".join(parts) + "\n"


def _entry(line: NoteLine) -> str:
    linked = f"[{line.time or _('Open')}]({line.link})" if line.link else line.time
    words = (line.text or _("Bookmark")).replace("\n", "\n  ")
    return f"- {linked} {words}" if linked else f"- {words}"


def as_csv(course: str, lines: Iterable[NoteLine]) -> str:
    written = StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for line in lines:
        at = "" if line.at is None else f"{line.at:g}"
        writer.writerow([_cell(line.item), line.time, at, _cell(line.text), line.link, line.created_at.isoformat()])
    return written.getvalue()


def _cell(text: str) -> str:
    """No spreadsheet takes a text for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t"} else text


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
