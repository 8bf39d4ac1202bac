"""Programs that read hostile files: confined, watched, and gone when we are done with them."""

import contextlib
import itertools
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .errors import DETAIL_BYTES, MediaError

HERE = Path(__file__).parent
CONFINE = HERE / "confine.py"
LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache")
DEVICES = ("/dev/null", "/dev/urandom")
TICK = 0.25  # seconds between two looks at a silent child
GRACE = 5.0  # seconds between asking and killing
GIB = 1024**3
# Two allocator arenas: with one for each thread, address space would run out long before memory does.
ENVIRONMENT = {"LC_ALL": "C", "MALLOC_ARENA_MAX": "2"}


@dataclass(frozen=True)
class Confinement:
    """What a child may use: address space, each file written (bytes), processor time (seconds), open files.

    Of files it may read what its command names for reading, and `reads`; it may write where its command writes.
    """

    memory: int = 6 * GIB
    file_size: int = 2 * GIB
    cpu: int | None = None
    open_files: int = 256
    nice: int = 10
    reads: tuple[Path, ...] = ()

    def limits(self) -> dict[str, int]:
        """Amounts by the names of the system's RLIMIT constants."""
        limits = {"AS": self.memory, "FSIZE": self.file_size, "NOFILE": self.open_files, "CORE": 0}
        return limits if self.cpu is None else {**limits, "CPU": self.cpu}


@dataclass
class Ended:
    """How a child ended: its exit code (negative: the signal that killed it) and the last of its words."""

    code: int
    stderr: str


@dataclass
class Capture:
    """Collects the output of a child up to `limit` bytes, then refuses."""

    limit: int
    data: bytearray = field(default_factory=bytearray)

    def __call__(self, chunk: bytes) -> None:
        self.data += chunk
        if len(self.data) > self.limit:
            raise MediaError("transcode_failed", detail=f"more than {self.limit} bytes of output")


def never() -> bool:
    return False


def time_limit_watch(seconds: float, should_stop: Callable[[], bool] = never) -> Callable[[], None]:
    """A watch that raises MediaError: 'timed_out' from `seconds` after now, 'cancelled' where it should stop."""
    deadline = time.monotonic() + seconds

    def watch() -> None:
        if should_stop():
            raise MediaError("cancelled")
        if time.monotonic() > deadline:
            raise MediaError("timed_out", detail=f"not done after {seconds:.0f} s")

    return watch


def supervise(
    argv: Sequence[str],
    *,
    confinement: Confinement,
    on_output: Callable[[bytes], None],
    watch: Callable[[], None],
) -> Ended:
    """Run a program to its end, handing over its output as it comes.

    `watch` is called at least every 0.25 s. Whatever it or `on_output` raises ends the child and its whole
    process group before it goes up. Call it in a thread that outlives the child: Linux ties the child's life
    to the thread that started it.
    """
    process = start(argv, confinement)
    try:
        stderr = pump(process, on_output=on_output, watch=watch)
        return Ended(wait(process, watch), stderr)
    except BaseException:
        end_group(process)
        raise
    finally:
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()


def capture(
    argv: Sequence[str],
    *,
    confinement: Confinement,
    time_limit: float,
    limit: int,
    should_stop: Callable[[], bool] = never,
) -> tuple[Ended, bytes]:
    """Run a program and return its whole output; `time_limit` in seconds, `limit` of the output in bytes.

    `should_stop` is asked at least four times a second and must be cheap.
    Raises MediaError: cancelled, timed_out, transcode_failed above `limit` bytes.
    """
    output = Capture(limit)
    watch = time_limit_watch(time_limit, should_stop)
    ended = supervise(argv, confinement=confinement, on_output=output, watch=watch)
    return ended, bytes(output.data)


def start(argv: Sequence[str], confinement: Confinement) -> subprocess.Popen[bytes]:
    reads, writes = named_files(argv)
    settings = {
        "parent": os.getpid(), "nice": confinement.nice, "limits": confinement.limits(),
        "reads": [*program_files(argv[0]), *reads, *map(str, confinement.reads)], "writes": [*DEVICES, *writes],
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(CONFINE), json.dumps(settings), *argv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        start_new_session=True,
        bufsize=0,
    )


def program_files(program: str) -> list[str]:
    """What a program needs to start at all: itself, and the system's libraries; Python its own besides."""
    own = [sys.prefix, sys.base_prefix, str(HERE)] if program == sys.executable else []
    return [program, *LIBRARIES, *own]


def named_files(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    """Files to read and folders to write in, as an FFmpeg command names them: `file:…`, for reading after `-i`.

    Of a playlist to read also what lies beside it: its segments.
    """
    reads, writes = [], []
    for before, argument in itertools.pairwise(argv):
        if not argument.startswith("file:"):
            continue
        path = argument.removeprefix("file:")
        if before == "-i":
            reads.append(os.path.dirname(path) if path.endswith(".m3u8") else path)
        else:
            writes.append(os.path.dirname(path))
    return reads, writes


def pump(process: subprocess.Popen[bytes], *, on_output: Callable[[bytes], None], watch: Callable[[], None]) -> str:
    """Read both pipes until both are closed, so that neither can fill up and block the child; the end of stderr."""
    assert process.stdout  # noqa: S101  Popen was given pipes
    assert process.stderr  # noqa: S101
    words = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        selector.register(process.stderr, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select(TICK):
                chunk = os.read(key.fd, 65536)
                if not chunk:
                    selector.unregister(key.fileobj)
                elif key.fileobj is process.stdout:
                    on_output(chunk)
                else:
                    words = (words + chunk)[-DETAIL_BYTES:]
            watch()
    return words.decode(errors="replace")


def wait(process: subprocess.Popen[bytes], watch: Callable[[], None]) -> int:
    """The exit code; a child that closed its pipes and lives on is still watched."""
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(TICK)
        watch()


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Ask the child's process group to end, kill what has not after 5 s, and leave no zombie."""
    deadline = time.monotonic() + GRACE
    while process.poll() is None and time.monotonic() < deadline:
        # Asked again and again: FFmpeg 7 with -nostdin heeds only the fourth time.
        signal_group(process, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(TICK)
    signal_group(process, signal.SIGKILL)
    process.wait()


def signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
