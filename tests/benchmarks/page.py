"""The lesson page with an outline of 100 items ÷ the same page in lean Django, in requests per second."""

from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.tenancy import organization_scope
from courses.models import ContentItem
from tests.benchmarks.ground import alternate, ratio, summary
from tests.benchmarks.library import course_of, enrolled, film
from tests.benchmarks.load import request, requests_per_second
from tests.benchmarks.people import BACKEND, found, learner, session_of
from tests.benchmarks.servers import served

ITEMS, CHAPTERS, DONE, CONNECTIONS, ROUNDS = 100, 10, 40, 4, 7


def measure(data: Path) -> dict[str, Any]:
    organization = found()
    person = learner(organization, 0)
    with organization_scope(organization):
        course = course_of([film(number, cues=50 if number == 0 else 0) for number in range(ITEMS)], chapters=CHAPTERS)
        enrolled(course, person, done=DONE)
        item = ContentItem.objects.get(media__title="Film number 0")
    ours, lean = f"/benchmark/courses/course/learn/{item.pk}/", f"/benchmark/lesson/{item.pk}/"
    headers = {"Cookie": f"sessionid={session_of(person)}"}
    statements, size = _look(person, ours)
    with served("config.settings", data) as port, served("tests.benchmarks.lean_settings", data) as lean_port:
        first, second = alternate(_load(port, ours, headers), _load(lean_port, lean, headers), rounds=ROUNDS)
    return {
        "ratio": ratio(first, second), "aim": 0.55, "unit": "requests/s", "ours": summary(first),
        "lean": summary(second),
        "statements": statements, "bytes": size,
    }  # fmt: skip


def _load(port: int, path: str, headers: dict[str, str]) -> Any:
    message = request("GET", path, headers)
    return lambda: requests_per_second(port, [lambda _: message] * CONNECTIONS)


def _look(person: Any, path: str) -> tuple[int, int]:
    client = Client()
    client.force_login(person, backend=BACKEND)
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(path)
    return len(queries), len(answer.content)
