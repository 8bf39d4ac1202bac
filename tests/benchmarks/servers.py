"""Ours and the yardstick behind the same server with the same settings of it."""

import contextlib
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.processes import running


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served(settings_module: str, data: Path, **extra: str) -> Iterator[int]:
    """The port of a granian of two processes that serves a settings module on the benchmark's database.

    `extra` goes into its environment.
    """
    port = free_port()
    granian = str(Path(sys.executable).with_name("granian"))
    options = [
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        "2",
        "--blocking-threads",
        extra.pop("BENCHMARK_THREADS", "2"),
        "--log-level",
        "error",
    ]
    command = [granian, "--interface", "wsgi", *options, "tests.benchmarks.wsgi:application"]
    with running(*command, data=data, DJANGO_SETTINGS_MODULE=settings_module, **extra):
        _wait_for(port, data / "child.log")
        yield port


def _wait_for(port: int, log: Path) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"The server does not answer:\n{log.read_text()[-2000:]}")
