"""The subtitle track inside a file, as WebVTT."""

from pathlib import Path

import ffmpeg

from .child import Confinement, capture
from .command import CLEAN, compile_command, open_source
from .probe import Probe, SubtitleStream
from .run import refuse_failure
from .sniff import Container

# Tracks made of text; the others are pictures of text.
TEXT_CODECS = ("subrip", "mov_text", "webvtt", "ass", "ssa", "text")
MAX_BYTES = 20_000_000


def choose_subtitles(probe: Probe, *, language: str = "") -> SubtitleStream | None:
    """The text track to read: of the preferred language (ISO 639-2) if there is one, complete rather than forced."""
    tracks = [track for track in probe.subtitles if track.codec in TEXT_CODECS]
    return min(tracks, key=lambda track: (track.forced, track.language != language), default=None)


def extract_subtitles(
    source: Path, container: Container, track: SubtitleStream, *, time_limit: float = 600
) -> str | None:
    """The track as WebVTT text, None if it holds no cue. `time_limit` in seconds: a long file is read whole.

    Raises MediaError: timed_out, transcode_failed.
    """
    stream = open_source(source, container)[str(track.index)]
    argv = compile_command(ffmpeg.output(stream, "pipe:1", format="webvtt", vn=None, an=None, **CLEAN))
    ended, output = capture(argv, confinement=Confinement(file_size=0), time_limit=time_limit, limit=MAX_BYTES)
    refuse_failure(ended)
    text = output.decode(errors="replace")
    return text if "-->" in text else None
