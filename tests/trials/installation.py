"""A database and files of its own, so that the database can be taken down."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings

from core.embedded_postgres.server import Server

FOUND = """
from accounts.services.organizations import create_organization
create_organization(slug="harbor", name="Harbor", owner_email="alice@harbor.test")
"""


class Installation:
    """Set up, with one organization, Harbor, and its owner."""

    def __init__(self, folder: Path) -> None:
        inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.data = folder / "data"
        self.environment = {**inherited, "LECTERN_DATA": str(self.data)}
        self.manage("set_up", "-v0")
        self.shell(FOUND)

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, env=self.environment, cwd=settings.BASE_DIR, capture_output=True, check=True)
        return done.stdout.decode()

    def shell(self, code: str) -> str:
        """The last line that it prints."""
        return (self.manage("shell", "-v0", "-c", code).strip().splitlines() or [""])[-1]

    @property
    def socket_folder(self) -> str:
        return str(Server(self.data / "postgres").socket_folder)

    def take_down_database(self) -> None:
        server = Server(self.data / "postgres")
        owner: dict[str, Any] = {"user": server.data.stat().st_uid} if os.geteuid() == 0 else {}
        stop = [str(server.binaries / "pg_ctl"), "-D", str(server.data), "-m", "immediate", "-W", "stop"]
        subprocess.run(stop, check=True, cwd="/", stdout=subprocess.DEVNULL, **owner)
        time.sleep(1)
