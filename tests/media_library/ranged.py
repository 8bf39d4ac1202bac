"""A host of one file on loopback that knows ranges, and stops in the middle as often as it is told."""

import io
import os
import threading
import wave
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TAG = '"the same"'
PIECE = 64 * 1024
HEAD_BYTES = 44  # of a WAV file


def noise(pieces: int) -> bytes:
    """A recording that has exactly so many pieces, none like another."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, 44_100, 0, "NONE", ""))
        file.writeframes(os.urandom(pieces * PIECE - HEAD_BYTES))
    return buffer.getvalue()


class RangedHost:
    """`pauses`: so many bytes after which an answer hangs until `go_on`, one for each GET; None lets it through.

    `asked` are the ranges of all GETs, empty for the whole.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.pauses: list[int | None] = []
        self.asked: list[str] = []
        self.sent = 0
        self.waking = threading.Event()
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.host = self
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.waking.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    host: RangedHost

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever was killed hung up."""


class _Handler(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self._begin(0)

    def do_GET(self) -> None:
        host: RangedHost = self.server.host  # type: ignore[attr-defined]
        wanted = self.headers.get("Range", "")
        host.asked.append(wanted)
        is_same = self.headers.get("If-Range") == TAG
        at = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and is_same else 0
        pause = host.pauses.pop(0) if host.pauses else None
        self._begin(at)
        self._send(host, host.content[at:] if pause is None else host.content[at:pause])
        if pause is not None:
            host.waking.wait(60)
        self.close_connection = True

    def _begin(self, at: int) -> None:
        whole = len(self.server.host.content)  # type: ignore[attr-defined]
        self.send_response(206 if at else 200)
        told = {"ETag": TAG, "Content-Type": "audio/wav", "Content-Length": str(whole - at)}
        if at:
            told["Content-Range"] = f"bytes {at}-{whole - 1}/{whole}"
        for name, value in told.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(self, host: RangedHost, content: bytes) -> None:
        for at in range(0, len(content), PIECE):
            self.wfile.write(content[at : at + PIECE])
            host.sent += len(content[at : at + PIECE])

    def log_message(self, *arguments: Any) -> None:
        """Silent: what was asked stands in `asked`."""
