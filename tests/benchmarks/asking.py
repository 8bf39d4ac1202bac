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
        yield {"EMBEDDING_BASE_URL": settings.EMBEDDING_BASE_URL, "EMBEDDING_MODEL": DEFAULT_MODEL}


@contextlib.contextmanager
def page_of(asked: Sequence[Query], *, person: User, data: Path) -> Iterator[Callable[[], float]]:
    """The search page over real HTTP, one person: the median of a round's requests, in milliseconds."""
    headers = {"Cookie": f"sessionid={session_of(person)}"}
    messages = [request("GET", f"/benchmark/search/?q={quote(query.text)}", headers) for query in asked]
    with embedder_of(asked) as environment, served("config.settings", data, **environment) as port:
        line = Connection(port)
        yield lambda: median([lambda m=message: _answered(line, m) for message in messages])


def _answered(line: Connection, message: bytes) -> None:
    status, body = line.ask(message)
    if status != 200 or b"by words alone" in body or b'class="moments"' not in body:
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


def median(calls: Sequence[Callable[[], Any]]) -> float:
    return statistics.median(map(_milliseconds, calls))


def _milliseconds(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - began)
