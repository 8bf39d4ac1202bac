"""requests, guarded: what a session sends, and where it lets itself be sent on to."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.utils import select_proxy
from urllib3.util import parse_url

from core.fetch import connections
from core.fetch.addresses import blocked, origin_of, public_addresses, refuse_odd_address
from core.fetch.errors import FetchError, fetch_errors
from core.fetch.limits import CONNECT_SECONDS, READ_SECONDS, Limits, limited, present_limits, refuse_where_not_allowed

Turn = Callable[[], object]

MOST_REDIRECTS = 5
CHUNK = 64 * 1024
#: The headers that another origin gets to see; what is not known may be a key.
PASSED_ON = frozenset({"accept", "accept-encoding", "accept-language", "connection", "if-range", "range", "user-agent"})


def no_turn() -> None:
    """Nobody counts."""


class BoundedResponse(requests.Response):
    """Gives no more bytes than allowed, unpacked; raises FetchError `too_large`."""

    limits = Limits()

    def iter_content(self, chunk_size: int | None = CHUNK, decode_unicode: bool = False) -> Iterator[Any]:
        given, most = 0, self.limits.most_bytes
        with fetch_errors():
            for chunk in super().iter_content(chunk_size or CHUNK, decode_unicode):
                given += len(chunk)
                if given > most:
                    self.close()
                    raise FetchError("too_large", f"{origin_of(self.url)} sent more than {most} bytes.")
                self.limits.wait(None)
                yield chunk


class GuardedAdapter(HTTPAdapter):
    """Each request of it is judged, pinned and bounded. `seconds` may pass until a host says something."""

    def __init__(self, trusted: Iterable[str] = (), *, seconds: float = READ_SECONDS) -> None:
        self.trusted = frozenset(map(origin_of, trusted)) - {""}
        self.seconds = seconds
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        connections.pin(self.poolmanager, self.trusted)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **options)
        connections.bound(manager)
        return manager

    def send(
        self, request: requests.PreparedRequest, stream: bool = False, timeout: Any = None, verify: Any = True,
        cert: Any = None, proxies: Any = None,
    ) -> requests.Response:  # fmt: skip
        """Raises FetchError, RuntimeError where nobody may go out. Certificates are verified, whatever is asked."""
        refuse_where_not_allowed()
        with limited(Limits), fetch_errors():
            self._judge(str(request.url), proxies)
            checked = verify if isinstance(verify, str) else True
            return super().send(
                request, stream=stream, timeout=timeout or (CONNECT_SECONDS, self.seconds), verify=checked, cert=cert,
                proxies=proxies,
            )  # fmt: skip

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        response = BoundedResponse()
        response.__dict__.update(super().build_response(req, resp).__dict__)
        response.limits = present_limits()
        return response

    def _judge(self, url: str, proxies: Any) -> None:
        refuse_odd_address(url, self.trusted)
        if select_proxy(url, proxies) and origin_of(url) not in self.trusted:
            _refuse_known_inside(url)


class GuardedSession(requests.Session):
    """Nothing of the environment's; every redirect is judged like a first address, and is a request of its own."""

    def __init__(
        self, adapter: GuardedAdapter, *, proxy: str = "", limits: Callable[[], Limits] = Limits,
        take_turn: Turn = no_turn, follows: bool = True,
    ) -> None:  # fmt: skip
        super().__init__()
        self.follows = follows
        self.take_turn = take_turn
        self.trust_env = False
        self.max_redirects = MOST_REDIRECTS
        self.limits = limits
        self.headers["Accept-Encoding"] = "gzip, deflate"
        if proxy:
            self.proxies = {"http": proxy, "https": proxy}
        for scheme in ("http://", "https://"):
            self.mount(scheme, adapter)

    def request(self, *arguments: Any, **options: Any) -> requests.Response:
        """Raises FetchError."""
        with fetch_errors():
            return super().request(*arguments, **options)

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Raises FetchError, and what `take_turn` raises."""
        refuse_where_not_allowed()
        self.take_turn()
        with limited(self.limits), fetch_errors():
            return super().send(request, **options)

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """What a redirect says besides its address is of no interest: it is not read."""
        target = super().get_redirect_target(resp) if self.follows else None
        if target is not None:
            resp.close()
            resp._content, resp._content_consumed = b"", True  # type: ignore[attr-defined]
        return target

    def rebuild_auth(self, prepared_request: requests.PreparedRequest, response: requests.Response) -> None:
        """Another origin gets neither keys nor cookies nor a body. Raises FetchError."""
        before, after = str(response.request.url), str(prepared_request.url)
        if parse_url(before).scheme == "https" and parse_url(after).scheme != "https":
            raise blocked("It was redirected from https to http.")
        if origin_of(before) == origin_of(after):
            return
        if prepared_request.body:
            raise blocked("It was redirected to another origin with all that it sent.")
        for name in [name for name in prepared_request.headers if name.lower() not in PASSED_ON]:
            del prepared_request.headers[name]


def _refuse_known_inside(url: str) -> None:
    """A proxy resolves names itself, where nothing can be pinned; what is known here to be inside is refused here."""
    parts = parse_url(url)
    try:
        public_addresses(str(parts.host).strip("[]"), parts.port or 0)
    except OSError:
        return  # this machine knows no names: that may be why there is a proxy
