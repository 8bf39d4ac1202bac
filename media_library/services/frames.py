"""Frames out of what already plays: small files, in every storage, whatever the uploaded file weighs."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage

from media_library import ffmpeg
from media_library.ffmpeg.segments import SegmentList, read_segments
from media_library.models import Rendition

PLAYLIST_BYTES = 5_000_000
PICTURE_SIDE = 720  # short side in pixels that a thumbnail can make use of
SMALL_SIDE = 480  # the same, of what is cheap to read as a whole


def small_rung(rendition: Rendition) -> dict[str, Any] | None:
    """The smallest rung where that is a small one; None where only large pictures have been made so far."""
    smallest = min(rendition.rungs, key=_short_side)
    return smallest if _short_side(smallest) <= SMALL_SIDE else None


def picture_rung(rendition: Rendition) -> dict[str, Any]:
    """The rung to take pictures from: the largest within 720 pixels, else the smallest."""
    fitting = [rung for rung in rendition.rungs if _short_side(rung) <= PICTURE_SIDE]
    return max(fitting, key=_short_side) if fitting else min(rendition.rungs, key=_short_side)


def segments_of(rendition: Rendition, rung: dict[str, Any]) -> SegmentList:
    """Raises FileNotFoundError, MediaError."""
    with default_storage.open(f"{rendition.folder}/{rung['name']}.m3u8") as playlist:
        return read_segments(playlist.read(PLAYLIST_BYTES).decode())


def join_files(rendition: Rendition, files: Iterable[str], to: Path) -> Path:
    """The initial file and segments after it as one film."""
    with to.open("wb") as film:
        for name in files:
            with default_storage.open(f"{rendition.folder}/{name}") as part:
                shutil.copyfileobj(part, film, 1024 * 1024)
    return to


def save_frame(rendition: Rendition, *, at: float, to: Path) -> None:
    """Write what is shown at second `at` as a 1280x720 JPEG; scratch files lie beside it.

    Reads one segment. Raises FileNotFoundError, MediaError.
    """
    segments = segments_of(rendition, picture_rung(rendition))
    segment = segments.at(at)
    film = join_files(rendition, [segments.initial, segment.file], to.with_suffix(".mp4"))
    try:
        ffmpeg.grab_frame(film, ffmpeg.sniff(film), at=max(at - segment.start, 0.0), to=to)
    finally:
        film.unlink()


def _short_side(rung: dict[str, Any]) -> int:
    return min(rung["width"], rung["height"])
