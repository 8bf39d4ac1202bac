"""Whether what a header promises can be decoded: a frame near the start, the middle and the end."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

PACKETS_BEFORE_A_FRAME = 2_000


class Refused(Exception):
    """The file cannot be used: a code of errors.CAUSES and words for operators."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def decode_samples(container: InputContainer, stream: Stream, limits: dict[str, float]) -> list[Any]:
    """A decoded frame near the start, the middle and the end.

    Raises no_frames if there is none at the start, truncated if there is none later, encrypted.
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


def refuse_large_picture(stream: Stream, limits: dict[str, float]) -> None:
    if not isinstance(stream, VideoStream):
        return
    long_side, short_side = max(stream.width, stream.height), min(stream.width, stream.height)
    if long_side > limits["long_side"] or short_side > limits["short_side"]:
        raise Refused("too_large_picture", f"{stream.width}x{stream.height}")


def refuse_many_frames(stream: Stream, limits: dict[str, float]) -> None:
    if isinstance(stream, VideoStream) and frame_rate(stream) > limits["fps"]:
        raise Refused("too_many_frames", f"{float(frame_rate(stream)):.0f} a second")


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
        if packet.has_sidedata("encryption_info"):  # common encryption, ISO/IEC 23001-7
            raise Refused("encrypted", f"stream {stream.index}")
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
