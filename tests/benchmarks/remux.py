"""Time until a talk that plays as it is can be watched ÷ `ffmpeg -c copy` of it to HLS."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.tenancy import organization_scope
from tests.benchmarks.ground import alternate, ratio, summary
from tests.benchmarks.people import found, maker
from tests.benchmarks.talk import COMPLIANT, FFMPEG, bring, clear_line, record, seconds_for, seconds_until

ROUNDS = 5


def measure(data: Path) -> dict[str, Any]:
    source = record(data, keyframe_every=COMPLIANT)
    organization = found()
    person = maker(organization)
    with organization_scope(organization):
        first, second = alternate(lambda: _job(source, person), _bare(source, data), rounds=ROUNDS)
    return {
        "ratio": ratio(first, second), "aim": 2, "unit": "seconds", "jobs": summary(first), "ffmpeg": summary(second),
    }  # fmt: skip


def _job(source: Path, person: Any) -> float:
    """The check of the file, hash included, its copy, its thumbnail; the upload before is not counted."""
    clear_line()
    return seconds_until(bring(source, person), "remux_media", "short", "short")


def _bare(source: Path, data: Path) -> Callable[[], float]:
    target = data / "bare"
    command = [
        FFMPEG, "-nostdin", "-i", str(source), "-c", "copy", "-f", "hls", "-hls_time", "6", "-hls_playlist_type", "vod",
        "-hls_segment_type", "fmp4", "-hls_segment_filename", f"{target}/%05d.m4s", f"{target}/all.m3u8",
    ]  # fmt: skip

    def run() -> float:
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        return seconds_for([command])

    return run
