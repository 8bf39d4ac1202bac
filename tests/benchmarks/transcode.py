"""Wall time of the whole processing job ÷ the bare FFmpeg command it runs, on a talk that has to be encoded."""

import shlex
import shutil
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
        first, second = alternate(lambda: _job(source, person), lambda: _bare(data), rounds=ROUNDS)
    return {
        "ratio": ratio(first, second), "aim": 1.05, "unit": "seconds", "job": summary(first), "ffmpeg": summary(second),
    }  # fmt: skip


def _job(source: Path, person: Any) -> float:
    """The check of the file and its encoding; the upload before and the extras after are not counted."""
    clear_line()
    return seconds_until(bring(source, person), "process_media", "short", "long")


def _bare(data: Path) -> float:
    """The command that the last job recorded, its files going to a folder of the benchmark's."""
    command = Media.objects.latest("created_at").rendition.command
    target = data / "bare"
    output = str(Path(shlex.split(command)[-1]).parent).removeprefix("file:")
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    return seconds_for([shlex.split(command.replace(output, str(target)))])
