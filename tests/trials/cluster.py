"""Each process of a worker is killed in turn, and the database restarted: new work is done without a human.

The settings are those of production. An installation of its own, so that its database can be taken down; what a
system's process manager does, start the worker anew when its main process is gone, is done here by `Keeper`.
"""

import contextlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psutil
from django.conf import settings

from tests.trials.films import make_film, variant
from tests.trials.installation import Installation

LIMIT = 120  # seconds
UPLOAD = """
from django.core.files import File
from accounts.models import Organization, User
from core.tenancy import organization_scope
from media_library.services.uploads import upload_media
with organization_scope(Organization.objects.get()), open({film!r}, "rb") as content:
    print(upload_media(File(content, name="film.mp4"), title="Film", by=User.objects.get()).pk)
"""
READY = """
from core.models import Job
jobs = Job.objects.filter(subject_id="{media}", kind__in=["inspect_media", "process_media"])
print(sorted(jobs.values_list("kind", "state")))
"""
DONE = "[('inspect_media', 'succeeded'), ('process_media', 'succeeded')]"


class Keeper(threading.Thread):
    """Starts `run_worker` again whenever it is gone."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        super().__init__(daemon=True)
        self.environment, self.log, self.ending = environment, log, False
        self.process = self._start()

    def run(self) -> None:
        while not self.ending:
            if self.process.poll() is not None:
                self.process = self._start()
            time.sleep(1)

    def stop(self) -> None:
        self.ending = True
        self.process.terminate()
        self.process.wait(60)

    def _start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            command = [sys.executable, "manage.py", "run_worker"]
            return subprocess.Popen(command, env=self.environment, cwd=settings.BASE_DIR, stdout=log, stderr=log)


class Works(Installation):
    """One in which films are made playable."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.film = make_film(folder / "film.mp4", seconds=3, size="320x180")
        self.count = 0

    def seconds_of_work(self) -> float:
        """From an upload until it plays."""
        self.count += 1
        started = time.monotonic()
        media = self.shell(UPLOAD.format(film=str(variant(self.film, self.count))))
        while self.shell(READY.format(media=media)) != DONE:
            if time.monotonic() - started > 2 * LIMIT:
                raise RuntimeError(f"Nothing was done within {2 * LIMIT} s.")
        return round(time.monotonic() - started, 1)


def measure(data: Path) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="lectern-cluster-"))
    installation = Works(folder)
    keeper = Keeper(installation.environment, folder / "worker.log")
    keeper.start()
    try:
        undisturbed = installation.seconds_of_work()
        seconds = [_kill(place, keeper, installation) for place in range(_size(keeper))]
        installation.take_down_database()
        restart = installation.seconds_of_work()
    finally:
        keeper.stop()
        with contextlib.suppress(OSError):
            shutil.rmtree(folder)
    return {
        "processes_killed": len(seconds), "limit_seconds": LIMIT, "undisturbed": undisturbed,
        "most_seconds": max(seconds), "all": seconds, "database_restart": restart,
    }  # fmt: skip


def _tree(keeper: Keeper) -> list[psutil.Process]:
    """The worker's processes, the main one first."""
    main = psutil.Process(keeper.process.pid)
    return [main, *sorted(main.children(recursive=True), key=lambda process: process.pid)]


def _size(keeper: Keeper) -> int:
    return len(_tree(keeper))


def _kill(place: int, keeper: Keeper, installation: Works) -> float:
    """Seconds until a film uploaded right after the kill plays."""
    tree = _tree(keeper)
    with contextlib.suppress(psutil.NoSuchProcess):
        tree[min(place, len(tree) - 1)].kill()
    return installation.seconds_of_work()
