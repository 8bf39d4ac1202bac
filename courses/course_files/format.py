"""What stands in a course file, version 1: a zip of `course.json` and of the files that it names.

`cover.jpg`, `resources/<key of the item>/<filename>`, `images/<SHA-256>.webp` (in texts `image:<SHA-256>`), and
`media/<SHA-256>.<ending>` where media goes along. Chapters have the keys c1, c2 …, items c1.i1, c1.i2 …; rules name
them by these. Nothing of people or of an organization stands in it, and no key of a row.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from courses.models import Assignment, Chapter, ContentItem, Course, Question, Quiz

FORMAT, VERSION = "lectern-course", 1
DOCUMENT, COVER = "course.json", "cover.jpg"
IMAGE = re.compile(r"image:([0-9a-f]{64})")
DIGEST = re.compile(r"[0-9a-f]{64}")
ENTRY = re.compile(
    r"course\.json|cover\.jpg|images/[0-9a-f]{64}\.webp|media/[0-9a-f]{64}\.[a-z0-9]{1,5}"
    r"|resources/c[0-9]{1,4}\.i[0-9]{1,4}/[^/\\]{1,255}"
)

#: The columns that stand in the file as they are.
COLUMNS: dict[Any, tuple[str, ...]] = {
    Course: (
        "title", "slug", "description", "objectives", "level", "estimated_hours", "access", "seats", "opens_at",
        "closes_at", "watched_from", "watched_slides", "awards_certificate", "certificate_signer",
    ),
    Chapter: ("title", "description"),
    ContentItem: (
        "type", "title", "description", "state", "is_required", "estimated_minutes", "watched_from", "metadata",
    ),
    Quiz: (
        "title", "pass_mark", "max_attempts", "time_limit_minutes", "shuffles_questions", "shuffles_options", "review",
        "grade_method",
    ),
    Question: ("kind", "prompt", "options", "answer", "feedback", "points"),
    Assignment: (
        "title", "instructions", "points", "pass_mark", "due_at", "accepts_late", "takes_text", "max_files",
        "max_submissions",
    ),
}  # fmt: skip


def plain_row(row: Any) -> dict[str, Any]:
    """Its columns as JSON has them: times in UTC, decimal numbers as texts."""
    return {name: _plain(getattr(row, name)) for name in COLUMNS[type(row)]}


def chapter_key(number: int) -> str:
    return f"c{number}"


def item_key(chapter: int, number: int) -> str:
    return f"c{chapter}.i{number}"


def image_entry(digest: str) -> str:
    return f"images/{digest}.webp"


def resource_entry(key: str, filename: str) -> str:
    return f"resources/{key}/{filename}"


def media_entry(sha256: str, ending: str) -> str:
    return f"media/{sha256}{ending}"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, Decimal) else value
