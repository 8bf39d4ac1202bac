"""Each bad file is uploaded and worked on by a real worker: the expected code, no crash, no connection, no read."""

import os
import socket
import time
from pathlib import Path
from typing import Any

import psutil
from django.core.files import File

from core.errors import Refused
from core.models import Job
from core.models.job import LIVE_STATES
from core.tenancy import organization_scope
from media_library.services.uploads import upload_media
from tests.benchmarks.people import found, maker
from tests.corpus import PLAYS, Bad, build
from tests.processes import wait_until, worker

LIMIT = 60  # seconds for one file
#: What the check lets pass and encoding does not: damage between the places that the check looks at.
DAMAGED_WITHIN = {"flipped-mkv": "transcode_failed"}
LONG_AGO = 1_000_000_000  # a file that was never read since: its time of access says whether it is


def measure(data: Path) -> dict[str, Any]:
    organization = found()
    person = maker(organization)
    with socket.socket() as listener, worker(data) as process, organization_scope(organization):
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.setblocking(False)
        folder = data / "corpus"
        folder.mkdir()
        corpus = build(folder, port=listener.getsockname()[1])
        os.utime(folder / "canary.txt", (0, LONG_AGO))
        expected = {bad.name: DAMAGED_WITHIN.get(bad.name, bad.code) for bad in corpus}
        before = _members(process.pid)
        ends = {bad.name: _end_of(bad, person) for bad in corpus}
        return {
            "files": len(corpus),
            "otherwise_than_expected": {name: code for name, (code, _) in ends.items() if code != expected[name]},
            "most_seconds": max(seconds for _, seconds in ends.values()),
            "limit_seconds": LIMIT,
            "worker_processes_lost": len(before - _members(process.pid)),
            "connections": _connections(listener),
            "canary_read": (folder / "canary.txt").stat().st_atime != 0,
        }


def _end_of(bad: Bad, person: Any) -> tuple[str, float]:
    """The code that work on it ended with, and after how many seconds."""
    started = time.monotonic()
    try:
        with bad.path.open("rb") as content:
            media = upload_media(File(content, name=f"{bad.name}.mp4"), title=bad.name, by=person)
    except Refused as refusal:
        return refusal.code, 0.0
    jobs = Job.objects.filter(subject_id=media.pk)
    wait_until(lambda: not jobs.filter(state__in=LIVE_STATES).exists(), seconds=2 * LIMIT, what=f"an end of {bad.name}")
    failed = jobs.filter(state="failed", kind__in=["inspect_media", "remux_media", "process_media"]).first()
    return failed.error_code if failed else PLAYS, round(time.monotonic() - started, 1)


def _members(main: int) -> set[int]:
    return {process.pid for process in psutil.Process(main).children(recursive=True) if "qcluster" in process.cmdline()}


def _connections(listener: socket.socket) -> int:
    try:
        listener.accept()
    except BlockingIOError:
        return 0
    return 1
