"""Wall time of the whole processing job ÷ the bare FFmpeg command it runs, on a talk that has to be encoded."""

import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.tenancy import organization_scope
from media_library.models import Media
from tests.benchmarks.ground import alternate, ratio, summary
from tests.benchmarks.people import found, maker
from tests.benchmarks.talk import TOO_FEW_KEYFRAMES, bring, clear_line, record, seconds_for, seconds_until

ROUNDS = 2


def measure(data: Path) -> dict[str, Any]:
    source = record(data, keyframe_every=TOO_FEW_KEYFRAMES)
    organization = found()
    person = maker(organization)
    with organization_scope(organization):
        ours = lambda: _job(source, person)  # noqa: E731
        ours()
        command = Media.objects.latest("created_at").rendition.command
        first, second = alternate(ours, _bare(command, data), rounds=ROUNDS)
    return {
        "ratio": ratio(first, second), "aim": 1.05, "unit": "seconds", "job": summary(first), "ffmpeg": summary(second),
    }  # fmt: skip


def _job(source: Path, person: Any) -> float:
    """The check of the file and its encoding; the upload before and the extras after are not counted."""
    clear_line()
    return seconds_until(bring(source, person), "process_media", "short", "long")


def _bare(command: str, data: Path) -> Callable[[], float]:
    """The recorded command, its files going to a folder of the benchmark's."""
    target = data / "bare"
    output = str(Path(shlex.split(command)[-1]).parent).removeprefix("file:")
    argv = shlex.split(command.replace(output, str(target)))

    def run() -> float:
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        return seconds_for([argv])

    return run
