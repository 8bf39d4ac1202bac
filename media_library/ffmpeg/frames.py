"""Frames of a film at even distances or where the picture changes: one reading, a JPEG each, named by its moment."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ffmpeg
from PIL import Image, ImageChops, ImageStat

from .command import CLEAN, compile_command, open_source
from .sniff import Container

QUALITY = 3  # of FFmpeg's JPEG encoder, 2 (best) to 31
SCENE = 0.3  # of FFmpeg's score of a change, 0–1; a cut between two slides has 0.3 and more
HALF_MILLISECOND = 0.0005  # what is asked for and what the film says are rounded
ENDLESS = 1000  # seconds, longer than any segment
CELLS = (32, 18)
#: Mean difference of brightness, 0–255, of 32x18 cells. A mouse pointer that moves makes about 0.3 and compression
#: 0.2; one more line of text on a slide makes 0.8 and more.
SAME_PICTURE = 0.6


@dataclass(frozen=True)
class Shot:
    """A JPEG, and the second it shows."""

    path: Path
    second: float


def every_command(source: Path, container: Container, folder: Path, *, interval: float, most: int) -> list[str]:
    """The FFmpeg arguments that write what seconds 0, interval, 2 x interval … show into an existing folder."""
    picture = open_source(source, container)["V:0"]
    # Rounding up: a frame is shown from its own second on, never before.
    return _written(picture.filter("fps", fps=f"1/{interval:g}", round="up", start_time=0), folder, most)


def scenes_command(source: Path, container: Container, folder: Path, *, most: int) -> list[str]:
    """The same for the first frame and each one that differs much from the one before."""
    picture = open_source(source, container)["V:0"]
    return _written(picture.filter("select", f"eq(n,0)+gt(scene,{SCENE})"), folder, most)


def moment_command(source: Path, container: Container, folder: Path, *, at: float) -> list[str]:
    """The same for the one frame that second `at` of the source shows; its name is not its moment.

    A frame is shown until the next one, however long that takes, and the last one to the end: seeking to `at` would
    skip it. So what is read begins with the keyframe before, and of all that begins until `at` the last one is
    written; where nothing does, the first one.
    """
    milliseconds = math.floor(at * 1000)  # as exact as seeking is told
    rest = at - milliseconds / 1000 + HALF_MILLISECOND
    picture = open_source(source, container, start=milliseconds / 1000, with_lead=True)["V:0"]
    picture = picture.filter("setpts", "if(eq(N,0),min(PTS,0),PTS)").filter("trim", end=f"{rest:.6f}")
    last = {"fps": f"1/{2 * ENDLESS}", "start_time": -ENDLESS, "round": "down", "eof_action": "pass"}
    return _compiled(picture.filter("fps", **last), f"{folder}/0.jpg", **{"frames:v": 1})


def read_shots(folder: Path) -> list[Shot]:
    """What was written, in order. The name of each file is its moment in milliseconds."""
    written = sorted(folder.glob("*.jpg"), key=lambda path: int(path.stem))
    return [Shot(path, int(path.stem) / 1000) for path in written]


def without_repeats(shots: list[Shot]) -> list[Shot]:
    """Those that show something else than the last one that is kept."""
    kept: list[Shot] = []
    last: Image.Image | None = None
    for shot in shots:
        cells = cells_of(shot.path)
        if last is None or difference(last, cells) >= SAME_PICTURE:
            kept.append(shot)
            last = cells
    return kept


def cells_of(path: Path) -> Image.Image:
    """The picture as 32x18 cells of gray, each the mean of what lies in it."""
    with Image.open(path, formats=("JPEG",)) as picture:
        picture.draft("L", (CELLS[0] * 4, CELLS[1] * 4))  # decoded small: a tenth of the time
        return picture.convert("L").resize(CELLS, Image.Resampling.BOX)


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean, 0–255."""
    return float(ImageStat.Stat(ImageChops.difference(one, other)).mean[0])


def size_of(path: Path) -> tuple[int, int]:
    """Width and height in pixels."""
    with Image.open(path, formats=("JPEG",)) as picture:
        return picture.size


def _written(picture: Any, folder: Path, most: int) -> list[str]:
    """Times are kept as milliseconds, and `frame_pts` has them be the names."""
    return _compiled(picture, f"{folder}/%d.jpg", **{"frames:v": most, "frame_pts": 1})


def _compiled(picture: Any, to: str, **more: Any) -> list[str]:
    """JPEGs with square pixels."""
    picture = picture.filter("scale", "iw*sar", "ih").filter("setsar", 1).filter("settb", "1/1000")
    options: dict[str, Any] = {
        "format": "image2", "c:v": "mjpeg", "q:v": QUALITY, "pix_fmt": "yuvj420p", "an": None, "sn": None,
        "fps_mode": "passthrough", "enc_time_base": "1:1000", **CLEAN, **more,
    }  # fmt: skip
    return compile_command(ffmpeg.output(picture, f"file:{to}", **options, progress="pipe:1", nostats=None))
