"""The talk that the work on media is measured with, and what bringing and working it off takes."""

import shutil
import subprocess
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import imageio_ffmpeg
from django.core.files import File

from core.jobs.worker import run_next
from core.models import Job
from media_library.models import Media
from media_library.services.uploads import upload_media

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
SECONDS, FILMED = 120, 105
NICE = ["nice", "-n", "10"]  # as our own FFmpeg is run: a fair share of a machine that others use too
COMPLIANT, TOO_FEW_KEYFRAMES = 60, 600  # frames from one keyframe to the next


def record(folder: Path, *, keyframe_every: int) -> Path:
    """Two minutes at 1080p and 30 frames a second, about 3 Mb/s: a page that changes every twelve seconds, a noisy
    picture of somebody in its corner, at the end a quarter of a minute of motion; a voice of sorts.
    """
    path = folder / f"talk_{keyframe_every}.mp4"
    sources = [
        "testsrc2=s=1920x1080:r=1/12,fps=30",
        "testsrc2=s=320x180:r=30,noise=alls=20:allf=t",
        "testsrc2=s=1920x1080:r=30",
        "anoisesrc=c=pink:a=0.4:seed=1:r=48000,highpass=150,lowpass=4000,tremolo=f=3:d=0.9",
    ]
    picture = f"[0][1]overlay=1560:860[a];[a][2]overlay=enable='gte(t,{FILMED})'[b]"
    inputs = [part for source in sources for part in ("-f", "lavfi", "-i", source)]
    command = [
        FFMPEG, "-v", "error", *inputs, "-filter_complex", picture, "-map", "[b]", "-map", "3", "-t", str(SECONDS),
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "24", "-maxrate", "5M", "-bufsize", "10M",
        "-g", str(keyframe_every), "-sc_threshold", "0", "-pix_fmt", "yuv420p",
        "-c:a", "aac", "-ac", "2", "-b:a", "128k", "-movflags", "+faststart", str(path),
    ]  # fmt: skip
    subprocess.run(command, check=True)
    return path


def bring(source: Path, person: Any) -> Media:
    """Upload it as content that was never there before: a box at its end that nothing reads."""
    copy = source.with_name("upload.mp4")
    shutil.copy(source, copy)
    with copy.open("ab") as file:
        file.write(b"\x00\x00\x00\x18free" + uuid4().bytes)
    with copy.open("rb") as content:
        return upload_media(File(content, name="talk.mp4"), title="Talk", by=person)


def clear_line() -> None:
    """What is left of the talk before is not part of the next one's time."""
    Job.objects.filter(state="queued").update(state="cancelled")


def seconds_until(media: Media, kind: str, *lanes: str) -> float:
    """From the first claim until a kind of job is done, one job of each of the lanes."""
    started = time.perf_counter()
    for lane in lanes:
        run_next(lane)
    taken = time.perf_counter() - started
    refuse_unless_done(media, kind)
    return taken


def seconds_for_all(media: Media) -> float:
    """From the first claim until nothing is left to do about it."""
    started = time.perf_counter()
    while run_next("short") or run_next("long"):
        pass
    taken = time.perf_counter() - started
    for kind in ("process_media", "make_audio", "draw_pictures"):
        refuse_unless_done(media, kind)
    return taken


def refuse_unless_done(media: Media, kind: str) -> None:
    if not Job.objects.filter(subject_id=media.pk, kind=kind, state="succeeded").exists():
        jobs = Job.objects.filter(subject_id=media.pk).values_list("kind", "state", "error_message", "error_detail")
        raise RuntimeError(f"{kind} did not succeed: {list(jobs)}")


def seconds_for(commands: list[list[str]]) -> float:
    """Programs one after the other."""
    started = time.perf_counter()
    for command in commands:
        subprocess.run([*NICE, *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started
