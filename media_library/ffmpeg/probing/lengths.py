"""How long each stream really is: the last packets are read, a header may promise what the data does not hold."""

import itertools

from av.container import InputContainer
from av.stream import Stream

from .frames import Refused, has_no_index, offset, packets, promised_end, seek

FIRST_PACKETS = 500
END_WINDOW = 10.0  # seconds before the promised end from which packets are read


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


def refuse_long(ends: dict[int, float], limits: dict[str, float]) -> None:
    if max(ends.values()) > limits["duration"]:
        raise Refused("too_long", f"{max(ends.values()):.0f} s")


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


def stream_starts(container: InputContainer, streams: list[Stream]) -> dict[int, float]:
    """Second at which each of the streams is first shown or heard, counted from the start of the file.

    Missing is a stream that does not begin among the first packets, and a picture of whose beginning a part is cut
    off: a copy would show it. Sound has such a part always, which its encoder needed.
    """
    seek(container, 0.0)
    starts: dict[int, float] = {}
    seen: set[int] = set()
    for packet in itertools.islice(packets(container), FIRST_PACKETS):
        if packet.stream_index not in seen and packet.pts is not None and packet.time_base is not None:
            seen.add(packet.stream_index)
            if not packet.is_discard or packet.stream.type != "video":
                starts[packet.stream_index] = float(packet.pts * packet.time_base) - offset(container)
        if len(seen) == len(streams):
            break
    return starts


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
