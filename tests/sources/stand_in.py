"""A host of videos on loopback that plays a recording: real HTTP, over real sockets."""

import base64
import json
import socket
import threading
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Exchange = Mapping[str, Any]


class StandIn:
    """Answers as the exchanges of a recording say.

    An exchange is found by `method` (GET), `path` and what the request must hold besides: `query`, `asks` (headers),
    `body` (names of a JSON object), each a subset. It answers `status` (200), `headers`, and one of `json`, `text`,
    `base64`, after `seconds`; or it is a `drop` of the connection. Where several match, each is used once, in order,
    and the last one goes on. `strays` are the requests that none matched.
    """

    def __init__(self) -> None:
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.stand_in = self
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.lock = threading.Lock()
        self.play([])
        self.thread.start()

    def play(self, exchanges: Sequence[Exchange]) -> None:
        self.waking, self.previous = threading.Event(), getattr(self, "waking", None)
        if self.previous is not None:
            self.previous.set()  # whoever still hangs in the recording before
        self.exchanges = [with_origin(exchange, self.origin) for exchange in exchanges]
        self.used: list[int] = []
        self.asked: list[str] = []
        self.strays: list[str] = []

    def filled(self, value: Any) -> Any:
        return with_origin(value, self.origin)

    def answer_to(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Exchange | None:
        with self.lock:
            self.asked.append(f"{method} {target}")
            fitting = [at for at, one in enumerate(self.exchanges) if _fits(one, method, target, headers, body)]
            if not fitting:
                self.strays.append(f"{method} {target}")
                return None
            chosen = next((at for at in fitting if at not in self.used), fitting[-1])
            self.used.append(chosen)
            return self.exchanges[chosen]

    def close(self) -> None:
        self.waking.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def with_origin(value: Any, origin: str) -> Any:
    """`{{origin}}` is the stand-in's own, in any string of a recording."""
    if isinstance(value, str):
        return value.replace("{{origin}}", origin)
    if isinstance(value, Mapping):
        return {name: with_origin(one, origin) for name, one in value.items()}
    if isinstance(value, list):
        return [with_origin(one, origin) for one in value]
    return value


def content_of(exchange: Exchange) -> bytes:
    if "json" in exchange:
        return json.dumps(exchange["json"]).encode()
    if "base64" in exchange:
        return base64.b64decode(exchange["base64"])
    if "bytes" in exchange:  # what only a test plays
        return bytes(exchange["bytes"])
    return str(exchange.get("text", "")).encode()


def _fits(exchange: Exchange, method: str, target: str, headers: Mapping[str, str], body: bytes) -> bool:
    parts = urlsplit(target)
    if (exchange.get("method", "GET"), exchange["path"]) != (method, parts.path):
        return False
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    given = {name.lower(): value for name, value in headers.items()}
    wanted = {name.lower(): value for name, value in exchange.get("asks", {}).items()}
    return _holds(query, exchange.get("query", {})) and _holds(given, wanted) and _says(body, exchange.get("body", {}))


def _holds(given: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return all(given.get(name) == value for name, value in wanted.items())


def _says(body: bytes, wanted: Mapping[str, Any]) -> bool:
    return not wanted or _holds(json.loads(body), wanted)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    stand_in: StandIn

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no news: time-outs and byte caps are what is tested."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # an answer is one packet
    timeout = 5

    def answer(self) -> None:
        stand_in: StandIn = self.server.stand_in  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        waking = stand_in.waking
        exchange = stand_in.answer_to(self.command, self.path, dict(self.headers), body)
        if exchange is None:
            exchange = {"status": 404, "text": "nothing recorded"}
        if seconds := exchange.get("seconds"):
            waking.wait(seconds)
        if exchange.get("drop"):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send(exchange)

    def send(self, exchange: Exchange) -> None:
        content = content_of(exchange)
        self.send_response(exchange.get("status", 200))
        kind = "application/json" if "json" in exchange else "text/html; charset=utf-8"
        for name, value in {"Content-Type": kind, **exchange.get("headers", {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_POST = do_HEAD = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

    def log_message(self, *arguments: Any) -> None:
        """Silent: what was asked stands in `asked`."""
