"""Taking 100 frames of a film by our job ÷ the bare FFmpeg command that writes the same 100 JPEGs of the same file."""

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.files import File

from core.jobs.worker import run_next
from core.tenancy import organization_scope
from media_library.batches.batches import save_batch
from media_library.batches.extracting import Asked, extract_frames
from media_library.batches.projects import save_project
from media_library.models import ExtractionMode, Frame, FrameExtraction, Media, Project, UploadBatch
from media_library.services.frames import join_files, picture_rung, segments_of
from media_library.services.uploads import upload_media
from tests.benchmarks.ground import alternate, ratio, summary
from tests.benchmarks.people import found, maker
from tests.benchmarks.talk import FFMPEG, clear_line, seconds_for

ROUNDS, FRAMES = 5, 100
SECONDS, INTERVAL = 120, 1.21


def measure(data: Path) -> dict[str, Any]:
    organization = found()
    person = maker(organization)
    with organization_scope(organization):
        media = _film(data, person)
        project = save_project(Project(title="Benchmark"), by=person)
        first, second = alternate(lambda: _job(media, project, person), _bare(media, data), rounds=ROUNDS)
    return {
        "ratio": ratio(first, second), "aim": 1.3, "unit": "seconds", "frames": FRAMES, "jobs": summary(first),
        "ffmpeg": summary(second),
    }  # fmt: skip


def _film(data: Path, person: Any) -> Media:
    """Two minutes of motion at 720p, made playable: no two of its frames are alike."""
    path = data / "film.mp4"
    command = [
        FFMPEG, "-v", "error", "-f", "lavfi", "-i", f"testsrc2=s=1280x720:r=30:d={SECONDS}", "-c:v", "libx264",
        "-preset", "veryfast", "-g", "60", "-pix_fmt", "yuv420p", str(path),
    ]  # fmt: skip
    subprocess.run(command, check=True)
    with path.open("rb") as content:
        media = upload_media(File(content, name="film.mp4"), by=person)
    with organization_scope(None):
        while run_next("short") or run_next("long"):
            pass
    return Media.objects.select_related("rendition").get(pk=media.pk)


def _job(media: Media, project: Project, person: Any) -> float:
    """From the claim until the frames are there, told apart, stored and noted."""
    clear_line()
    batch = save_batch(UploadBatch(project=project, name=f"Round {time.monotonic_ns()}"), by=person)
    extraction = extract_frames(media, batch, Asked(ExtractionMode.EVERY, interval=INTERVAL), by=person)
    started = time.perf_counter()
    with organization_scope(None):
        run_next("long")
    taken = time.perf_counter() - started
    made = Frame.objects.filter(batch=batch).count()
    if made != FRAMES:
        raise RuntimeError(f"{made} frames: {FrameExtraction.objects.filter(pk=extraction.pk).values()}")
    return taken


def _bare(media: Media, data: Path) -> Callable[[], float]:
    assert media.rendition  # noqa: S101  it was made playable
    segments = segments_of(media.rendition, picture_rung(media.rendition))
    film, folder = join_files(media.rendition, segments.files, data / "bare.mp4"), data / "bare"
    command = [
        FFMPEG, "-nostdin", "-i", str(film), "-vf", f"fps=1/{INTERVAL}:round=up:start_time=0", "-frames:v", str(FRAMES),
        "-q:v", "3", "-an", f"{folder}/%03d.jpg",
    ]  # fmt: skip

    def run() -> float:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return seconds_for([command])

    return run
