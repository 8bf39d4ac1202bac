"""The one way out for anything that an address of a user's, or an answer of a host's, can reach.

Only jobs and commands go out (`network_allowed`). The name is resolved once, the address must be public, and that very
address is connected to; each redirect is a request of its own; bytes and seconds are bounded.
"""

import json as json_module
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

CONNECT_SECONDS, READ_SECONDS = 5.0, 30.0
MOST_SECONDS = 60.0  # for one request as a whole, downloads apart
MOST_BYTES = 8 * 1024 * 1024
MOST_REDIRECTS = 5

_allowed: ContextVar[bool] = ContextVar("network_allowed", default=False)


class FetchError(Exception):
    """`code`: blocked_address, network, too_large, too_many_redirects. `detail` is for operators."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.detail = code, detail


@contextmanager
def network_allowed() -> Iterator[None]:
    """Work that nobody waits for in front of a page."""
    token = _allowed.set(True)
    try:
        yield
    finally:
        _allowed.reset(token)


@dataclass(frozen=True)
class Answer:
    """Of a host: any status; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", errors="replace")

    def json(self) -> Any:
        """Raises ValueError for what is none."""
        return json_module.loads(self.content)


@dataclass(frozen=True)
class Fetcher:
    """`trusted` origins (`http://127.0.0.1:8080`) are those that the operator set: they may be anywhere.

    `proxy` is the operator's too. `seconds` may pass until a host says something.
    """

    trusted: frozenset[str] = frozenset()
    proxy: str = ""
    seconds: float = READ_SECONDS

    def get(self, url: str, **options: Any) -> Answer:
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Any) -> Answer:
        return self.request("POST", url, **options)

    def request(
        self, method: str, url: str, *, params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None, json: Any = None, auth: tuple[str, str] | None = None, most_bytes: int = MOST_BYTES,
    ) -> Answer:  # fmt: skip
        """Raises FetchError; whatever status a host answers is an answer."""
        if not _allowed.get():
            raise RuntimeError("Only jobs and commands may go out to the network.")
        with self.session() as session:
            response = session.request(
                method, url, params=params, headers=headers, json=json, auth=auth, stream=True,
                timeout=(CONNECT_SECONDS, self.seconds),
            )  # fmt: skip
            content = response.content[:most_bytes]
            lowered = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, lowered, content, response.url)

    def download(self, url: str, path: Path, *, most_bytes: int, should_stop: Callable[[], bool]) -> int:
        """Into a file. Answers its bytes. Raises FetchError."""
        raise NotImplementedError

    def session(self) -> requests.Session:
        """For libraries that want one: guarded like everything here."""
        return requests.Session()


def origin_of(url: str) -> str:
    """`https://host:port` of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
