"""10 GB go up in one piece and are cut twenty times: the same bytes arrive, and no process grows with them.

The server is the one of the Procfile, the worker the real one; the client knows of tus no more than its own twenty
lines. The file is a film with an empty box at its end that makes it as large as a plan allows; on disk it is sparse.
"""

import base64
import contextlib
import hashlib
import os
import random
import shlex
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil
from django.conf import settings

from accounts.models import Membership, Organization, Plan
from accounts.services.tokens import create_token
from core.tenancy import organization_scope
from media_library.models import Media, Upload
from tests.benchmarks.people import found, maker
from tests.benchmarks.servers import free_port
from tests.processes import environment, wait_until, worker
from tests.trials.films import make_film, padded

SIZE = int(os.environ.get("BIG_UPLOAD_BYTES", Plan.ENTERPRISE.largest_file))
CUTS = 20
RESTARTED_AT = 10  # the number of the cut that the web server itself makes
PIECE = 1024**2  # bytes
PASSING = (b"423", b"503")  # the line that was cut is still held, or all places are taken


class Web:
    """The web process of the Procfile, on loopback."""

    def __init__(self, data: Path) -> None:
        self.data, self.port, self.log = data, free_port(), data / "web.log"
        self.start()

    def start(self) -> None:
        line = next(line for line in Path("Procfile").read_text().splitlines() if line.startswith("web: "))
        line = (
            line.removeprefix("web: ")
            .replace("--host 0.0.0.0", "--host 127.0.0.1")
            .replace("${PORT:-8000}", str(self.port))
        )
        program, *options = shlex.split(line.replace("${WEB_WORKERS:-2}", "2"))
        command = [str(Path(sys.executable).with_name(program)), *options]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=environment(self.data), cwd=settings.BASE_DIR, stdout=log, stderr=log
            )

    def wait(self) -> None:
        wait_until(self._answers, seconds=120, what="the web server answers")

    def stop(self) -> None:
        for process in psutil.Process(self.process.pid).children(recursive=True):
            process.kill()
        self.process.kill()
        self.process.wait()

    def restart(self) -> None:
        """Killed in the middle of whatever it does."""
        self.stop()
        self.start()
        self.wait()

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False


