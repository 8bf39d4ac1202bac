"""MP4 files that we wrote, read without a decoder: what they announce, and where their keyframes are.

Box names are those of ISO/IEC 14496-12. Only what FFmpeg writes is understood; everything else raises MediaError.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from .errors import MediaError

LARGEST_TABLE = 200_000_000  # bytes; the one of a film of 12 hours has a tenth of that
NOT_A_KEYFRAME = 0x10000
DURATION, SIZE, FLAGS, OFFSET = 0x100, 0x200, 0x400, 0x800
Span = tuple[int, int]


@dataclass(frozen=True)
class Track:
    """`kind` is 'video' or 'audio', `timescale` ticks a second, `duration` in seconds (0 where fragments follow).

    `codec` as playlists name it (RFC 6381); the defaults hold for samples whose fragment does not say.
    """

    kind: str
    timescale: int
    duration: float
    codec: str
    default_duration: int = 0
    default_flags: int = 0


def read_tracks(path: Path) -> list[Track]:
    """The tracks that the header of a file announces. Raises MediaError('transcode_failed')."""
    try:
        with path.open("rb") as file:
            moov = find_top(file, b"moov")
        return [read_track(moov, trak) for trak in children(moov, (0, len(moov)), b"trak")]
    except (struct.error, StopIteration, IndexError, OSError) as error:
        raise MediaError("transcode_failed", detail=f"{path.name} cannot be read: {error!r}") from error


def keyframe_times(segment: Path, track: Track) -> list[float]:
    """Seconds at which the keyframes of a segment are shown.

    Raises MediaError('transcode_failed') where it begins with another frame.
    """
    try:
        with segment.open("rb") as file:
            samples = list(read_samples(find_top(file, b"moof"), track))
    except (struct.error, StopIteration, IndexError, OSError) as error:
        raise MediaError("transcode_failed", detail=f"{segment.name} cannot be read: {error!r}") from error
    if not samples or not samples[0][1]:
        raise MediaError("transcode_failed", detail=f"{segment.name} does not begin with a keyframe")
    return [tick / track.timescale for tick, is_key in samples if is_key]


def find_top(file: BinaryIO, name: bytes) -> bytes:
    """The content of the first box of this name in a file; others are skipped unread."""
    while head := file.read(8):
        size, kind = struct.unpack(">I4s", head)
        length = size - 8
        if size == 1:
            length = struct.unpack(">Q", file.read(8))[0] - 16
        if kind == name and length <= LARGEST_TABLE:
            return file.read(length)
        file.seek(length, 1)
    raise StopIteration(name)


def children(data: bytes, span: Span, name: bytes) -> Iterator[Span]:
    """Where the contents of the boxes of this name directly inside a box lie."""
    at, end = span
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, at)
        if kind == name:
            yield at + 8, at + size
        at += max(size, 8)


def child(data: bytes, span: Span, *names: bytes) -> Span:
    for name in names:
        span = next(children(data, span, name))
    return span


def read_track(moov: bytes, trak: Span) -> Track:
    header, _ = child(moov, trak, b"mdia", b"mdhd")
    is_long = moov[header] == 1
    timescale, duration = struct.unpack_from(">IQ" if is_long else ">II", moov, header + (20 if is_long else 12))
    handler, _ = child(moov, trak, b"mdia", b"hdlr")
    kind = {b"vide": "video", b"soun": "audio"}.get(moov[handler + 8 : handler + 12], "other")
    description = child(moov, trak, b"mdia", b"minf", b"stbl", b"stsd")
    return Track(kind, timescale, duration / timescale, codec_of(moov, description), *defaults_of(moov))


def codec_of(moov: bytes, description: Span) -> str:
    """Of H.264 its profile, constraints and level are part of the name; all sound is AAC-LC."""
    at = moov.find(b"avcC", *description)
    return f"avc1.{moov[at + 5 : at + 8].hex()}" if at >= 0 else "mp4a.40.2"


def defaults_of(moov: bytes) -> tuple[int, int]:
    """Duration and flags that samples of fragments have unless told otherwise."""
    for extends in children(moov, (0, len(moov)), b"mvex"):
        at, _ = child(moov, extends, b"trex")
        duration, _, flags = struct.unpack_from(">III", moov, at + 12)
        return duration, flags
    return 0, 0


def read_samples(moof: bytes, track: Track) -> Iterator[tuple[int, bool]]:
    """When each frame of a fragment is shown, in ticks, and whether it is a keyframe, in the order of decoding."""
    traf = child(moof, (0, len(moof)), b"traf")
    duration, flags = fragment_defaults(moof, child(moof, traf, b"tfhd"), track)
    times, _ = child(moof, traf, b"tfdt")
    clock = struct.unpack_from(">Q" if moof[times] == 1 else ">I", moof, times + 4)[0]
    for run in children(moof, traf, b"trun"):
        for lasts, looks, later in read_run(moof, run, duration, flags):
            yield clock + later, not looks & NOT_A_KEYFRAME
            clock += lasts


def fragment_defaults(moof: bytes, header: Span, track: Track) -> tuple[int, int]:
    at, _ = header
    told = struct.unpack_from(">I", moof, at)[0] & 0xFFFFFF
    values = {0x8: track.default_duration, 0x10: 0, 0x20: track.default_flags}
    at += 8 + (8 if told & 0x1 else 0) + (4 if told & 0x2 else 0)
    for bit in values:
        if told & bit:
            values[bit] = struct.unpack_from(">I", moof, at)[0]
            at += 4
    return values[0x8], values[0x20]


def read_run(moof: bytes, run: Span, duration: int, flags: int) -> Iterator[tuple[int, int, int]]:
    """Ticks that each sample lasts, its flags, and by how many ticks it is shown later than decoded."""
    at, _ = run
    head, count = struct.unpack_from(">II", moof, at)
    told = head & 0xFFFFFF
    at += 8 + (4 if told & 0x1 else 0)
    first_flags = struct.unpack_from(">I", moof, at)[0] if told & 0x4 else flags
    at += 4 if told & 0x4 else 0
    columns = [bit for bit in (DURATION, SIZE, FLAGS, OFFSET) if told & bit]
    row = struct.Struct(">" + "".join("i" if bit == OFFSET else "I" for bit in columns))
    for number in range(count):
        values = dict(zip(columns, row.unpack_from(moof, at + number * row.size), strict=True))
        otherwise = first_flags if number == 0 else flags
        yield values.get(DURATION, duration), values.get(FLAGS, otherwise), values.get(OFFSET, 0)
