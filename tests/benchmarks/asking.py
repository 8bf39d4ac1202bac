"""Questions whose vector is given: an embedder on loopback that knows each question's, and what asking it takes."""

import contextlib
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from pytest_httpserver import HTTPServer

from accounts.models import Organization, User
from core.scope import owner_role
from core.tenancy import organization_scope
from knowledge.models.passage import DEFAULT_MODEL
from knowledge.services.embedding import configured_embedder, embed_question
from tests.benchmarks.load import Connection, request
from tests.benchmarks.passages import Vectors
from tests.benchmarks.people import session_of
from tests.benchmarks.servers import served
from tests.core.embeddings_provider import answered, serve

REQUESTS = 30  # a round


@dataclass(frozen=True)
class Query:
    """What is asked, and its vector as PostgreSQL reads it."""

    text: str
    vector: list[float]

    @property
    def literal(self) -> str:
        return json.dumps(self.vector)


def queries(texts: Sequence[str], vectors: Vectors) -> list[Query]:
    return [Query(text, vector.tolist()) for text, vector in zip(texts, vectors.some(len(texts)), strict=True)]


@contextlib.contextmanager
def embedder_of(asked: Sequence[Query]) -> Iterator[dict[str, str]]:
    """It knows these questions. Gives what a process must have in its environment to ask it; this one may, too."""
    known = {query.text: query.vector for query in asked}
    with HTTPServer() as provider:
        serve(provider, lambda message: answered(message, known.__getitem__))
        settings.EMBEDDING_BASE_URL, settings.EMBEDDING_MODEL = provider.url_for("/v1"), DEFAULT_MODEL
        yield {
            "EMBEDDING_BASE_URL": settings.EMBEDDING_BASE_URL, "EMBEDDING_MODEL": DEFAULT_MODEL,
            "SEARCHES_A_MINUTE": "1000000",
        }  # fmt: skip


@dataclass(frozen=True)
class Doors:
    """Both ways to search: the median of a round's requests over real HTTP, one person, in milliseconds."""

    endpoint: Callable[[], float]
    page: Callable[[], float]


@contextlib.contextmanager
def doors_of(asked: Sequence[Query], *, person: User, data: Path) -> Iterator[Doors]:
    headers = {"Cookie": f"sessionid={session_of(person)}"}
    with embedder_of(asked) as environment, served("config.settings", data, **environment) as port:
        line = Connection(port)

        def door(path: str, answered: Callable[[bytes], bool]) -> Callable[[], float]:
            messages = [request("GET", f"{path}?q={quote(query.text)}", headers) for query in asked]
            return lambda: median([lambda m=message: _answered(line.ask(m), answered) for message in messages])

        yield Doors(door("/api/v1/benchmark/search/", _by_meaning), door("/benchmark/search/", _shows_moments))


def _by_meaning(body: bytes) -> bool:
    answer = json.loads(body)
    return answer["manner"] == "meaning" and bool(answer["moments"])


def _shows_moments(body: bytes) -> bool:
    return b"by words alone" not in body and b'class="moments"' in body


def _answered(answer: tuple[int, bytes], is_right: Callable[[bytes], bool]) -> None:
    status, body = answer
    if status != 200 or not is_right(body):
        raise RuntimeError(f"{status}: {body[:500]!r}")


def embedding(asked: Sequence[Query], organization: Organization) -> float:
    """What it takes to ask the embedder and to write down what it cost: the median, in milliseconds."""
    embedder: Any = configured_embedder()
    with organization_scope(organization):
        return median([lambda q=query: embed_question(q.text, embedder=embedder, user=None) for query in asked])


def bare(statements: Sequence[Callable[[Query], tuple[str, list[Any]]]], asked: Sequence[Query]) -> float:
    """These statements one after the other, with no policy before them: the median, in milliseconds."""

    def ask(query: Query) -> None:
        for statement in statements:
            cursor.execute(*statement(query))
            cursor.fetchall()

    with owner_role(reason="a yardstick stands on the bare tables"), connection.cursor() as cursor:
        return median([lambda q=query: ask(q) for query in asked])


def beyond(given: float, ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The ratio of the medians, without what was given to ours."""
    return round((statistics.median(ours) - given) / statistics.median(theirs), 3)


def median(calls: Sequence[Callable[[], Any]]) -> float:
    return statistics.median(map(_milliseconds, calls))


def _milliseconds(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - began)
