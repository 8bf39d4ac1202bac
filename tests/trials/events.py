"""1,000 events a second for a minute, the database killed in the middle: what was acknowledged is there, once.

Ten senders of a hundred events a second each. A sender repeats what was not acknowledged until it is, as an
integrator's program would, and then catches up.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from analytics.services.events import identifier_at
from tests.benchmarks.load import Connection, request
from tests.benchmarks.servers import free_port
from tests.trials.installation import Installation

SECONDS = int(os.environ.get("SECONDS", "60"))
SENDERS, BATCH = 10, 100
PATIENCE = 120  # seconds after the last batch was due
TOKEN = """
from accounts.models import Membership
from accounts.services.tokens import create_token
print(create_token(Membership.objects.get(), name="feed", scopes=["analytics:write"])[1])
"""


class Sender(threading.Thread):
    """Sends a batch each second, and the same one again until it is acknowledged."""

    def __init__(self, port: int, token: str) -> None:
        super().__init__(daemon=True)
        self.port, self.connection = port, None
        self.headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
        self.answers: Counter[str] = Counter()
        self.acknowledged: set[str] = set()
        self.known = 0
        self.longest = 0.0  # seconds from the first try of a batch until it was acknowledged

    def run(self) -> None:
        began = time.monotonic()
        for second in range(SECONDS):
            time.sleep(max(0.0, began + second - time.monotonic()))
            self._deliver([_event() for _ in range(BATCH)], until=began + SECONDS + PATIENCE)

    def _deliver(self, events: list[dict[str, Any]], *, until: float) -> None:
        message = request(
            "POST", "/api/v1/harbor/analytics/events/", self.headers, json.dumps({"events": events}).encode()
        )
        first = time.monotonic()
        while not (results := self._tried(message)) and time.monotonic() < until:
            time.sleep(0.5)
        self.longest = max(self.longest, time.monotonic() - first)
        self.acknowledged |= {one["id"] for one in results if one["status"] in ("stored", "known")}
        self.known += sum(one["status"] == "known" for one in results)

    def _tried(self, message: bytes) -> list[dict[str, Any]]:
        """What became of each event; nothing without an answer of 200."""
        try:
            self.connection = self.connection or Connection(self.port)
            status, body = self.connection.ask(message)
        except (OSError, StopIteration):
            self.connection = None
            self.answers["none"] += 1
            return []
        self.answers[str(status)] += 1
        return list(json.loads(body)["results"]) if status == 200 else []


def measure(data: Path) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="lectern-events-"))
    installation = Installation(folder)
    try:
        with _web(installation) as port:
            token = installation.shell(TOKEN)
            senders = [Sender(port, token) for _ in range(SENDERS)]
            took = _run(senders, installation)
            stored = _stored(installation)
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(folder)
    return _judged(senders, stored) | {"seconds": round(took, 1)}


def _run(senders: list[Sender], installation: Installation) -> float:
    began = time.monotonic()
    for sender in senders:
        sender.start()
    time.sleep(SECONDS / 2)
    installation.take_down_database()
    for sender in senders:
        sender.join()
    return time.monotonic() - began


def _judged(senders: list[Sender], stored: list[str]) -> dict[str, Any]:
    acknowledged = {key for sender in senders for key in sender.acknowledged}
    return {
        "told": SECONDS * SENDERS * BATCH, "acknowledged": len(acknowledged), "lost": len(acknowledged - set(stored)),
        "doubled": len(stored) - len(set(stored)), "stored": len(stored),
        "known": sum(sender.known for sender in senders),
        "answers": dict(sum((sender.answers for sender in senders), Counter())),
        "longest_wait_seconds": round(max(sender.longest for sender in senders), 1),
    }  # fmt: skip


def _event() -> dict[str, Any]:
    event_id = identifier_at(datetime.now(UTC))
    return {"id": str(event_id), "type": "video_watched", "metadata": {"seconds": 10}}


def _stored(installation: Installation) -> list[str]:
    """Past all doors, as the owner of the tables."""
    with psycopg.connect(host=installation.socket_folder, user="postgres", dbname="lectern") as client:
        return [key for (key,) in client.execute("SELECT id::text FROM analytics_event").fetchall()]


@contextlib.contextmanager
def _web(installation: Installation) -> Iterator[int]:
    """The port of a server as the Procfile starts it."""
    port = free_port()
    options = ["--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--blocking-threads", "4"]
    command = [
        str(Path(sys.executable).with_name("granian")),
        "--interface",
        "wsgi",
        *options,
        "config.wsgi:application",
    ]
    with (installation.data / "web.log").open("ab") as log:
        process = subprocess.Popen(command, env=installation.environment, cwd=settings.BASE_DIR, stdout=log, stderr=log)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(port: int) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError):
            Connection(port)
            return
        time.sleep(0.1)
    raise RuntimeError("The server does not answer.")
