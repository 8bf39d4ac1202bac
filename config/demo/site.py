"""Web server and worker as two children of one command."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

from core.processes import dies_with_parent, stop_all

STOP_SECONDS = 20.0
PAGE_THREADS = 4  # of a web process, beside those that open answers hold
MANAGE = Path(settings.BASE_DIR) / "manage.py"


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Site:
    """Lectern on this machine, on the loopback address only."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://localhost:{port}/"
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        os.environ["LECTERN_LOCAL_URL"] = settings.SITE_URL = self.url  # this process writes mails too
        self.processes = [_child(*_web_command(self.port)), _child(sys.executable, str(MANAGE), "run_worker")]

    def wait_until_open(self) -> None:
        """Until the web server takes connections. Raises CommandError when a part ended instead."""
        while port_is_free(self.port):
            self._check()
            time.sleep(0.1)

    def wait(self) -> None:
        """Returns only by an exception: a signal, or a part that ended by itself."""
        while True:
            self._check()
            time.sleep(0.5)

    def _check(self) -> None:
        if any(process.poll() is not None for process in self.processes):
            raise CommandError("A part of Lectern ended unexpectedly; its last lines are above.")

    def stop(self) -> None:
        stop_all(self.processes, within=STOP_SECONDS)


def _web_command(port: int) -> list[str]:
    granian = str(Path(sys.executable).with_name("granian"))
    address = ["--host", "127.0.0.1", "--port", str(port)]
    return [
        granian,
        "--interface",
        "wsgi",
        *address,
        "--workers",
        "2",
        "--blocking-threads",
        str(settings.ANSWERS_AT_ONCE + PAGE_THREADS),
        "--log-level",
        "error",
        "config.wsgi:application",
    ]


def _child(*command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C reaches this command only, which then stops its children in order
        preexec_fn=dies_with_parent(signal.SIGTERM),
    )
