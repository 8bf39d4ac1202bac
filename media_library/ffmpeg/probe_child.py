"""Started as a program: what is in a media file, as one JSON object on standard output.

    python -I probe_child.py /path/to/file mov '{"long_side": 8192, "short_side": 4320, "fps": 120, "duration": 43200}'

It opens the file with PyAV (there is no ffprobe beside the embedded FFmpeg), decodes a frame near the start, the
middle and the end, and reads the last packets: a header may promise what the data does not hold. A file that cannot
be used is answered with {"error": code, "detail": words}. Imports nothing of this project: it runs confined and alone.
"""

import json
import sys
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import av.logging
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

OPTIONS = {"protocol_whitelist": "file", "probesize": "20000000", "analyzeduration": "20000000", "max_streams": "64"}
END_WINDOW = 10.0  # seconds before the promised end from which packets are read
PACKETS_BEFORE_A_FRAME = 2_000


class Refused(Exception):
    """The file cannot be used: a code of errors.CAUSES and words for operators."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def examine(path: str, demuxer: str, limits: dict[str, float]) -> dict[str, Any]:
    with open_container(path, demuxer) as container:
        video = next((s for s in container.streams.video if is_moving_picture(s)), None)
        audio = [s for s in container.streams.audio if s.codec_context is not None]
        if video is None and not audio:
            raise Refused("no_streams")
        streams: list[Stream] = [video, *audio] if video else [*audio]
        frames = decode_samples(container, streams[0], limits)
        ends = stream_ends(container, streams, trusted=tells_length(path, demuxer))
        refuse_long(ends, limits)
        return {
            "duration": max(ends.values()),
            "video": video and describe_video(video, frames, ends),
            "audio": [describe_audio(s, ends) for s in audio],
            "subtitles": [describe_subtitles(s) for s in container.streams.subtitles if s.codec_context is not None],
        }


def tells_length(path: str, demuxer: str) -> bool:
    """Whether the header promises a length; an MP3 does so only with a Xing, Info or VBRI frame, else it is a guess."""
    if demuxer != "mp3":
        return True
    with open(path, "rb") as file:
        head = file.read(10)
        tag = sum(byte << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True)) + 10
        file.seek(tag if head.startswith(b"ID3") else 0)
        first_frame = file.read(64)
    return any(name in first_frame for name in (b"Xing", b"Info", b"VBRI"))


def open_container(path: str, demuxer: str) -> InputContainer:
    with av.logging.Capture(local=False) as log:
        try:
            return av.open(f"file:{path}", format=demuxer, options=OPTIONS, metadata_errors="replace")
        except av.error.MemoryError as error:
            raise Refused("too_large_picture", str(error)) from error
        except av.error.FFmpegError as error:
            words = f"{error}: {'; '.join(message.strip() for _, _, message in log)}"
            # An MP4 keeps its table of contents at the end unless told otherwise: cut off, it has none.
            raise Refused("truncated" if "moov atom not found" in words else "unsupported_format", words) from error


def is_moving_picture(stream: VideoStream) -> bool:
    return stream.codec_context is not None and not stream.disposition & Disposition.attached_pic


def refuse_large_picture(stream: Stream, limits: dict[str, float]) -> None:
    if not isinstance(stream, VideoStream):
        return
    long_side, short_side = max(stream.width, stream.height), min(stream.width, stream.height)
    if long_side > limits["long_side"] or short_side > limits["short_side"]:
        raise Refused("too_large_picture", f"{stream.width}x{stream.height}")


def refuse_many_frames(stream: Stream, limits: dict[str, float]) -> None:
    if isinstance(stream, VideoStream) and frame_rate(stream) > limits["fps"]:
        raise Refused("too_many_frames", f"{float(frame_rate(stream)):.0f} a second")


def refuse_long(ends: dict[int, float], limits: dict[str, float]) -> None:
    if max(ends.values()) > limits["duration"]:
        raise Refused("too_long", f"{max(ends.values()):.0f} s")


def frame_rate(video: VideoStream) -> Fraction:
    """Frames a second: the average, unless the container's clock (AVI, screen recordings) makes it too fast."""
    return min((rate for rate in (video.average_rate, video.guessed_rate) if rate), default=Fraction(30))


def promised_end(container: InputContainer) -> float:
    """Seconds from the start of the file to its end as the header has it, 0 if it has none."""
    return (container.duration or 0) / av.time_base


def has_no_index(container: InputContainer) -> bool:
    """Going to a second of an MP3 is a guess: it is read from the start instead."""
    return container.format.name == "mp3"


