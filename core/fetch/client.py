"""What adapters go out with."""

import json as json_module
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import requests

from core.fetch.arriving import arrive, forget_note, forget_part
from core.fetch.errors import FetchError
from core.fetch.limits import MOST_BYTES, MOST_SECONDS, READ_SECONDS, Limits, limited, refuse_where_not_allowed
from core.fetch.session import GuardedAdapter, GuardedSession, Turn, no_turn


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

    `proxy` is the operator's too. `seconds` may pass until a host says something, `most_seconds` until it has said
    all of it. `take_turn` is called before each request, those included to which a redirect leads; what it raises
    reaches whoever asked.
    """

    trusted: frozenset[str] = frozenset()
    proxy: str = ""
    seconds: float = READ_SECONDS
    most_seconds: float = MOST_SECONDS
    take_turn: Turn = no_turn
    kept_session: requests.Session | None = None

    def get(self, url: str, **options: Any) -> Answer:
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Any) -> Answer:
        return self.request("POST", url, **options)

    def request(
        self, method: str, url: str, *, params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None, json: Any = None, auth: tuple[str, str] | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> Answer:  # fmt: skip
        """Raises FetchError; whatever status a host answers is an answer."""
        refuse_where_not_allowed()
        limits = partial(Limits, most_bytes, self.most_seconds)
        with limited(limits), nullcontext(self.kept_session) if self.kept_session else self.session() as session:
            response = session.request(method, url, params=params, headers=headers, json=json, auth=auth)
            lowered = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, lowered, response.content, response.url)

    def tell(self, url: str, content: bytes, *, headers: Mapping[str, str], most_bytes: int) -> Answer:
        """POST these very bytes to where nobody is followed further: a redirect is an answer like any other.

        Of the answer no more than its first `most_bytes` are read. Raises FetchError where there is none.
        """
        refuse_where_not_allowed()
        limits = partial(Limits, MOST_BYTES, self.most_seconds)
        sent = {"Accept-Encoding": "identity", **headers}
        with (
            limited(limits),
            self.session(follows=False) as session,
            session.request("POST", url, data=content, headers=sent, stream=True) as response,
        ):
            lowered = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, lowered, _beginning(response, most_bytes), response.url)

    def download(
        self, url: str, path: Path, *, most_bytes: int, should_stop: Callable[[], bool], goes_on: bool = False
    ) -> int:
        """Into a file, for as long as `should_stop` lets it. Answers its bytes.

        A file that is not whole goes again. With `goes_on` it stays where its host can go on with it, and is gone on
        with the next time; `forget_part` ends that. Raises FetchError: `network` also where it was stopped, `refused`
        where the host answers that it will not.
        """
        refuse_where_not_allowed()
        limits = partial(Limits, most_bytes, None, should_stop)
        with limited(limits), self.session() as session, nullcontext() if goes_on else _at_once(path):
            return arrive(session, url, path, most_bytes=most_bytes)

    @contextmanager
    def kept(self) -> Iterator["Fetcher"]:
        """For many requests one after the other: one session, whose connections stay open."""
        with self.session() as session:
            yield replace(self, kept_session=session)

    def session(self, *, follows: bool = True) -> requests.Session:
        """For libraries that want one: guarded like everything here. Its requests raise FetchError."""
        adapter = GuardedAdapter(self.trusted, seconds=self.seconds)
        limits = partial(Limits, MOST_BYTES, self.most_seconds)
        return GuardedSession(adapter, proxy=self.proxy, limits=limits, take_turn=self.take_turn, follows=follows)


def _beginning(response: requests.Response, most_bytes: int) -> bytes:
    """As much of it as comes: who answered with a status has answered."""
    read = b""
    with suppress(FetchError):
        for chunk in response.iter_content(most_bytes):
            read += chunk
            if len(read) >= most_bytes:
                break
    return read[:most_bytes]


@contextmanager
def _at_once(path: Path) -> Iterator[None]:
    forget_part(path)
    try:
        yield
    except BaseException:
        forget_part(path)
        raise
    forget_note(path)
