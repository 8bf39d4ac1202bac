"""Real worker and web processes that share a test's database and files."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ASYNC_UNSAFE = "DJANGO_ALLOW_ASYNC_UNSAFE"  # set for the browser's sake in this process only


def environment(data: Path, **extra: str) -> dict[str, str]:
    """For a child that works on the test database and on the files below `data`."""
    parameters = connection.get_connection_params()
    secret = f":{quote(parameters['password'])}" if parameters.get("password") else ""
    where = f"host={quote(parameters['host'])}&port={parameters.get('port') or 5432}"
    url = f"postgres://{parameters['user']}{secret}@/{parameters['dbname']}?{where}"
    ours = {name: value for name, value in os.environ.items() if name != ASYNC_UNSAFE}
    return {
        **ours,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": url,  # the test's own database, never the one the tests were started with
        "LECTERN_DATA": str(data),
        "SECRET_KEY": settings.SECRET_KEY,
        "JOB_LEASE_SECONDS": "5",
        "JOB_BACKOFF_SECONDS": "0",
        "JOB_SILENCE_SECONDS": "20",
        **extra,
    }


@contextlib.contextmanager
def running(*command: str, data: Path, **extra: str) -> Iterator[subprocess.Popen[bytes]]:
    """A child in a session of its own, ended politely and then surely."""
    log = (data / "child.log").open("ab")
    process = subprocess.Popen(
        command, env=environment(data, **extra), cwd=settings.BASE_DIR, start_new_session=True, stdout=log, stderr=log
    )
    try:
        yield process
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        log.close()


def worker(data: Path, **extra: str) -> Any:
    return running(sys.executable, "manage.py", "run_worker", data=data, **extra)


def wait_until(true: Callable[[], Any], *, seconds: float, what: str) -> Any:
    """What `true` answers once it is truthy; fails the test with `what` when it is not in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.1)
    raise AssertionError(f"Not within {seconds} s: {what}")
