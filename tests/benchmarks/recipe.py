"""The usual recipe: an encode for each rung, one after the other, and each extra by a command of its own."""

import shutil
from collections.abc import Callable
from pathlib import Path

from media_library.ffmpeg.plan import RUNGS
from tests.benchmarks.talk import FFMPEG, SECONDS, seconds_for

PICTURES = 6
LOUDNESS = "loudnorm=I=-16:TP=-1.5:LRA=11"


def usual_recipe(source: Path, data: Path) -> Callable[[], float]:
    """Seconds that it takes for our ladder, an MP4, thumbnails, a sprite sheet, and sound at one loudness."""
    target = data / "usual"

    def run() -> float:
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        return seconds_for([*_rungs(source, target), *_pictures(source, target), *_sound(source, target)])

    return run


def _rungs(source: Path, target: Path) -> list[list[str]]:
    """With sound in each, as the usual recipe has it; the MP4 is copied from one of them."""
    commands = [
        [
            *_from(source), "-vf", f"scale=-2:{side}", "-c:v", "libx264", "-preset", "veryfast", "-crf", "23",
            "-maxrate", f"{rate}k", "-bufsize", f"{rate * 2}k", "-sc_threshold", "0",
            "-force_key_frames", "expr:gte(t,n_forced*2)", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "128k",
            "-ac", "2", "-ar", "48000", "-f", "hls", "-hls_time", "6", "-hls_playlist_type", "vod",
            "-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", f"{side}_init.mp4",
            "-hls_segment_filename", f"{target}/{side}_%05d.m4s", f"{target}/{side}.m3u8",
        ]
        for side, rate in RUNGS
    ]  # fmt: skip
    mp4 = [*_from(target / "720.m3u8"), "-c", "copy", "-movflags", "+faststart", f"{target}/video.mp4"]
    return [*commands, mp4]


def _pictures(source: Path, target: Path) -> list[list[str]]:
    moments = [SECONDS * (2 * number + 1) / (2 * PICTURES) for number in range(PICTURES)]
    frames = [
        [FFMPEG, "-y", "-ss", str(moment), "-i", str(source), "-frames:v", "1", f"{target}/{number}.jpg"]
        for number, moment in enumerate(moments)
    ]
    sheet = [*_from(source), "-vf", "fps=1/2,scale=160:90,tile=10x6", "-frames:v", "1", f"{target}/sheet.jpg"]
    return [*frames, sheet]


def _sound(source: Path, target: Path) -> list[list[str]]:
    measured = [*_from(source), "-vn", "-af", f"{LOUDNESS}:print_format=json", "-f", "null", "-"]
    made = [
        [*_from(source), "-vn", "-af", LOUDNESS, "-ar", "48000", "-b:a", "128k", f"{target}/sound.{kind}"]
        for kind in ("mp3", "m4a")
    ]
    return [measured, *made]


def _from(source: Path) -> list[str]:
    return [FFMPEG, "-y", "-nostdin", "-i", str(source)]
