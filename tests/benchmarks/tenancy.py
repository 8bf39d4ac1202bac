"""What PostgreSQL's policies cost: the lesson page, and a search in 100,000 passages, with them ÷ without them."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection

from accounts.models import Organization
from core.scope import owner_role
from core.tenancy import organization_scope
from courses.models import ContentItem
from knowledge.services.search import search
from tests.benchmarks.ground import alternate, ratio, summary
from tests.benchmarks.library import course_of, enrolled, film
from tests.benchmarks.load import request, requests_per_second
from tests.benchmarks.people import found, learner, session_of
from tests.benchmarks.servers import served

ITEMS, CHAPTERS, DONE, CONNECTIONS, ROUNDS = 100, 10, 40, 4, 7
PASSAGES, FILMS, SEARCHES = 100_000, 100, 15
#: Every passage says something common; one in a hundred says “lighthouse”.
FILL = """
INSERT INTO knowledge_passage
    (id, organization_id, media_id, transcript_id, position, text, speaker, start, "end", first_cue, end_cue, words,
     content_hash, search_config)
SELECT gen_random_uuid(), %(organization)s, media.id, media.transcript_id, n + 1,
    'the water number ' || n || ' moves and ' || md5(n::text || media.id::text)
        || CASE WHEN n %% 100 = 7 THEN ' past the lighthouse' ELSE ' on its way' END,
    '', 0, 4, 0, 1, 8, md5(n::text), 'english'
FROM media_library_media media, generate_series(0, %(each)s - 1) n
WHERE media.organization_id = %(organization)s AND media.transcript_id IS NOT NULL"""
SAYING = """
EXPLAIN SELECT id FROM knowledge_passage
WHERE organization_id = %s AND search_config = 'english'::regconfig
    AND search_vector @@ 'lighthous'::tsquery LIMIT 3000"""


def measure(data: Path) -> dict[str, Any]:
    organization = found()
    person = learner(organization, 0)
    with organization_scope(organization):
        films = [film(number, cues=1 if number < FILMS else 0) for number in range(ITEMS)]
        course = course_of(films, chapters=CHAPTERS)
        enrolled(course, person, done=DONE)
        item = ContentItem.objects.get(media__title="Film number 0")
    page = _page(data, f"/benchmark/courses/course/learn/{item.pk}/", {"Cookie": f"sessionid={session_of(person)}"})
    return {**page, "search": _search(organization, person)}


def _page(data: Path, path: str, headers: dict[str, str]) -> dict[str, Any]:
    message = request("GET", path, headers)

    def load(port: int) -> Callable[[], float]:
        return lambda: requests_per_second(port, [lambda _: message] * CONNECTIONS)

    with (
        served("config.settings", data) as port,
        served("config.settings", data, ROW_LEVEL_SECURITY="false") as open_port,
    ):
        first, second = alternate(load(port), load(open_port), rounds=ROUNDS)
    return {
        "ratio": ratio(first, second), "aim": 0.9, "unit": "requests/s", "with": summary(first),
        "without": summary(second),
    }  # fmt: skip


def _search(organization: Organization, person: Any) -> dict[str, Any]:
    """Milliseconds of one search for a rare word, with the policies and without, and the plan under it."""
    with owner_role(reason="a benchmark fills a table"), connection.cursor() as cursor:
        cursor.execute(FILL, {"organization": organization.pk, "each": PASSAGES // FILMS})
        cursor.execute("ANALYZE")
        cursor.execute(SAYING, [organization.pk])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    with organization_scope(organization):
        first, second = alternate(
            lambda: _milliseconds(person, organization, guarded=True),
            lambda: _milliseconds(person, organization, guarded=False),
            rounds=SEARCHES,
        )
    return {
        "passages": PASSAGES, "with_ms": summary(first), "without_ms": summary(second),
        "speed": round(statistics.median(second) / statistics.median(first), 3), "index": "passage_words" in plan,
    }  # fmt: skip


def _milliseconds(person: Any, organization: Organization, *, guarded: bool) -> float:
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE lectern_app" if guarded else "SET ROLE NONE")
    began = time.perf_counter()
    found = search("lighthouse", user=person, organization=organization)
    if not found.moments:
        raise RuntimeError("The search found nothing.")
    return (time.perf_counter() - began) * 1000
