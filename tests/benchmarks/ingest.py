"""Events per second through the API ÷ raw inserts of a hundred rows into the same table; and full ÷ empty."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from django.utils import timezone

from accounts.models import ApiToken, Membership, Organization
from accounts.services.tokens import create_token
from analytics.services.events import identifier_at
from core.tenancy import organization_scope
from tests.benchmarks.ground import alternate, ratio, summary
from tests.benchmarks.history import fill_events
from tests.benchmarks.library import film
from tests.benchmarks.load import ROUND_SECONDS, request, requests_per_second
from tests.benchmarks.people import found, learner, maker
from tests.benchmarks.servers import served

BATCH, CONNECTIONS, CLIENTS, ROUNDS = 100, 8, 4, 7
MEDIA, LEARNERS = 50, 200
FULL, DAYS = 10_000_000, 120
RAW = """
INSERT INTO analytics_event (id, organization_id, type, learner, media_id, metadata, occurred_at)
SELECT id, $1, type, learner, media, metadata::jsonb, moment
FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::timestamptz[])
    AS told (id, type, learner, media, metadata, moment)"""


def measure(data: Path) -> dict[str, Any]:
    organization = found()
    token = _token(organization)
    people = [learner(organization, number).pseudonym for number in range(LEARNERS)]
    with organization_scope(organization):
        films = [film(number).pk for number in range(MEDIA)]
    makers = [_posts(token, people, films, number) for number in range(CONNECTIONS)]
    raw = Raw(organization, people, films)
    with served("config.settings", data) as port:
        empty, yardstick = alternate(lambda: BATCH * requests_per_second(port, makers), raw.rate, rounds=ROUNDS)
        stored = fill_events(organization, FULL, days=DAYS, media=films, learners=people)
        full, full_yardstick = alternate(lambda: BATCH * requests_per_second(port, makers), raw.rate, rounds=ROUNDS)
    return {
        "ratio": ratio(empty, yardstick), "aim": 0.35, "unit": "events/s", "ours": summary(empty),
        "raw": summary(yardstick), "stored": stored, "full": ratio(full, empty), "aim_full": 0.8,
        "ours_full": summary(full), "raw_full": summary(full_yardstick),
    }  # fmt: skip


def _token(organization: Organization) -> str:
    owner = maker(organization)
    membership = Membership.objects.get(user=owner)
    _, secret = create_token(membership, name="Feed", scopes=["analytics:write"])
    ApiToken.objects.update(last_used_at=timezone.now() + timedelta(hours=1))  # noted once a minute at most
    return secret


def _told(people: list[UUID], films: list[UUID], place: int) -> Iterator[dict[str, Any]]:
    """Ten seconds of watching, again and again, now."""
    for person, media in zip(cycle(people[place:] + people[:place]), cycle(films[::-1]), strict=False):
        yield {
            "id": str(identifier_at(timezone.now())), "type": "video_watched", "learner": str(person),
            "media": str(media), "metadata": {"seconds": 10},
        }  # fmt: skip


def _posts(token: str, people: list[UUID], films: list[UUID], place: int) -> Callable[[int], bytes]:
    told = _told(people, films, place)
    headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}

    def make(number: int) -> bytes:
        body = {"sent_at": timezone.now().isoformat(), "events": [next(told) for _ in range(BATCH)]}
        return request("POST", "/api/v1/benchmark/analytics/events/", headers, json.dumps(body).encode())

    return make


class Raw:
    """Four clients that do nothing but insert, as the tables' owner, each batch durable before the next."""

    def __init__(self, organization: Organization, people: list[UUID], films: list[UUID]) -> None:
        self.organization, self.people, self.films = organization.pk, people, films
        connection.ensure_connection()
        wanted = connection.get_connection_params()
        self.address = {name: wanted[name] for name in ("host", "port", "user", "dbname", "password") if name in wanted}

    def rate(self) -> float:
        """Rows per second."""
        counts, deadline = [0] * CLIENTS, time.perf_counter() + ROUND_SECONDS
        threads = [threading.Thread(target=self._insert, args=(place, counts, deadline)) for place in range(CLIENTS)]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if not all(counts):
            raise RuntimeError("A client inserted nothing.")
        return sum(counts) / (time.perf_counter() - began)

    def _insert(self, place: int, counts: list[int], deadline: float) -> None:
        told = _told(self.people, self.films, place)
        with psycopg.connect(**self.address, autocommit=True) as client, psycopg.RawCursor(client) as cursor:
            while time.perf_counter() < deadline:
                rows = [next(told) for _ in range(BATCH)]
                columns = [[row[name] for row in rows] for name in ("id", "type", "learner", "media")]
                metadata, moments = [json.dumps(row["metadata"]) for row in rows], [timezone.now()] * BATCH
                cursor.execute(RAW, [self.organization, *columns, metadata, moments])
                counts[place] += BATCH
