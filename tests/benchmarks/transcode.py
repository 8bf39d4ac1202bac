"""Wall time of the whole processing job ÷ the bare FFmpeg command it runs, on a talk of two minutes."""

import shlex
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imageio_ffmpeg
from django.core.files import File

from core.jobs.worker import run_next
from core.models import Job
from core.tenancy import organization_scope
from media_library.models import Media
from media_library.services.uploads import upload_media
from tests.benchmarks.ground import alternate, ratio, summary
from tests.benchmarks.people import found, maker

SECONDS, ROUNDS = 120, 2


def measure(data: Path) -> dict[str, Any]:
    source = _talk(data)
    organization = found()
    person = maker(organization)
    with organization_scope(organization):
        ours = lambda: _job(source, person)  # noqa: E731
        ours()
        command = Media.objects.latest("created_at").rendition.command
        first, second = alternate(ours, _bare(command, data), rounds=ROUNDS)
    return {
        "ratio": ratio(first, second), "aim": 1.10, "unit": "seconds", "job": summary(first), "ffmpeg": summary(second),
    }  # fmt: skip


def _talk(data: Path) -> Path:
    """720p at 25 fps: a page that changes every ten seconds, a small moving picture in its corner, and a tone."""
    path = data / "talk.mp4"
    inset = "testsrc2=s=320x180:r=25"
    page = "testsrc=s=1280x720:r=25,loop=loop=249:size=1"
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", page, "-f", "lavfi", "-i", inset,
        "-f", "lavfi", "-i", "sine", "-filter_complex", "[0][1]overlay=950:530", "-t", str(SECONDS), "-c:v", "libx264",
        "-preset", "veryfast", "-pix_fmt", "yuv420p", "-c:a", "aac", str(path),
    ]  # fmt: skip
    subprocess.run(command, check=True)
    return path


def _job(source: Path, person: Any) -> float:
    """From claim to publication; the upload before it and the transcript after it are not counted."""
    while run_next("short"):  # what the talk before left to do
        pass
    with source.open("rb") as content:
        media = upload_media(File(content, name="talk.mp4"), title="Talk", by=person)
    started = time.perf_counter()
    run_next("short"), run_next("long")
    taken = time.perf_counter() - started
    if not Job.objects.filter(subject_id=media.pk, kind="process_media", state="succeeded").exists():
        raise RuntimeError("The job did not succeed.")
    return taken


def _bare(command: str, data: Path) -> Callable[[], float]:
    """The recorded command, its files going to a folder of the benchmark's."""
    target = data / "bare"
    output = str(Path(shlex.split(command)[-1]).parent)
    argv = shlex.split(command.replace(output, str(target)))

    def run() -> float:
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        started = time.perf_counter()
        subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.perf_counter() - started

    return run
