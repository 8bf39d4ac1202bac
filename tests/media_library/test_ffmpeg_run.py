import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from media_library.ffmpeg import Confinement, MediaError, run, time_limit_for
from media_library.ffmpeg.child import CONFINE, capture
from tests.media_library.conftest import FFMPEG

ENDLESS = [FFMPEG, "-nostdin", "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2=s=64x36:r=10"]
TO_NOTHING = ["-progress", "pipe:1", "-nostats", "-f", "null", "-"]
#: What a shell script of these tests may start, besides the shell itself.
SHELL = Confinement(reads=(Path("/bin"), Path("/usr/bin"), Path("/dev/zero")))


def children_named(word: str) -> list[psutil.Process]:
    def command(process: psutil.Process) -> list[str]:
        with contextlib.suppress(psutil.Error):
            return process.cmdline()
        return []

    return [p for p in psutil.process_iter() if any(word in part for part in command(p)) and p.pid != os.getpid()]


def failure_of(argv, **options) -> MediaError:
    with pytest.raises(MediaError) as failure:
        run(argv, **{"duration": 10, "confinement": SHELL, **options})
    return failure.value


def shell(script: str) -> list[str]:
    return ["/bin/sh", "-c", script]


def after(seconds: float):
    moment = time.monotonic() + seconds
    return lambda: time.monotonic() > moment


def test_run_stops_ffmpeg_when_asked():
    started = time.monotonic()

    failure = failure_of([*ENDLESS, *TO_NOTHING], should_stop=after(1))

    assert (failure.code, failure.permanent, time.monotonic() - started < 4) == ("cancelled", True, True)


def test_run_ends_the_whole_process_group(tmp_path):
    # Both the shell and what it started ignore the polite request.
    marker = tmp_path / "marker"
    marker.touch()
    script = f"trap '' TERM; tail -f {marker} >/dev/null 2>&1 & wait"

    failure_of(shell(script), should_stop=after(0.5), confinement=replace(SHELL, reads=(*SHELL.reads, tmp_path)))

    assert children_named(str(marker)) == []


def test_run_ends_what_stalls():
    failure = failure_of(shell("echo out_time_us=1000; exec sleep 60"), stall_limit=0.5)

    assert (failure.code, failure.permanent) == ("stalled", False)


def test_run_ends_ffmpeg_that_is_frozen():
    size = "66x38"  # tells this child from all others

    def freeze_soon():
        child = children_named(size)[0]
        while child.name() == Path(sys.executable).resolve().name:
            time.sleep(0.02)
        time.sleep(0.5)
        child.send_signal(signal.SIGSTOP)

    freezer = threading.Timer(0.2, freeze_soon)
    freezer.start()

    failure = failure_of([*(part.replace("64x36", size) for part in ENDLESS), *TO_NOTHING], stall_limit=1.5)

    freezer.join()
    assert (failure.code, children_named(size)) == ("stalled", [])


def test_run_ends_what_lasts_too_long():
    failure = failure_of([*ENDLESS, *TO_NOTHING], time_limit=0.7)

    assert (failure.code, failure.permanent) == ("timed_out", False)


def test_run_gives_up_what_closed_its_pipes_and_lives_on():
    assert failure_of(shell("exec >&- 2>&-; exec sleep 60"), time_limit=0.5).code == "timed_out"


def test_run_is_not_blocked_by_many_words():
    failure = failure_of(shell("head -c 3000000 /dev/zero | tr '\\0' x >&2; echo the end >&2; exit 3"))

    assert (failure.code, failure.detail[-8:], len(failure.detail) <= 8000) == ("transcode_failed", "the end\n", True)


def test_run_reads_true_percent_and_survives_na():
    heard = []
    script = (
        "printf 'out_time_us=N/A\\nout_time_us=-5\\nout_time_us=2500000\\nout_time_us=1\\nout_ti'; echo me_us=5000000"
    )

    run(shell(script), duration=10, on_progress=heard.append)

    assert heard == [25.0, 50.0, 100.0]


def test_run_tells_a_full_disk():
    argv = [FFMPEG, "-v", "error", "-f", "lavfi", "-i", "testsrc2=d=1", "-f", "rawvideo", "-y", "file:/dev/full"]

    failure = failure_of(argv)

    assert (failure.code, failure.permanent) == ("no_space", False)


def test_run_tells_a_result_that_grows_too_large(tmp_path):
    failure = failure_of(
        [FFMPEG, "-v", "error", "-f", "lavfi", "-i", "testsrc2=d=5", "-f", "rawvideo", f"file:{tmp_path}/out"],
        confinement=Confinement(file_size=100_000),
    )

    assert (failure.code, (tmp_path / "out").stat().st_size) == ("file_too_large", 100_000)


def test_run_gives_the_child_none_of_our_environment(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")

    ended, output = capture(["/usr/bin/env"], confinement=Confinement(), time_limit=10, limit=10_000)

    assert (ended.code, sorted(output.decode().split())) == (0, ["LC_ALL=C", "MALLOC_ARENA_MAX=2"])


def test_run_limits_what_the_child_may_use():
    ended, output = capture(
        shell("ulimit -v; ulimit -n; ulimit -c; ulimit -t"),
        confinement=Confinement(memory=4 * 1024**3, open_files=99, cpu=7),
        time_limit=10,
        limit=1000,
    )

    assert (ended.code, output.decode().split()) == (0, [str(4 * 1024**2), "99", "0", "7"])


def test_capture_refuses_endless_output():
    with pytest.raises(MediaError) as failure:
        capture(shell("yes"), confinement=SHELL, time_limit=10, limit=100_000)

    assert failure.value.code == "transcode_failed"


def test_capture_stops_the_child_when_asked():
    started = time.monotonic()

    with pytest.raises(MediaError) as failure:
        capture(shell("exec sleep 61"), confinement=SHELL, time_limit=30, limit=1000, should_stop=after(0.5))

    assert (failure.value.code, time.monotonic() - started < 5, children_named("sleep 61")) == ("cancelled", True, [])


CONNECT = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), 2)"


@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's")
def test_run_gives_the_child_no_network():
    if subprocess.run(["/usr/bin/unshare", "-rn", "true"], capture_output=True).returncode:
        pytest.skip("this system does not let us make a network namespace")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])

        ended, _ = capture([sys.executable, "-c", CONNECT, port], confinement=Confinement(), time_limit=10, limit=1000)

    assert (ended.code, ended.stderr.splitlines()[-1]) == (1, "OSError: [Errno 101] Network is unreachable")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child to its parent")
def test_child_dies_with_its_parent(tmp_path):
    marker = tmp_path / "sleeper"
    marker.touch()
    settings = json.dumps({"nice": 0, "limits": {}, "reads": ["/"], "writes": []})
    parent_code = (
        "import json, os, subprocess, sys\n"
        "settings = json.loads(sys.argv[1]) | {'parent': os.getpid()}\n"
        "launch = [sys.executable, '-I', '-S', sys.argv[2], json.dumps(settings)]\n"
        "subprocess.run([*launch, '/usr/bin/tail', '-f', sys.argv[3]])"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", parent_code, settings, str(CONFINE), str(marker)], start_new_session=True
    )
    wait_until(lambda: any(p.name() == "tail" for p in children_named(str(marker))))

    parent.kill()
    parent.wait()

    wait_until(lambda: children_named(str(marker)) == [])


def wait_until(condition, *, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(("duration", "limit"), [(10, 600), (100, 600), (3600, 21600)])
def test_time_limit_grows_with_the_recording(duration, limit):
    assert time_limit_for(duration) == limit
