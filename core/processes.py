"""Child processes that do not outlive what they work for."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

GONE_SECONDS = 3.0
SET_PARENT_DEATH_SIGNAL = 1  # prctl(2)
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def dies_with_parent(number: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends this signal to the child when its parent is gone. Only Linux knows how."""

    def ask_kernel() -> None:
        if _libc is not None:
            _libc.prctl(SET_PARENT_DEATH_SIGNAL, int(number), 0, 0, 0)

    return ask_kernel


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End a child that leads its own process group, with all it started, and see that they are gone.

    What they held (a lock on a file, a port) is free only then.
    """
    deadline = time.monotonic() + GONE_SECONDS
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        while time.monotonic() < deadline:
            os.killpg(process.pid, 0)
            time.sleep(0.02)
    process.wait()


def stop_all(processes: list[subprocess.Popen[bytes]], *, within: float) -> None:
    """Ask politely, wait so many seconds for all of them together, then end what is left."""
    deadline = time.monotonic() + within
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(0.1, deadline - time.monotonic()))
        kill_group(process)
