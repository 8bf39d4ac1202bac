"""What is in a file, found out by a confined child process that really decodes some of it."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from .child import GIB, Confinement, capture, never
from .errors import MediaError
from .sniff import Container

PROBE_CHILD = Path(__file__).with_name("probe_child.py")
ANSWER_BYTES = 1_000_000
STREAMED = 0xFFFFFFFF  # a RIFF length that its writer could not go back to fill in
RIFF_SLACK = 4096  # some writers round up


@dataclass(frozen=True)
class Limits:
    """What is taken: duration in seconds, picture sides in pixels (either way up), frames a second, tracks, size
    in bytes."""

    duration: float = 12 * 3600
    long_side: int = 8192
    short_side: int = 4320
    fps: int = 120
    streams: int = 48
    size: int | None = None


@dataclass(frozen=True)
class Rhythm:
    """When the pictures come, and which of them stand alone (of H.264 video).

    `bit_rate` in bits a second; the distances of keyframes in seconds. `groups_closed`: it begins with a keyframe, and
    each one lets a decoder forget everything before it.
    """

    bit_rate: int
    is_steady: bool
    longest_group: float
    average_group: float
    groups_closed: bool


@dataclass(frozen=True)
class VideoStream:
    """The moving picture. Width and height are as displayed: after rotation and with square pixels.

    `rotation` in degrees (0-359), `duration` in seconds from the start of the file to the end of this stream, `start`
    of its first frame, None where the file cuts off a part; `level` of H.264 is 42 for 4.2; `transfer` and `primaries`
    as FFmpeg's filters call them, empty where the file does not say.
    """

    index: int
    codec: str
    width: int
    height: int
    rotation: int
    fps: Fraction
    pix_fmt: str
    interlaced: bool
    duration: float
    profile: str = ""
    level: int = 0
    bit_depth: int = 8
    transfer: str = ""
    primaries: str = ""
    square_pixels: bool = True
    start: float | None = 0.0
    rhythm: Rhythm | None = None


@dataclass(frozen=True)
class AudioStream:
    """A sound track; `language` is an ISO 639-2 code or empty, `duration` as of VideoStream, `sample_rate` in Hz."""

    index: int
    codec: str
    channels: int
    sample_rate: int
    language: str
    duration: float
    profile: str = ""
    start: float | None = 0.0
    title: str = ""
    is_default: bool = False


@dataclass(frozen=True)
class SubtitleStream:
    """A subtitle track; a `forced` one holds only the lines in a foreign language."""

    index: int
    codec: str
    language: str
    forced: bool


@dataclass(frozen=True)
class Probe:
    """A usable recording: `duration` in seconds as measured, `size` in bytes, `kind` 'video' or 'audio'."""

    duration: float
    size: int
    kind: str
    video: VideoStream | None
    audio: tuple[AudioStream, ...]
    subtitles: tuple[SubtitleStream, ...]


def probe(
    path: Path,
    container: Container,
    *,
    limits: Limits | None = None,
    time_limit: float = 120,
    should_stop: Callable[[], bool] = never,
) -> Probe:
    """Describe a file whose container `sniff` named, or say why it cannot be used.

    Takes about 0.4 s; reads the whole file only where its header tells no length. `time_limit` in seconds;
    `should_stop` is asked about four times a second.
    Raises MediaError: file_too_large, truncated, no_streams, no_frames, too_long, too_large_picture,
    too_many_frames, unsupported_format, timed_out, cancelled.
    """
    limits = limits or Limits()
    size = path.stat().st_size
    if limits.size is not None and size > limits.size:
        raise MediaError("file_too_large", detail=f"{size} bytes, {limits.size} allowed")
    refuse_short_riff(path, size)
    answer = ask_child(path, container, limits, time_limit=time_limit, should_stop=should_stop)
    if "error" in answer:
        raise MediaError(answer["error"], detail=answer["detail"])
    return build_probe(answer, size)


def refuse_short_riff(path: Path, size: int) -> None:
    """AVI and WAV: FFmpeg quietly shortens a cut file, so the length that the header promises is compared here."""
    with path.open("rb") as file:
        head = file.read(8)
    promised = int.from_bytes(head[4:8], "little")
    if head[:4] == b"RIFF" and promised != STREAMED and promised + 8 > size + RIFF_SLACK:
        raise MediaError("truncated", detail=f"{promised + 8} bytes promised, {size} there")


def ask_child(
    path: Path, container: Container, limits: Limits, *, time_limit: float, should_stop: Callable[[], bool]
) -> dict[str, Any]:
    argv = [sys.executable, "-I", str(PROBE_CHILD), str(path), container.demuxer, json.dumps(asdict(limits))]
    confinement = Confinement(memory=3 * GIB, file_size=0, cpu=int(time_limit), open_files=64, nice=5, reads=(path,))
    ended, output = capture(
        argv, confinement=confinement, time_limit=time_limit, limit=ANSWER_BYTES, should_stop=should_stop
    )
    if ended.code != 0:
        raise MediaError("unsupported_format", detail=f"the probe ended with {ended.code}: {ended.stderr}")
    return json.loads(output)


def build_probe(answer: dict[str, Any], size: int) -> Probe:
    video = answer["video"]
    return Probe(
        duration=answer["duration"],
        size=size,
        kind="video" if video else "audio",
        video=build_video(video) if video else None,
        audio=tuple(AudioStream(**stream) for stream in answer["audio"]),
        subtitles=tuple(SubtitleStream(**stream) for stream in answer["subtitles"]),
    )


def build_video(facts: dict[str, Any]) -> VideoStream:
    rhythm = facts["rhythm"]
    return VideoStream(**{**facts, "fps": Fraction(facts["fps"]), "rhythm": Rhythm(**rhythm) if rhythm else None})


def keep_probe(probe: Probe) -> dict[str, Any]:
    """As JSON takes it; `restore_probe` understands it."""
    return json.loads(json.dumps(asdict(probe), default=str))


def restore_probe(kept: dict[str, Any]) -> Probe:
    return build_probe(kept, kept["size"])
