"""How FFmpeg is told to write the playlists and segments of a ladder. The master above them is `master`'s."""

from pathlib import Path
from typing import Any

from .plan import Ladder

SEGMENT_SECONDS = 6
#: Every rendition shows its first frame at second 0. Otherwise each would be late by the few frames with which its
#: encoder begins, told in an edit list that players disregard: rungs and sound would not fit together.
FROM_ZERO = "movflags=+negative_cts_offsets:use_editlist=0"


def hls_options(ladder: Ladder, folder: Path) -> dict[str, Any]:
    """Options of the one output that holds the sounds of a ladder first and then its rungs."""
    return {
        "format": "hls",
        "hls_time": SEGMENT_SECONDS,
        "hls_playlist_type": "vod",
        "hls_segment_type": "fmp4",
        "hls_flags": "independent_segments",
        "hls_fmp4_init_filename": init_name(names_of(ladder)),
        "hls_segment_filename": f"file:{folder}/%v_%05d.m4s",
        "var_stream_map": stream_map(ladder),
        "hls_segment_options": FROM_ZERO,
        "progress": "pipe:1",
        "nostats": None,
    }


def names_of(ladder: Ladder) -> list[str]:
    return [sound.name for sound in ladder.sounds] + [rung.name for rung in ladder.rungs]


def part_of(file: str) -> str:
    """The name of the rung or sound that a file belongs to."""
    return file.split(".")[0].split("_")[0]


def init_name(names: list[str]) -> str:
    """FFmpeg fills in %v here only where there is more than one playlist."""
    return f"{names[0]}_init.mp4" if len(names) == 1 else "%v_init.mp4"


def stream_map(ladder: Ladder) -> str:
    """Which streams make which playlist: each sound and each rung its own."""
    sounds = [f"a:{number},name:{sound.name}" for number, sound in enumerate(ladder.sounds)]
    return " ".join([*sounds, *(f"v:{number},name:{rung.name}" for number, rung in enumerate(ladder.rungs))])
