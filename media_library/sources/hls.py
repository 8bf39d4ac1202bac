"""What HLS playlists tell of a video: how long it is, whether there is a picture, and its subtitles."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from media_library import captions
from media_library.captions import CaptionError, TimedText
from media_library.sources.answers import asked
from media_library.sources.errors import SourceError
from media_library.sources.protocol import Access

MOST_PIECES = 3000  # of one track of subtitles: each is a request
SOON = 30.0  # seconds after which what is not ready is looked at again
PIECE = re.compile(r"^#EXTINF:(\d+(?:\.\d+)?)", re.MULTILINE)
ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^",]*)')
CLOCK = re.compile(r"X-TIMESTAMP-MAP=(?=.*?MPEGTS:(\d+))(?=.*?LOCAL:(?:(\d+):)?(\d+):(\d+\.\d+))")
TICKS = 90_000  # a second
CODES = {401: "private", 403: "private", 404: "not_found", 410: "deleted", 412: "not_ready"}


@dataclass(frozen=True)
class Subtitles:
    """A track of subtitles. `is_generated`: its name says so."""

    url: str
    language: str
    is_generated: bool


@dataclass(frozen=True)
class Master:
    """The playlist of playlists: the addresses of its streams and its subtitles."""

    streams: Sequence[str]
    subtitles: Sequence[Subtitles]
    has_picture: bool


def read_master(access: Access, url: str) -> Master:
    """Raises SourceError: private, not_found, deleted, not_ready, provider_changed and those of `asked`."""
    lines = _playlist(access, url).splitlines()
    streams = [line for above, line in zip(lines, lines[1:], strict=False) if above.startswith("#EXT-X-STREAM-INF:")]
    if not streams:
        raise SourceError("provider_changed", detail="a playlist without streams")
    return Master(
        streams=[urljoin(url, stream.strip()) for stream in streams],
        subtitles=[_track(url, line) for line in lines if _is_subtitles(line)],
        has_picture=any(line.startswith("#EXT-X-STREAM-INF:") and "RESOLUTION=" in line for line in lines),
    )


def read_length(access: Access, master: Master) -> float | None:
    """Seconds; None of what is still going on."""
    text = _playlist(access, master.streams[0])
    return sum(map(float, PIECE.findall(text))) or None if "#EXT-X-ENDLIST" in text else None


def read_subtitles(access: Access, track: Subtitles) -> list[TimedText]:
    """The cues of all its pieces, on the clock of the first one. Raises SourceError, captions_absent for no words."""
    lines = _playlist(access, track.url).splitlines()
    pieces = [urljoin(track.url, line) for line in lines if line.strip() and not line.startswith("#")]
    found: dict[TimedText, None] = {}  # a cue that goes on in the next piece stands in both
    begins: float | None = None
    for piece in pieces[:MOST_PIECES]:
        text = asked_text(access, piece)
        clock = _clock(text)
        begins = clock if begins is None else begins
        cues = read_cues(CLOCK.sub("", text))  # its clock is told here: it counts from the first piece
        found.update(dict.fromkeys(_moved(cues, clock - begins)))
    if not found:
        raise SourceError("captions_absent")
    return sorted(found, key=lambda cue: (cue.start, cue.end))


def read_cues(text: str) -> list[TimedText]:
    """Of a caption file of a host's; none where it holds no words. Raises SourceError, provider_changed."""
    try:
        return captions.parse(text)
    except CaptionError as error:
        if error.code == "captions_empty":
            return []
        raise SourceError("provider_changed", detail=error.code) from error


def asked_text(access: Access, url: str) -> str:
    """What stands at an address of a stream's. Raises SourceError."""
    answer = asked(access, "GET", url)
    if answer.status in CODES:
        code = CODES[answer.status]
        raise SourceError(code, delay=SOON if code == "not_ready" else None, detail=f"status {answer.status}")
    if answer.status != 200:
        raise SourceError("provider_changed", detail=f"status {answer.status}")
    try:
        return captions.decode(answer.content)
    except CaptionError as error:
        raise SourceError("provider_changed", detail=error.code) from error


def _playlist(access: Access, url: str) -> str:
    text = asked_text(access, url)
    if not text.startswith("#EXTM3U"):
        raise SourceError("provider_changed", detail=f"no playlist: {text[:80]!r}")
    return text


def _is_subtitles(line: str) -> bool:
    return line.startswith("#EXT-X-MEDIA:") and "TYPE=SUBTITLES" in line and "URI=" in line


def _track(url: str, line: str) -> Subtitles:
    facts = {name: value.strip('"') for name, value in ATTRIBUTE.findall(line)}
    name = facts.get("NAME", "").lower()
    return Subtitles(urljoin(url, facts["URI"]), facts.get("LANGUAGE", ""), "auto" in name or "generated" in name)


def _clock(text: str) -> float:
    """The second of the stream at which a piece's own clock stands at zero."""
    found = CLOCK.search(text)
    if found is None:
        return 0.0
    ticks, hours, minutes, seconds = found.groups()
    return int(ticks) / TICKS - (int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds))


def _moved(cues: Sequence[TimedText], seconds: float) -> list[TimedText]:
    if not seconds:
        return list(cues)
    moved = [replace(cue, start=round(cue.start + seconds, 3), end=round(cue.end + seconds, 3)) for cue in cues]
    return [cue for cue in moved if cue.start >= 0]
