"""A library of media with words, and a language model that puts them into chapters."""

import json
import re
from collections.abc import Callable
from typing import Any

from pytest_httpserver import HTTPServer

from core.models import Job
from knowledge.course_drafts.starting import KIND
from media_library.captions import TimedText
from media_library.models import Media
from tests.core import writer_provider
from tests.knowledge.conftest import add_media

KNOWN = {
    "title": "The sea",
    "description": "How the sea moves.",
    "objectives": ["Tell tides from waves."],
    "level": "intermediate",
}


def add_films(count: int, *, says: str = "The sea is blue and deep.") -> list[Media]:
    return [add_media(f"Film {n}", [TimedText(0.5, 5, f"Film {n}. {says}", "")]) for n in range(1, count + 1)]


def chapters(*titles_and_refs: tuple[str, list[str]]) -> dict[str, Any]:
    """An answer: each reference with a title of its own."""
    parts = [
        {"ref": "", "title": title, "items": [{"ref": ref, "title": f"Lesson {ref}"} for ref in refs]}
        for title, refs in titles_and_refs
    ]
    return {**KNOWN, "chapters": parts}


def serve_outline(httpserver: HTTPServer, settings: Any, answer: Any) -> None:
    """The same answer to whatever is asked for an outline."""
    settings.WRITER_BASE_URL = httpserver.url_for("/v1")
    writer_provider.serve(httpserver, answer if callable(answer) else lambda messages: answer)


def all_marks(messages: list[dict[str, str]]) -> list[str]:
    return re.findall(r"^(m\d+),", messages[1]["content"], re.MULTILINE)


def outline_of(course: Any) -> list[tuple[str, list[str]]]:
    return [
        (chapter.title, [item.title for item in chapter.items.order_by("position")])
        for chapter in course.chapters.order_by("position")
    ]


def go_on_now(work_off: Callable[[], int]) -> int:
    """As if the time for which it was put off had passed."""
    Job.objects.filter(kind=KIND, state="queued").update(available_at="2020-01-01T00:00:00Z")
    return work_off()


def as_text(answer: Any) -> str:
    return json.dumps(answer)
