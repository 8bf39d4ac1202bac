"""The structure of a course of 60 × 20 items by the API ÷ one bare statement that makes the same JSON in PostgreSQL."""

import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.scope import owner_role
from core.tenancy import organization_scope
from tests.benchmarks.ground import alternate, ratio, summary
from tests.benchmarks.library import course_of, enrolled, film
from tests.benchmarks.people import BACKEND, found, learner

CHAPTERS, ITEMS, DONE, ROUNDS, EACH = 60, 20, 400, 7, 10
BARE = """
SELECT json_build_object('id', course.id, 'title', course.title, 'slug', course.slug, 'description', course.description,
  'objectives', course.objectives, 'level', course.level, 'status', course.status, 'is_published', course.is_published,
  'published_at', course.published_at, 'created_at', course.created_at, 'updated_at', course.updated_at, 'chapters',
  (SELECT json_agg(json_build_object('id', chapter.id, 'title', chapter.title, 'position', chapter.position, 'items',
    (SELECT json_agg(json_build_object('id', item.id, 'type', item.type, 'title', item.title,
        'position', item.position, 'state', item.state, 'is_required', item.is_required,
        'estimated_minutes', item.estimated_minutes, 'media', item.media_id, 'duration', media.duration,
        'quiz', item.quiz_id, 'assignment', item.assignment_id, 'resource', item.resource_id,
        'completed', done.id IS NOT NULL) ORDER BY item.position)
     FROM courses_contentitem item LEFT JOIN media_library_media media ON media.id = item.media_id
     LEFT JOIN courses_completion done ON done.item_id = item.id AND done.enrollment_id = %(enrollment)s
     WHERE item.chapter_id = chapter.id)) ORDER BY chapter.position)
   FROM courses_chapter chapter WHERE chapter.course_id = course.id))::text
FROM courses_course course WHERE course.id = %(course)s"""


def measure(data: Path) -> dict[str, Any]:
    organization = found()
    person = learner(organization, 0)
    with organization_scope(organization):
        course = course_of([film(number) for number in range(CHAPTERS * ITEMS)], chapters=CHAPTERS)
        enrollment = enrolled(course, person, done=DONE)
    client = Client()
    client.force_login(person, backend=BACKEND)
    path = f"/api/v1/benchmark/courses/{course.pk}/structure/"
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        body = client.get(path).content
    with owner_role(reason="the bare statement filters by hand"):
        keys = {"course": course.pk, "enrollment": enrollment.pk}
        first, second = alternate(_each(lambda: client.get(path)), _each(lambda: _bare(keys)), rounds=ROUNDS)
        same = _items(json.loads(body)) == _items(json.loads(_bare(keys)))
    return {
        "ratio": ratio(first, second), "aim": 3, "unit": "ms", "ours": summary(first), "bare": summary(second),
        "statements": len(queries), "bytes": len(body), "items": CHAPTERS * ITEMS, "same": same,
    }  # fmt: skip


def _bare(keys: dict[str, Any]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(BARE, keys)
        text: str = cursor.fetchone()[0]
    return text


def _items(tree: dict[str, Any]) -> list[tuple[str, str, bool]]:
    return [(item["id"], item["title"], item["completed"]) for part in tree["chapters"] for item in part["items"]]


def _each(call: Callable[[], Any]) -> Callable[[], float]:
    """Milliseconds, the median of a few."""

    def measured() -> float:
        times = []
        for _ in range(EACH):
            begun = time.perf_counter()
            call()
            times.append(1000 * (time.perf_counter() - begun))
        return statistics.median(times)

    return measured