class Memory(threading.Thread):
    """The most that each process below ours has held at once (VmHWM), by what it is."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peaks: dict[tuple[int, str], int] = {}
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.2):
            for process in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess, OSError):
                    self._note(process)

    def most(self, kind: str) -> int:
        """Megabytes of the largest process of a kind."""
        return max((peak for (_, name), peak in self.peaks.items() if name == kind), default=0) // 1024

    def _note(self, process: psutil.Process) -> None:
        status = Path(f"/proc/{process.pid}/status").read_text()
        peak = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)
        self.peaks[process.pid, _kind_of(" ".join(process.cmdline()))] = peak


def _kind_of(command: str) -> str:
    """Below the trial there are the web server, and the worker with what it starts: FFmpeg, and the reader of files."""
    if "granian" in command:
        return "web"
    return "ffmpeg" if "ffmpeg" in command.partition(" ")[0] else "worker"


class Client:
    """Sends one file over tus, with interruptions."""

    def __init__(self, web: Web, *, root: str, secret: str, file: Path) -> None:
        self.web, self.file, self.refusals = web, file, 0
        self.headers = {"Authorization": f"Token {secret}", "Tus-Resumable": "1.0.0"}
        self.size = file.stat().st_size
        name = base64.b64encode(file.name.encode()).decode()
        created = self._ask("POST", root, **{"Upload-Length": str(self.size), "Upload-Metadata": f"filename {name}"})
        self.path = "/" + created["Location"].split("/", 3)[3] if "://" in created["Location"] else created["Location"]

    def offset(self) -> int:
        """What the server has. It may still be busy with what came before the line was cut."""
        return int(wait_until(self._try_offset, seconds=60, what="the server tells the offset"))

    @contextlib.contextmanager
    def patiently_sending(self, *, until: int) -> Iterator[tuple[socket.socket, int]]:
        """From where the server is, again while it refuses: for a moment it may not know yet that a line was cut."""
        with contextlib.ExitStack() as stack:
            yield wait_until(lambda: self._begun(stack, until), seconds=120, what="the server takes what comes")

    def _begun(self, stack: contextlib.ExitStack, until: int) -> tuple[socket.socket, int] | None:
        start = self.offset()
        until = min(max(until, start + PIECE), self.size)
        with contextlib.suppress(ConnectionError):
            return stack.enter_context(self.sending(start, until=until)), until
        self.refusals += 1
        return None

    @contextlib.contextmanager
    def sending(self, start: int, *, until: int) -> Iterator[socket.socket]:
        """An open line on which all that is missing was announced, and what lies before `until` has been sent."""
        with socket.create_connection(("127.0.0.1", self.web.port)) as line, self.file.open("rb") as content:
            line.sendall(self._announcement(start))
            content.seek(start)
            line.sendfile(content, start, until - start)
            yield line

    def _announcement(self, start: int) -> bytes:
        facts = {
            **self.headers, "Host": f"127.0.0.1:{self.web.port}", "Upload-Offset": start,
            "Content-Type": "application/offset+octet-stream", "Content-Length": self.size - start,
        }  # fmt: skip
        lines = [f"PATCH {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in facts.items()), "", ""]
        return "\r\n".join(lines).encode()

    def _try_offset(self) -> str | None:
        with contextlib.suppress(OSError, RuntimeError):
            return str(self._ask("HEAD", self.path)["Upload-Offset"])
        return None

    def _ask(self, method: str, path: str, **headers: str) -> Any:
        line = HTTPConnection("127.0.0.1", self.web.port, timeout=60)
        with contextlib.closing(line):
            line.request(method, path, headers={**self.headers, **headers})
            answer = line.getresponse()
            if answer.status >= 300:
                raise RuntimeError(f"{method} {path}: {answer.status} {answer.read()!r}")
            return answer.headers


def measure(data: Path) -> dict[str, Any]:
    organization = found()
    Organization.objects.filter(pk=organization.pk).update(plan=Plan.ENTERPRISE)
    person = maker(organization)
    film = padded(make_film(data / "film.mp4", seconds=2), SIZE)
    memory = Memory()
    memory.start()
    with serving(data) as web:
        began = time.monotonic()
        client = Client(web, root=f"/api/v1/{organization.slug}/uploads/", secret=_secret(person), file=film)
        resumed = list(_send_with_cuts(client, web))
        sent = time.monotonic()
    expected = hash_of(film)
    with worker(data), organization_scope(organization):
        checking = time.monotonic()
        wait_until(Upload.objects.exclude(state="checking").exists, seconds=900, what="the file is checked")
        checked = time.monotonic()
    memory.ended.set()
    with organization_scope(organization):
        upload, media = Upload.objects.get(), Media.objects.get()
    return {
        "bytes": SIZE, "cuts": len(resumed), "web_restarts": 1, "state": upload.state,
        "same_sha256": media.content_hash == expected, "megabytes_sent_twice": round(sum(resumed) / 1e6, 1),
        "refused_for_a_moment": client.refusals,
        "seconds_to_send": round(sent - began, 1), "seconds_to_check": round(checked - checking, 1),
        "web_peak_megabytes": memory.most("web"), "worker_peak_megabytes": memory.most("worker"),
        "ffmpeg_peak_megabytes": memory.most("ffmpeg"),
    }  # fmt: skip


@contextlib.contextmanager
def serving(data: Path) -> Iterator[Web]:
    web = Web(data)
    try:
        web.wait()
        yield web
    finally:
        web.stop()


def hash_of(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _send_with_cuts(client: Client, web: Web) -> Iterator[int]:
    """After each cut, how many bytes that had left us had not been kept."""
    places = sorted(random.Random(4).sample(range(1, client.size - 2 * PIECE), CUTS))
    for number, place in enumerate(places, start=1):
        with client.patiently_sending(until=place) as (line, until):
            web.restart() if number == RESTARTED_AT else _hang_up(line)
        yield until - client.offset()
    wait_until(lambda: _send_rest(client), seconds=600, what="the server takes the rest")


def _send_rest(client: Client) -> bool:
    with client.patiently_sending(until=client.size) as (line, _):
        return _is_taken(line)


def _hang_up(line: socket.socket) -> None:
    """At once and without a word, as a line does that goes dead."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _is_taken(line: socket.socket) -> bool:
    """Not yet where the server is busy for a moment."""
    answer = line.recv(4096)
    if answer[9:12] in PASSING:
        return False
    if not answer.startswith(b"HTTP/1.1 204 "):
        raise RuntimeError(answer.decode())
    return True


def _secret(person: Any) -> str:
    membership = Membership.objects.get(user=person)
    return create_token(membership, name="trial", scopes=["media:write"])[1]
