"""Each process of a worker is killed in turn, and the database restarted: new work is done without a human.

The settings are those of production. An installation of its own, so that its database can be taken down; what a
system's process manager does, start the worker anew when its main process is gone, is done here by `Keeper`.
"""

import contextlib
import os
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

from core.embedded_postgres.server import Server
from tests.trials.films import make_film, variant

LIMIT = 120  # seconds
UPLOAD = """
from django.core.files import File
from accounts.models import Organization, User
from core.tenancy import organization_scope
from media_library.services.uploads import upload_media
with organization_scope(Organization.objects.get()), open({film!r}, "rb") as content:
    print(upload_media(File(content, name="film.mp4"), title="Film", by=User.objects.get()).pk)
"""
FOUND = """
from accounts.services.organizations import create_organization
create_organization(slug="harbor", name="Harbor", owner_email="alice@harbor.test")
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


class Installation:
    """A database, files and a worker of their own."""

    def __init__(self, folder: Path) -> None:
        inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.data = folder / "data"
        self.environment = {**inherited, "LECTERN_DATA": str(self.data)}
        self.film = make_film(folder / "film.mp4", seconds=3, size="320x180")
        self.count = 0
        self.manage("set_up", "-v0")
        self.shell(FOUND)

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, env=self.environment, cwd=settings.BASE_DIR, capture_output=True, check=True)
        return done.stdout.decode()

    def shell(self, code: str) -> str:
        """The last line that it prints."""
        return (self.manage("shell", "-v0", "-c", code).strip().splitlines() or [""])[-1]

    def seconds_of_work(self) -> float:
        """From an upload until it plays."""
        self.count += 1
        started = time.monotonic()
        media = self.shell(UPLOAD.format(film=str(variant(self.film, self.count))))
        while self.shell(READY.format(media=media)) != DONE:
            if time.monotonic() - started > 2 * LIMIT:
                raise RuntimeError(f"Nothing was done within {2 * LIMIT} s.")
        return round(time.monotonic() - started, 1)

    def take_down_database(self) -> None:
        server = Server(self.data / "postgres")
        owner: dict[str, Any] = {"user": server.data.stat().st_uid} if os.geteuid() == 0 else {}
        stop = [str(server.binaries / "pg_ctl"), "-D", str(server.data), "-m", "immediate", "-W", "stop"]
        subprocess.run(stop, check=True, cwd="/", stdout=subprocess.DEVNULL, **owner)
        time.sleep(1)


def measure(data: Path) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="lectern-cluster-"))
    installation = Installation(folder)
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


def _kill(place: int, keeper: Keeper, installation: Installation) -> float:
    """Seconds until a film uploaded right after the kill plays."""
    tree = _tree(keeper)
    with contextlib.suppress(psutil.NoSuchProcess):
        tree[min(place, len(tree) - 1)].kill()
    return installation.seconds_of_work()
