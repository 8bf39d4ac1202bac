"""The safe frame of every FFmpeg command: what is opened, how, and with what nothing else can be opened."""

from pathlib import Path
from typing import Any

import ffmpeg
import imageio_ffmpeg

from .sniff import Container

MAX_PIXELS = 8192 * 4320
# Kept from the source: nothing. Titles, places and devices of the creator are nobody's business.
CLEAN = {"map_metadata": -1, "map_chapters": -1, "dn": None}


def open_source(
    source: Path,
    container: Container,
    *,
    start: float = 0.0,
    threads: int = 2,
    keyframes_only: bool = False,
    with_lead: bool = False,
) -> Any:
    """The input node for a file, from `start` seconds on, which become second 0; `keyframes_only` decodes nothing else,
    and begins with one; `with_lead` begins with the one before `start`, so that what comes first has negative times.

    The demuxer is forced and only files can be opened, so a disguised playlist reaches no address; the `file:`
    prefix keeps a name from being an option or another protocol.
    """
    options: dict[str, Any] = {"protocol_whitelist": "file,pipe", "max_pixels": MAX_PIXELS, "max_streams": 64}
    options["threads"] = threads
    if start > 0:
        options["ss"] = f"{start:.3f}"
    if keyframes_only:
        options["skip_frame"] = "nokey"
    if keyframes_only or with_lead:
        options["noaccurate_seek"] = None
    return ffmpeg.input(f"file:{source}", format=container.demuxer, **options)


def compile_command(output: Any, *, log: str = "error") -> list[str]:
    """The argument list, program first, of a described output; `log` is how much FFmpeg tells on the error channel."""
    return ffmpeg.compile(output, cmd=[imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-hide_banner", "-v", log])
