"""When the pictures of H.264 video come, and which of them stand alone: what decides whether it plays as it is.

Nothing is decoded. An MP4 has a table of all its samples; of other files every packet is read, for a minute at most.
"""

import itertools
import statistics
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from av.container import InputContainer
from av.video.stream import VideoStream

from .frames import frame_rate, offset, packets, seek

READING_SECONDS = 60
EVEN = 0.1  # of a frame's time: a step that differs by more is uneven; two milliseconds always are allowed
UNEVEN_SHARE = 0.01
LONGEST_STEP = 4  # frames
TABLE_MAY_LACK = 2.0  # seconds at the end


class Picture(NamedTuple):
    """When its decoding begins (seconds from the start of the file), whether it stands alone, its bytes."""

    at: float
    is_key: bool
    size: int


@dataclass(frozen=True)
class Rhythm:
    """`bit_rate` in bits a second; the distances of keyframes, of the last one to the end too, in seconds.

    `groups_closed`: it begins with a keyframe, and each one looked at lets a decoder forget everything before it.
    """

    bit_rate: int
    is_steady: bool
    longest_group: float
    average_group: float
    groups_closed: bool


def rhythm_of(container: InputContainer, video: VideoStream, ends: dict[int, float]) -> dict[str, Any]:
    """{"rhythm": …}; null for other codecs and where nothing can be said."""
    duration = ends[video.index]
    if video.codec_context.codec.canonical_name != "h264" or duration <= 0:
        return {"rhythm": None}
    pictures = table_of(container, video, duration) or read_all(container, video)
    keyframes = [picture.at for picture in pictures if picture.is_key]
    if not keyframes:
        return {"rhythm": None}
    groups = [after - before for before, after in itertools.pairwise([*keyframes, pictures[-1].at])]
    rhythm = Rhythm(
        bit_rate=round(sum(picture.size for picture in pictures) * 8 / duration),
        is_steady=is_steady(pictures, 1 / float(frame_rate(video))),
        longest_group=max(groups),
        average_group=duration / len(keyframes),
        groups_closed=pictures[0].is_key and groups_are_closed(container, video, keyframes),
    )
    return {"rhythm": asdict(rhythm)}


def table_of(container: InputContainer, video: VideoStream, duration: float) -> list[Picture]:
    """All pictures by an MP4's table; empty where it has none, or not of the whole file."""
    if "mp4" not in container.format.name or video.time_base is None:
        return []
    tick, start = float(video.time_base), offset(container)
    table = [Picture(entry.timestamp * tick - start, entry.is_keyframe, entry.size) for entry in video.index_entries]
    is_whole = len(table) > 1 and table[-1].at >= duration - TABLE_MAY_LACK
    return table if is_whole else []


def read_all(container: InputContainer, video: VideoStream) -> list[Picture]:
    """All pictures by their packets; empty where reading takes too long."""
    deadline = time.monotonic() + READING_SECONDS
    seek(container, 0.0)
    start, pictures = offset(container), []
    for packet in packets(container, video):
        if packet.dts is not None and packet.size:
            pictures.append(Picture(float(packet.dts * packet.time_base) - start, packet.is_keyframe, packet.size))
        if time.monotonic() > deadline:
            return []
    return pictures


def is_steady(pictures: Iterable[Picture], typical: float) -> bool:
    steps = [after.at - before.at for before, after in itertools.pairwise(pictures)]
    if not steps or abs(statistics.median(steps) - typical) > max(typical * EVEN, 0.002):
        return False
    uneven = sum(abs(step - typical) > max(typical * EVEN, 0.002) for step in steps)
    return uneven <= len(steps) * UNEVEN_SHARE and max(steps) <= typical * LONGEST_STEP


def groups_are_closed(container: InputContainer, video: VideoStream, keyframes: list[float]) -> bool:
    """Whether a keyframe at the start, the middle and the end is an IDR picture: an open group needs the one before."""
    for moment in {keyframes[0], keyframes[len(keyframes) // 2], keyframes[-1]}:
        seek(container, max(moment + 0.001, 0.0))
        packet = next(packets(container, video), None)
        if packet is None or not is_idr(bytes(packet)):
            return False
    return True


def is_idr(data: bytes) -> bool:
    """Of H.264 as MP4 and Matroska keep it, each unit after four bytes of its length."""
    position = 0
    while position + 4 < len(data):
        kind = data[position + 4] & 0x1F
        if kind in (1, 5):
            return kind == 5
        position += 4 + int.from_bytes(data[position : position + 4], "big")
    return False
