"""What HLS playlists tell of a video: how long it is, whether there is a picture, and its subtitles."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from urllib.parse import urljoin

from core.fetch import no_turn
from media_library import captions
from media_library.captions import MAX_SECONDS, CaptionError, TimedText
from media_library.sources.answers import asked
from media_library.sources.choosing import preferred
from media_library.sources.errors import SourceError
from media_library.sources.protocol import Access

MOST_PIECES = 12_000  # of one track of subtitles: twelve hours of four seconds each, and each is a request
LATE = 60.0  # seconds that subtitles may go on after the end
SOON = 30.0  # seconds after which what is not ready is looked at again
PIECE = re.compile(r"^#EXTINF:(\d+(?:\.\d+)?)", re.MULTILINE)
ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^",]*)')
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


def preferred_subtitles(master: Master, languages: Sequence[str]) -> Subtitles:
    """Raises SourceError, captions_absent."""
    tracks, language, is_generated = master.subtitles, attrgetter("language"), attrgetter("is_generated")
    return preferred(tracks, languages, language=language, is_generated=is_generated)


def read_length(access: Access, master: Master) -> float | None:
    """Seconds; None of what is still going on."""
    text = _playlist(access, master.streams[0])
    return _length(text) or None if "#EXT-X-ENDLIST" in text else None


def read_subtitles(access: Access, track: Subtitles) -> list[TimedText]:
    """The cues of all its pieces, on the clock of the first one. Raises SourceError, captions_absent for no words."""
    text = _playlist(access, track.url)
    pieces = [urljoin(track.url, line) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if len(pieces) > MOST_PIECES:
        raise SourceError("provider_changed", detail=f"{len(pieces)} pieces of subtitles")
    found = dict.fromkeys(_cues(access, pieces, most=(_length(text) or MAX_SECONDS) + LATE))
    if not found:
        raise SourceError("captions_absent")
    return sorted(found, key=lambda cue: (cue.start, cue.end))


def _cues(access: Access, pieces: Sequence[str], *, most: float) -> Iterator[TimedText]:
    """Of each piece; a cue that goes on in the next one stands in both. None is at a second later than `most`."""
    begins: float | None = None
    with replace(access.http, take_turn=no_turn).kept() as http:  # what lies in pieces is no question to an API
        for piece in pieces:
            text = asked_text(replace(access, http=http), piece)
            clock = captions.piece_clock(text) or 0.0
            begins = clock if begins is None else begins
            cues = read_cues(text, begins=begins)
            if max([clock - begins, *(cue.end for cue in cues)]) > most:
                raise SourceError("provider_changed", detail=f"subtitles of second {clock - begins:.0f}: {piece}"[:200])
            yield from cues


def read_cues(text: str, *, begins: float | None = None) -> list[TimedText]:
    """Of a caption file of a host's, as `captions.parse` reads it; none where it holds no words.

    Raises SourceError, provider_changed.
    """
    try:
        return captions.parse(text, begins=begins)
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


def _length(playlist: str) -> float:
    """Seconds of all its pieces. Raises SourceError, provider_changed, for more than any media has."""
    seconds = sum(map(float, PIECE.findall(playlist)))
    if seconds > MAX_SECONDS:
        raise SourceError("provider_changed", detail=f"a playlist of {seconds} seconds")
    return seconds


def _is_subtitles(line: str) -> bool:
    return line.startswith("#EXT-X-MEDIA:") and "TYPE=SUBTITLES" in line and "URI=" in line


def _track(url: str, line: str) -> Subtitles:
    facts = {name: value.strip('"') for name, value in ATTRIBUTE.findall(line)}
    name = facts.get("NAME", "").lower()
    return Subtitles(urljoin(url, facts["URI"]), facts.get("LANGUAGE", ""), "auto" in name or "generated" in name)
