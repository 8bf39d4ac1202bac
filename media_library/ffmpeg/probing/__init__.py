"""What is in a media file, found out in a process of its own (see `probe_child`).

Imports nothing of this project but its own modules, and those by a relative name: it runs confined and alone.
"""

import json
import sys
from typing import Any

import av
import av.logging
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from .describe import describe_audio, describe_subtitles, describe_video
from .frames import Refused, decode_samples
from .lengths import refuse_long, stream_ends, stream_starts, tells_length
from .rhythm import rhythm_of

OPTIONS = {"protocol_whitelist": "file", "probesize": "20000000", "analyzeduration": "20000000", "max_streams": "64"}


def main(path: str, demuxer: str, limits: str) -> None:
    """Write the answer, or {"error": code, "detail": words}, as one JSON object on standard output."""
    av.logging.set_level(av.logging.ERROR)
    try:
        answer = examine(path, demuxer, json.loads(limits))
    except Refused as refusal:
        answer = {"error": refusal.code, "detail": refusal.detail}
    json.dump(answer, sys.stdout)


def examine(path: str, demuxer: str, limits: dict[str, float]) -> dict[str, Any]:
    with open_container(path, demuxer) as container:
        video = next((s for s in container.streams.video if is_moving_picture(s)), None)
        audio = [s for s in container.streams.audio if s.codec_context is not None]
        if video is None and not audio:
            raise Refused("no_streams")
        streams: list[Stream] = [video, *audio] if video else [*audio]
        refuse_many(container, limits)
        frames = decode_samples(container, streams[0], limits)
        ends = stream_ends(container, streams, trusted=tells_length(path, demuxer))
        refuse_long(ends, limits)
        starts = stream_starts(container, streams)
        return {
            "duration": max(ends.values()),
            "video": video and describe_video(video, frames, starts, ends) | rhythm_of(container, video, ends),
            "audio": [describe_audio(s, starts, ends) for s in audio],
            "subtitles": [describe_subtitles(s) for s in container.streams.subtitles if s.codec_context is not None],
        }


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


def refuse_many(container: InputContainer, limits: dict[str, float]) -> None:
    if len(container.streams) > limits["streams"]:
        raise Refused("too_many_streams", f"{len(container.streams)} streams")


def is_moving_picture(stream: VideoStream) -> bool:
    return stream.codec_context is not None and not stream.disposition & Disposition.attached_pic
