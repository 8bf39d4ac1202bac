"""Started confined, as a program: what it can do that it should not, as a JSON list on standard output.

python -I -S sandbox_child.py /path/of/a/canary 12345
"""

import contextlib
import json
import os
import resource
import socket
import sys
from pathlib import Path


def reads(path: str) -> bool:
    with contextlib.suppress(OSError):
        Path(path).read_bytes()
        return True
    return False


def connects(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
        return True
    return False


def may_gain_privileges() -> bool:
    """As the kernel says; a system without this file (macOS) has no such wall."""
    with contextlib.suppress(OSError):
        return "NoNewPrivs:\t1" not in Path("/proc/self/status").read_text()
    return os.uname().sysname != "Linux"  # on Linux the file is out of reach because the walls stand


def main(canary: str, port: str) -> None:
    broken = {
        "files": reads(canary),
        "network": connects(int(port)),
        "environment": bool(os.environ.keys() - {"LC_ALL", "LC_CTYPE", "MALLOC_ARENA_MAX"}),
        "memory": resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY,
        "privileges": may_gain_privileges(),
    }
    json.dump([name for name, is_broken in broken.items() if is_broken], sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
