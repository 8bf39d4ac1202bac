"""Which walls around FFmpeg stand on this machine: found out by a confined child that tries to get out."""

import json
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .child import Confinement, capture

TRIES = Path(__file__).with_name("sandbox_child.py")
#: What the child tries, and what it means for a machine when that works.
LAYERS = {
    "files": "files outside the job's folder can be read (no Landlock: Linux 5.13 or newer has it)",
    "network": "the network can be reached (no network namespaces for this user)",
    "environment": "the environment of the worker is handed on",
    "memory": "memory is not limited",
    "privileges": "new privileges can be gained (no no_new_privs)",
}


def missing_layers() -> list[str]:
    """The layers of the sandbox that this system does not have, in words; empty where all stand.

    Takes about 0.2 s.
    """
    with tempfile.NamedTemporaryFile() as canary, listener() as port:
        argv = [sys.executable, "-I", "-S", str(TRIES), canary.name, str(port)]
        ended, output = capture(argv, confinement=Confinement(), time_limit=20, limit=10_000)
    if ended.code != 0:
        return [f"the confined child did not start: {ended.stderr[-200:]}"]
    return [LAYERS[name] for name in json.loads(output)]


@contextmanager
def listener() -> Iterator[int]:
    """A port of this machine that takes connections."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]
