"""The worker is killed at 10, 50 and 90 % of a transcode, twenty times: each film is finished, once."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import psutil
from django.core.files import File

from core.models import Job
from core.tenancy import organization_scope
from media_library.models import Media, Rendition, Status
from media_library.services.cleaning import clean_organization
from media_library.services.uploads import upload_media
from tests.benchmarks.people import found, maker
from tests.processes import wait_until, worker
from tests.trials.films import make_film, variant

KILLS = int(os.environ.get("KILLS", "20"))
MOMENTS = [(10, 50, 90)[number % 3] for number in range(KILLS)]  # percent
FILM_SECONDS = 240


def measure(data: Path) -> dict[str, Any]:
    organization = found()
    person = maker(organization)
    film = make_film(data / "film.mp4", seconds=FILM_SECONDS)
    with worker(data), organization_scope(organization):
        rounds = [_kill_once(variant(film, number), person, at=moment) for number, moment in enumerate(MOMENTS)]
    with organization_scope(organization):
        media = list(Media.objects.all())
        return {
            "kills": len(rounds),
            "killed_at_percent": [round(at) for at, _ in rounds],
            "finished": sum(one.status == Status.COMPLETED for one in media),
            "one_set_each": sum(_has_one_set(one) for one in media),
            "seconds_to_finish_after_kill": {"most": max(took for _, took in rounds)},
            "ffmpeg_left": len(ffmpeg_below(data)),
            "superseded_files": stray_files(data),  # the first thumbnail of each, until the daily cleaning
            "files_left_by_cleaning": _cleaned(data),
        }


def _kill_once(film: Path, person: Any, *, at: int) -> tuple[float, float]:
    """Percent at which the worker was killed, and seconds from then until the film was ready."""
    with film.open("rb") as content:
        media = upload_media(File(content, name=film.name), title=film.stem, by=person)
    running = Job.objects.filter(subject_id=media.pk, kind="process_media", state="running", progress__gte=at)
    job = wait_until(running.first, seconds=180, what=f"{at} % of {film.stem}")
    os.kill(int(job.worker.rpartition(":")[2]), signal.SIGKILL)
    killed = time.monotonic()
    work = Job.objects.filter(subject_id=media.pk).exclude(state="succeeded")
    wait_until(lambda: not work.exists(), seconds=300, what=f"{film.stem} is ready")
    film.unlink()
    return job.progress, round(time.monotonic() - killed, 1)


def _cleaned(data: Path) -> int:
    """Stray files that are left after the daily cleaning, two days later."""
    then = time.time() - 2 * 24 * 3600
    for path in data.rglob("*"):
        os.utime(path, (then, then))
    for _leftover in clean_organization():
        pass
    return stray_files(data)


def _has_one_set(media: Media) -> bool:
    kinds = list(Rendition.objects.filter(media=media).values_list("kind", flat=True))
    return len(kinds) == len(set(kinds)) and "hls" in kinds


def ffmpeg_below(folder: Path) -> list[psutil.Process]:
    """FFmpeg processes that work on files below a folder."""
    processes = psutil.process_iter(["name", "cmdline"])
    return [
        one for one in processes if "ffmpeg" in (one.info["name"] or "") and str(folder) in str(one.info["cmdline"])
    ]


def stray_files(data: Path) -> int:
    """Files in the scratch folder, and files of the storage in folders that no row names."""
    named = {data / "media" / folder for folder in Rendition.objects.values_list("folder", flat=True)}
    named |= {(data / "media" / one.source_path).parent for one in Media.objects.all()}
    named |= {(data / "media" / one.thumbnail_path).parent for one in Media.objects.exclude(thumbnail_path="")}
    named |= {data / "media" / one.storyboard.folder for one in Media.objects.exclude(storyboard=None)}
    kept = [path for path in (data / "media").rglob("*") if path.is_file() and path.parent not in named]
    return len(kept) + sum(path.is_file() for path in (data / "scratch").rglob("*"))
