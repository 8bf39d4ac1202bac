"""Time to the first streamed word of an answer, by a loopback model that answers at once ÷ the search alone.

Both over HTTP, one person, the same questions: the stream up to its first sentence, and the API's search. With them the
pages' p50 while thirty answers are open ÷ without.
"""

import json
import logging
import os
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from core.tenancy import organization_scope
from tests.benchmarks.ground import alternate, ratio, summary
from tests.benchmarks.library import film
from tests.benchmarks.load import Connection, request
from tests.benchmarks.people import found, maker, session_of
from tests.benchmarks.servers import served
from tests.core.writer_provider import PATH, events

FILMS, CUES, REQUESTS, ROUNDS = int(os.environ.get("FILMS", "300")), 40, 15, 7
OPEN, PAGES = 30, 40
TOKEN = "t" * 32  # the same in cookie and header, as a page of ours sends it
QUESTION = "Which river carries cold water past number {}?"
SLOW = "slow"  # whoever asks about this waits for the end of the answer
SILENCE = 30  # seconds without a byte: then it ends, and says what came until then


def measure(data: Path) -> dict[str, Any]:
    here = found()
    person = maker(here)
    with organization_scope(here):
        for number in range(FILMS):
            film(number, cues=CUES)
    cookie = f"sessionid={session_of(person)}; csrftoken={TOKEN}"
    searches = [
        request("GET", f"/api/v1/benchmark/search/?q={quote(_asked(n))}", {"Cookie": cookie}) for n in range(15)
    ]
    with _model() as address, served("config.settings", data, **_environment(address)) as port:
        line = Connection(port)
        first, second = alternate(
            lambda: _median([lambda n=n: _first_word(port, cookie, _asked(n)) for n in range(REQUESTS)]),
            lambda: _median([lambda m=message: _checked(line.ask(m)) for message in searches]),
            rounds=ROUNDS,
        )
        pages = _beside_open_answers(port, cookie)
    return {
        "ratio": ratio(first, second), "aim": 1.5, "unit": "ms", "ours": summary(first), "search": summary(second),
        "pages": pages,
    }  # fmt: skip


def _asked(number: int) -> str:
    return QUESTION.format(number)


def _environment(address: str) -> dict[str, str]:
    limits = {"QUESTIONS_A_DAY": "1000000", "ANSWERS_AT_ONCE": str(OPEN), "BENCHMARK_THREADS": str(OPEN + 4)}
    return {"WRITER_BASE_URL": address, "ANSWER_MODEL": "loopback", **limits}


@contextmanager
def _model() -> Iterator[str]:
    """It answers at once; about what is slow it goes on for a while."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with HTTPServer(threaded=True) as provider:
        provider.expect_request(PATH).respond_with_handler(_answer)
        yield provider.url_for("/v1")


def _answer(message: Request) -> Response:
    said = "The slow river of the deep does [1]. It is cold [1]."
    body: Iterator[str] = events("loopback", said)
    if SLOW in message.get_json()["messages"][-1]["content"].rpartition("The question:")[2]:
        body = _slowly(said)
    return Response(body, content_type="text/event-stream")


def _slowly(said: str) -> Iterator[str]:
    for _ in range(60):
        yield from list(events("loopback", said, ends=False))
        time.sleep(0.5)


def _open_stream(port: int, cookie: str, question: str) -> socket.socket:
    body = f"question={quote(question)}".encode()
    headers = {
        "Cookie": cookie, "X-CSRFToken": TOKEN, "Accept": "text/event-stream",
        "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip
    line = socket.create_connection(("127.0.0.1", port), timeout=SILENCE)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.sendall(request("POST", "/benchmark/ask/", headers, body))
    return line


def _first_word(port: int, cookie: str, question: str) -> None:
    with _open_stream(port, cookie, question) as line:
        _until(line, b"event: sentence")


def _until(line: socket.socket, wanted: bytes) -> None:
    heard = b""
    while wanted not in heard:
        try:
            piece = line.recv(65_536)
        except TimeoutError as error:
            raise RuntimeError(f"{SILENCE} s without a byte, after {heard[-500:]!r}") from error
        heard += piece
        if not piece or b"event: end" in heard:
            raise RuntimeError(f"It ended without {wanted!r}: {heard[-500:]!r}")


def _checked(answer: tuple[int, bytes]) -> None:
    status, body = answer
    if status != 200 or not json.loads(body)["moments"]:
        raise RuntimeError(f"{status}: {body[:300]!r}")


def _median(tries: list[Callable[[], None]]) -> float:
    """Milliseconds."""
    taken = []
    for one in tries:
        began = time.perf_counter()
        one()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def _beside_open_answers(port: int, cookie: str) -> dict[str, float]:
    """The p50 of a page, alone and beside thirty open answers, each of which has begun."""
    message = request("GET", "/benchmark/", {"Cookie": cookie})
    alone = _pages(port, message)
    lines = [_open_stream(port, cookie, f"{SLOW} river {n}") for n in range(OPEN)]
    with ThreadPoolExecutor(OPEN) as everybody:
        list(everybody.map(lambda line: _until(line, b"event: sentence"), lines))
    beside = _pages(port, message)
    for line in lines:
        line.close()
    return {"open": OPEN, "alone": round(alone, 2), "beside": round(beside, 2), "ratio": round(beside / alone, 3)}


def _pages(port: int, message: bytes) -> float:
    lines = [Connection(port) for _ in range(4)]
    return _median([lambda n=n: _page(lines[n % 4], message) for n in range(PAGES)])


def _page(line: Connection, message: bytes) -> None:
    status, body = line.ask(message)
    if status != 200:
        raise RuntimeError(f"{status}: {body[:300]!r}")
