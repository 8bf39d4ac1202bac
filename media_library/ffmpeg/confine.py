"""Started as a program: takes rights away from itself, then becomes the program it was given.

    python -I -S confine.py '{"parent": 1, "nice": 10, "limits": {"AS": 4000000000}}' program argument …

A launcher instead of Popen's preexec_fn, because workers have threads, and code between fork and exec of a
threaded process can deadlock. Imports nothing but the standard library. What a system lacks (macOS has no
parent-death signal and no namespaces) is skipped: limits are a second wall, never the only one.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000


def leave_network(libc: ctypes.CDLL) -> None:
    """An empty network namespace: nothing can be reached, whatever a decoder is talked into."""
    if libc.unshare(CLONE_NEWNET) != 0:
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)


def tie_to_parent(libc: ctypes.CDLL, parent: int) -> None:
    """Die when the parent does. Comes last: changing credentials would clear the signal."""
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the parent was gone before the work began")


def limit(name: str, amount: int) -> None:
    kind = getattr(resource, f"RLIMIT_{name}")
    _, ceiling = resource.getrlimit(kind)
    amount = amount if ceiling == resource.RLIM_INFINITY else min(amount, ceiling)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (amount, amount))


def main(settings: dict, argv: list[str]) -> None:
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        leave_network(libc)
        tie_to_parent(libc, settings["parent"])
    os.nice(settings["nice"])
    for name, amount in settings["limits"].items():
        limit(name, amount)
    # Python ignores these two, and what is ignored stays ignored in the program started.
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    os.execv(argv[0], argv)  # noqa: S606  becomes the program, no shell between


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.argv[2:])
