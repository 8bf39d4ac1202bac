"""The facts of each stream, as JSON takes them."""

from fractions import Fraction
from typing import Any

from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from .frames import frame_rate

# Numbers of ISO/IEC 23091-2, under the names that FFmpeg's filters know.
TRANSFERS = {1: "bt709", 6: "smpte170m", 13: "iec61966-2-1", 14: "bt2020-10", 16: "smpte2084", 18: "arib-std-b67"}
PRIMARIES = {1: "bt709", 5: "bt470bg", 6: "smpte170m", 9: "bt2020", 12: "smpte432"}


Times = dict[int, float]


def describe_video(video: VideoStream, frames: list[VideoFrame], starts: Times, ends: Times) -> dict[str, Any]:
    rotation = frames[0].rotation % 360
    aspect = video.sample_aspect_ratio or Fraction(1)
    width, height = max(round(video.width * aspect), 1), video.height
    if rotation in (90, 270):
        width, height = height, width
    context = video.codec_context
    return {
        "index": video.index,
        "codec": context.codec.canonical_name,
        "width": width,
        "height": height,
        "rotation": rotation,
        "fps": str(frame_rate(video)),
        "pix_fmt": context.pix_fmt or "",
        "interlaced": any(frame.interlaced_frame for frame in frames),
        "duration": ends[video.index],
        "start": starts.get(video.index),
        "profile": context.profile or "",
        "level": max(context.level, 0),
        "bit_depth": context.format.components[0].bits if context.format else 8,
        "transfer": TRANSFERS.get(frames[0].color_trc, ""),
        "primaries": PRIMARIES.get(frames[0].color_primaries, ""),
        "square_pixels": aspect == 1,
    }


def describe_audio(audio: Any, starts: Times, ends: Times) -> dict[str, Any]:
    context = audio.codec_context
    return {
        "index": audio.index,
        "codec": context.codec.canonical_name,
        "channels": context.channels,
        "sample_rate": context.sample_rate or 0,
        "language": language_of(audio),
        "duration": ends[audio.index],
        "start": starts.get(audio.index),
        "profile": context.profile or "",
        "title": (audio.metadata.get("title") or "")[:60],
        "is_default": bool(audio.disposition & Disposition.default),
    }


def describe_subtitles(subtitles: Stream) -> dict[str, Any]:
    return {
        "index": subtitles.index,
        "codec": subtitles.codec_context.codec.canonical_name,
        "language": language_of(subtitles),
        "forced": bool(subtitles.disposition & Disposition.forced),
    }


def language_of(stream: Stream) -> str:
    """ISO 639-2 code, empty where the file names none."""
    language = stream.language or ""
    return "" if language == "und" else language
