"""A small HTTP client that costs little itself: prepared bytes over connections that stay open."""

import socket
import threading
import time
from collections.abc import Callable

ROUND_SECONDS = 3.0


class Connection:
    """One keep-alive connection that sends a request and reads its whole answer."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body. The answer must carry its length."""
        self.socket.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._receive()
        head, _, body = answer.partition(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        while len(body) < length:
            body += self._receive()
        return int(head[9:12]), body

    def _receive(self) -> bytes:
        data = self.socket.recv(262_144)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def requests_per_second(port: int, makers: list[Callable[[int], bytes]]) -> float:
    """One connection for each maker, all at once, for a round. A maker gets a running number and makes the request.

    Raises RuntimeError at the first answer that is not 200.
    """
    deadline = time.perf_counter() + ROUND_SECONDS
    counts, faults = [0] * len(makers), []

    def load(index: int) -> None:
        connection, make = Connection(port), makers[index]
        while time.perf_counter() < deadline and not faults:
            try:
                status, body = connection.ask(make(counts[index]))
            except (OSError, StopIteration) as error:
                status, body = 0, repr(error).encode()
            if status != 200:
                faults.append(f"{status}: {body[:300]!r}")
            counts[index] += 1

    threads = [threading.Thread(target=load, args=(index,)) for index in range(len(makers))]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(faults[0])
    return sum(counts) / (time.perf_counter() - started)
