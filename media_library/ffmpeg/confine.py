"""Started as a program: takes rights away from itself, then becomes the program it was given.

    python -I -S confine.py '{"parent": 1, "nice": 10, "limits": {"AS": 4000000000}, "reads": [], …}' program …

A launcher instead of Popen's preexec_fn, because workers have threads, and code between fork and exec of a
threaded process can deadlock. Imports nothing but the standard library. What a system lacks (macOS has no
parent-death signal, no namespaces and no Landlock) is skipped; `media_library.ffmpeg.sandbox` says what that is.
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

# Landlock (Linux 5.13 on): what the kernel's uapi/linux/landlock.h calls them.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
CREATE_RULESET_VERSION = 1
RULE_PATH_BENEATH = 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
READING = EXECUTE | READ_FILE | READ_DIR
FOR_FILES = EXECUTE | WRITE_FILE | READ_FILE | 1 << 14  # rights that mean something on what is not a folder
#: By version of the interface: the last right that it knows (1: make_sym; 2: refer; 3: truncate; 5: ioctl_dev).
LAST_RIGHT = {1: 12, 2: 13, 3: 14, 4: 14}
NEWEST_RIGHT = 15


class Ruleset(ctypes.Structure):
    """Rights on files that are refused unless a rule grants them."""

    _fields_ = [("handled_access_fs", ctypes.c_uint64)]


class PathBeneath(ctypes.Structure):
    """A rule: these rights on this path and all below."""

    _pack_ = 1
    _fields_ = [("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32)]


def leave_network(libc: ctypes.CDLL) -> None:
    """An empty network namespace: nothing can be reached, whatever a decoder is talked into."""
    if libc.unshare(CLONE_NEWNET) != 0:
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)


def stay_among(libc: ctypes.CDLL, reads: list[str], writes: list[str]) -> None:
    """From now on no other file can be opened, listed, made or removed: not even one whose name leaks out."""
    version = libc.syscall(CREATE_RULESET, None, 0, CREATE_RULESET_VERSION)
    if version < 1:
        return
    every = (1 << LAST_RIGHT.get(version, NEWEST_RIGHT) + 1) - 1
    ruleset = Ruleset(every)
    descriptor = libc.syscall(CREATE_RULESET, ctypes.byref(ruleset), ctypes.sizeof(ruleset), 0)
    for path in reads:
        allow(libc, descriptor, path, READING)
    for path in writes:
        allow(libc, descriptor, path, every & ~EXECUTE)
    libc.syscall(RESTRICT_SELF, descriptor, 0)
    os.close(descriptor)


def allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    """Grant rights on a path; one that does not exist is nothing to grant."""
    with contextlib.suppress(FileNotFoundError):
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        rule = PathBeneath(rights if os.path.isdir(path) else rights & FOR_FILES, descriptor)
        libc.syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, ctypes.byref(rule), 0)
        os.close(descriptor)


def tie_to_parent(libc: ctypes.CDLL, parent: int) -> None:
    """Die when the parent does. Comes after the network: changing credentials would clear the signal."""
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
        stay_among(libc, settings["reads"], settings["writes"])  # needs no_new_privs
    os.nice(settings["nice"])
    for name, amount in settings["limits"].items():
        limit(name, amount)
    # Python ignores these two, and what is ignored stays ignored in the program started.
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    os.execv(argv[0], argv)  # noqa: S606  becomes the program, no shell between


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.argv[2:])