def offset(container: InputContainer) -> float:
    return (container.start_time or 0) / av.time_base


def decode_samples(container: InputContainer, stream: Stream, limits: dict[str, float]) -> list[Any]:
    """A decoded frame near the start, the middle and the end.

    Raises no_frames if there is none at the start, truncated if there is none later.
    """
    refuse_large_picture(stream, limits)
    first = first_frame(container, stream)
    if first is None:
        raise Refused("no_frames", f"stream {stream.index}, {stream.codec_context.name}")
    refuse_many_frames(stream, limits)
    end = promised_end(container)
    frames = [first]
    for moment in (end / 2, end - 1.0) if end > 2 and not has_no_index(container) else ():
        seek(container, moment)
        frame = first_frame(container, stream)
        if frame is None:
            raise Refused("truncated", f"no frame from second {moment:.1f} of {end:.1f}")
        frames.append(frame)
    return frames


def seek(container: InputContainer, moment: float) -> None:
    try:
        container.seek(int((moment + offset(container)) * av.time_base))
    except av.error.FFmpegError as error:
        raise Refused("truncated", f"cannot go to second {moment:.1f}: {error}") from error


def first_frame(container: InputContainer, stream: Stream) -> Any | None:
    """The next frame that can be decoded; a few damaged packets before it do no harm."""
    for number, packet in enumerate(packets(container, stream)):
        if number > PACKETS_BEFORE_A_FRAME:
            return None
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            continue
        if frames:
            return frames[0]
    return None


def packets(container: InputContainer, *streams: Stream) -> Iterator[Packet]:
    """Packets until the end of the file, or until where reading it fails."""
    try:
        yield from container.demux(*streams)
    except av.error.FFmpegError:
        return


def stream_ends(container: InputContainer, streams: list[Stream], *, trusted: bool) -> dict[int, float]:
    """Second at which each of the streams really ends, counted from the start of the file.

    Raises truncated where the header can be `trusted` and the data ends before what it promises. Reads the last
    seconds only, or everything where there is no index, no promise, or a stream that ends early.
    """
    promised = promised_end(container)
    seek(container, 0.0 if has_no_index(container) else max(promised - END_WINDOW, 0.0))
    ends = last_packets(container)
    reached = max(ends.values(), default=0.0)
    if trusted and reached < promised - max(1.0, promised / 100):
        raise Refused("truncated", f"{promised:.1f} s promised, data ends at {reached:.1f} s")
    if any(stream.index not in ends for stream in streams):
        seek(container, 0.0)
        ends = last_packets(container)
    return {stream.index: ends.get(stream.index, 0.0) for stream in streams}


def last_packets(container: InputContainer) -> dict[int, float]:
    """From here to the end of the file: the latest end of a packet, by stream index, in seconds."""
    ends: dict[int, float] = {}
    for packet in packets(container):
        moment = packet.pts if packet.pts is not None else packet.dts
        if moment is None or packet.time_base is None:
            continue
        end = float((moment + (packet.duration or 0)) * packet.time_base) - offset(container)
        ends[packet.stream_index] = max(end, ends.get(packet.stream_index, 0.0))
    return ends


def describe_video(video: VideoStream, frames: list[VideoFrame], ends: dict[int, float]) -> dict[str, Any]:
    rotation = frames[0].rotation % 360
    aspect = video.sample_aspect_ratio or Fraction(1)
    width, height = max(round(video.width * aspect), 1), video.height
    if rotation in (90, 270):
        width, height = height, width
    return {
        "index": video.index,
        "codec": video.codec_context.codec.canonical_name,
        "width": width,
        "height": height,
        "rotation": rotation,
        "fps": str(frame_rate(video)),
        "pix_fmt": video.codec_context.pix_fmt or "",
        "interlaced": any(frame.interlaced_frame for frame in frames),
        "duration": ends[video.index],
    }


def describe_audio(audio: Any, ends: dict[int, float]) -> dict[str, Any]:
    return {
        "index": audio.index,
        "codec": audio.codec_context.codec.canonical_name,
        "channels": audio.codec_context.channels,
        "sample_rate": audio.codec_context.sample_rate or 0,
        "language": language_of(audio),
        "duration": ends[audio.index],
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


def main(path: str, demuxer: str, limits: str) -> None:
    av.logging.set_level(av.logging.ERROR)
    try:
        answer = examine(path, demuxer, json.loads(limits))
    except Refused as refusal:
        answer = {"error": refusal.code, "detail": refusal.detail}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
