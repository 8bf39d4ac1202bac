"""The walls around FFmpeg hold, each on its own; where one is missing, the operator is told."""

import json
import subprocess
import sys

import pytest

from media_library.ffmpeg import sandbox
from media_library.ffmpeg.child import Confinement, capture, named_files


def tries(*arguments, confinement=None):
    """What a confined child prints that runs a line of Python."""
    command = [sys.executable, "-I", "-S", "-c", *map(str, arguments)]
    ended, output = capture(command, confinement=confinement or Confinement(), time_limit=20, limit=10_000)
    return output.decode().strip() or ended.stderr.strip().splitlines()[-1]


@pytest.fixture
def canary(tmp_path):
    path = tmp_path / "canary"
    path.write_text("secret")
    return path


READ = "import sys; print(open(sys.argv[1]).read())"
WRITE = "import sys; open(sys.argv[1], 'w').write('x')"


def test_sandbox_stands_on_this_machine():
    assert sandbox.missing_layers() == []


def test_sandbox_that_does_not_stand_is_found_out(canary):
    with sandbox.listener() as port:
        command = [sys.executable, "-I", "-S", str(sandbox.TRIES), str(canary), str(port)]
        free = subprocess.run(command, capture_output=True, check=True, text=True)

    assert json.loads(free.stdout) == ["files", "network", "environment", "memory", "privileges"]


def test_confined_child_reads_what_it_was_given_only(canary, tmp_path):
    other = tmp_path / "other"
    other.write_text("given")

    given = Confinement(reads=(other,))

    assert tries(READ, other, confinement=given) == "given"
    assert tries(READ, canary, confinement=given) == f"PermissionError: [Errno 13] Permission denied: '{canary}'"
    assert tries(READ, "/etc/passwd", confinement=given).startswith("PermissionError")


def test_confined_child_writes_nowhere_else(canary):
    refused = tries(WRITE, canary)

    assert refused == f"PermissionError: [Errno 13] Permission denied: '{canary}'"
    assert canary.read_text() == "secret"


def test_confined_child_lists_no_folder(tmp_path):
    assert tries("import os, sys; print(os.listdir(sys.argv[1]))", tmp_path).startswith("PermissionError")


def test_command_names_the_files_it_may_use():
    command = ["ffmpeg", "-i", "file:/in/film.mp4", "-i", "file:/own/240p.m3u8", "-c", "copy", "file:/out/film.mp4"]

    assert named_files(command) == (["/in/film.mp4", "/own"], ["/out"])
