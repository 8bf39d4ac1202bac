"""Whether an encoding really holds what it should: FFmpeg can end well and still have left half of a film out."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .boxes import keyframe_times, read_tracks
from .errors import MediaError
from .plan import Ladder
from .segments import SegmentList, read_segments

SAME_TIME = 0.02  # seconds: less than a frame


@dataclass(frozen=True)
class Written:
    """One playlist with its segments.

    `duration` in seconds, `size` in bytes with playlist and segments, `average` and `peak` (of its busiest segment) in
    bits a second, `codec` as playlists name it (RFC 6381), `keyframes` in seconds, of sound none.
    """

    name: str
    duration: float
    segments: int
    size: int
    average: int
    peak: int
    codec: str
    keyframes: tuple[float, ...] = ()


@dataclass(frozen=True)
class Encoded:
    """What is there of a ladder, complete: its rungs largest first, its sounds the default one first."""

    rungs: tuple[Written, ...]
    sounds: tuple[Written, ...]

    @property
    def size(self) -> int:
        """In bytes, without a master playlist."""
        return sum(part.size for part in (*self.rungs, *self.sounds))


def verify_ladder(folder: Path, ladder: Ladder) -> Encoded:
    """What was written, if all of the ladder was.

    Raises MediaError('transcode_failed') where a playlist or segment is missing or empty, a playlist has no end, is
    not within 1 s or 1 % of its source stream's length, a segment begins with something else than a keyframe, or the
    keyframes of the rungs are not at the same times.
    """
    rungs = tuple(read_rendition(folder, rung.name, ladder.video_duration, "video") for rung in ladder.rungs)
    sounds = tuple(read_rendition(folder, sound.name, sound.duration, "audio") for sound in ladder.sounds)
    for one, other in itertools.pairwise(rungs):
        refuse_other_keyframes(one, other)
    return Encoded(rungs, sounds)


def read_rendition(folder: Path, name: str, duration: float, kind: str) -> Written:
    playlist = read_playlist(folder, name)
    if abs(playlist.duration - duration) > max(1.0, duration / 100):
        fail(f"{name}: {playlist.duration:.1f} s written of {duration:.1f} s")
    tracks = read_tracks(folder / playlist.initial)
    if [track.kind for track in tracks] != [kind]:
        fail(f"{name}: {[track.kind for track in tracks]} instead of {kind}")
    sizes = [file_size(folder / segment.file) for segment in playlist.segments]
    size = sum(sizes) + sum(file_size(folder / file) for file in (f"{name}.m3u8", playlist.initial))
    starts = (keyframe_times(folder / one.file, tracks[0]) for one in playlist.segments if kind == "video")
    return Written(
        name=name,
        duration=playlist.duration,
        segments=len(sizes),
        size=size,
        average=round(sum(sizes) * 8 / playlist.duration),
        peak=peak_of(playlist, sizes),
        codec=tracks[0].codec,
        keyframes=tuple(itertools.chain.from_iterable(starts)),
    )


def read_playlist(folder: Path, name: str) -> SegmentList:
    path = folder / f"{name}.m3u8"
    file_size(path)
    text = path.read_text()
    if "#EXT-X-ENDLIST" not in text.splitlines():
        fail(f"{name}: the playlist has no end")
    return read_segments(text)


def peak_of(playlist: SegmentList, sizes: Iterable[int]) -> int:
    """The last segment may be a fraction of a second, whose rate says nothing."""
    rates = [size * 8 / max(one.duration, 1.0) for one, size in zip(playlist.segments, sizes, strict=True)]
    return round(max(rates))


def refuse_other_keyframes(one: Written, other: Written) -> None:
    """A player changes from one rung to another at a keyframe, and must find one there."""
    pairs = itertools.zip_longest(one.keyframes, other.keyframes, fillvalue=-1.0)
    if any(abs(first - second) > SAME_TIME for first, second in pairs) or one.segments != other.segments:
        fail(f"{one.name} and {other.name} do not have their keyframes at the same times")


def file_size(path: Path) -> int:
    size = path.stat().st_size if path.is_file() else 0
    if size == 0:
        fail(f"{path.name} is missing or empty")
    return size


def fail(detail: str) -> None:
    raise MediaError("transcode_failed", detail=detail)
