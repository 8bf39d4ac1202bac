"""The parts of a rendition by the second: what is shown at one moment can be read without reading the whole film."""

import re
from dataclasses import dataclass

from .errors import MediaError

INITIAL = re.compile(r'#EXT-X-MAP:URI="([^"/]+)"')
LENGTH = "#EXTINF:"


@dataclass(frozen=True)
class Segment:
    """A file of a rendition; `start` and `duration` in seconds."""

    file: str
    start: float
    duration: float


@dataclass(frozen=True)
class SegmentList:
    """A playlist of fragmented MP4: the initial file and each segment after it make a file that can be read alone."""

    initial: str
    segments: tuple[Segment, ...]

    @property
    def duration(self) -> float:
        last = self.segments[-1]
        return last.start + last.duration

    @property
    def files(self) -> list[str]:
        """All of them, in order."""
        return [self.initial, *(segment.file for segment in self.segments)]

    def at(self, second: float) -> Segment:
        """The segment that shows a second; the last one for any beyond the end."""
        return next((one for one in self.segments if second < one.start + one.duration), self.segments[-1])


def read_segments(playlist: str) -> SegmentList:
    """Understand a playlist that we wrote. Raises MediaError('no_frames') for one without segments."""
    initial = INITIAL.search(playlist)
    segments: list[Segment] = []
    start = duration = 0.0
    for line in playlist.splitlines():
        if line.startswith(LENGTH):
            duration = float(line.removeprefix(LENGTH).split(",")[0])
        elif line and not line.startswith("#"):
            segments.append(Segment(line, start, duration))
            start += duration
    if initial is None or not segments:
        raise MediaError("no_frames", detail="the playlist names no segments")
    return SegmentList(initial[1], tuple(segments))
