"""Watch reports per second through the API ÷ a lean view doing the bare upsert, over eight connections."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.tenancy import organization_scope
from media_library.api.visit_key import key_of
from media_library.services.watching import start_session
from tests.benchmarks.ground import alternate, ratio, summary
from tests.benchmarks.library import film
from tests.benchmarks.load import request, requests_per_second
from tests.benchmarks.people import found, learner, session_of
from tests.benchmarks.servers import served

LEARNERS, ROUNDS = 8, 7
TOKEN = "t" * 32  # the same in cookie and header, as a page of ours sends it


def measure(data: Path) -> dict[str, Any]:
    organization = found()
    people = [learner(organization, number) for number in range(LEARNERS)]
    with organization_scope(organization):
        media = film(0)
        visits = [start_session(media, user=person) for person in people]
    cookies = [session_of(person) for person in people]
    ours = [
        _reports(f"/api/v1/benchmark/watch/sessions/{visit.pk}/progress/", cookie, key_of(visit))
        for visit, cookie in zip(visits, cookies, strict=True)
    ]
    lean = [_reports(f"/{organization.pk}/beat/{media.pk}/", cookie, "") for cookie in cookies]
    with served("config.settings", data) as port, served("tests.benchmarks.lean_settings", data) as lean_port:
        first, second = alternate(
            lambda: requests_per_second(port, ours), lambda: requests_per_second(lean_port, lean), rounds=ROUNDS
        )
    return {
        "ratio": ratio(first, second), "aim": 0.6, "unit": "reports/s", "ours": summary(first), "lean": summary(second),
    }  # fmt: skip


def _reports(path: str, cookie: str, key: str) -> Callable[[int], bytes]:
    """Ten seconds further with each report, round and round a film of ten minutes."""
    headers = {
        "Cookie": f"sessionid={cookie}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN, "X-Visit-Key": key,
        "Content-Type": "application/json",
    }  # fmt: skip

    def make(number: int) -> bytes:
        start = number * 10 % 590
        report = {"intervals": [[start, start + 10]], "position": start + 10, "speed": 1}
        return request("POST", path, headers, json.dumps(report).encode())

    return make
