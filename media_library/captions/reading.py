"""Reads WebVTT and SubRip into timed text.

What comes in was written by strangers and by machines. It is judged by its content and never by its name; the lines are
put into the one form that webvtt-py reads without losing cues (it drops a WebVTT cue with comma decimals, and reads the
SubRip fraction ``,5`` as 5 ms), and what it gives back is cleaned here.
"""

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import NamedTuple

from webvtt import WebVTT
from webvtt.errors import MalformedCaptionError, MalformedFileError
from webvtt.models import Caption

from media_library.captions.rolling import without_repeats
from media_library.captions.speakers import with_speakers
from media_library.captions.text import (
    MAX_CUE_CHARACTERS,
    MAX_CUES,
    MAX_FILE_BYTES,
    MAX_SECONDS,
    MAX_SPEAKER_CHARACTERS,
    CaptionError,
    TimedText,
    plain,
    plain_text,
)

FALLBACK_SECONDS = 0.5  # for a cue that ends before it begins

_TIME = r"(?:([0-9]{1,4}):)?([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]{1,9}))?"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
# Of a piece of a stream: which second of the stream (in ticks of its clock) a local time of the piece is.
_CLOCK = re.compile(rf"X-TIMESTAMP-MAP=(?=.*MPEGTS:(\d{{1,12}}))(?=.*LOCAL:{_TIME})")
_TICKS = 90_000  # a second
_CLOCK_BEGINS = frozenset({126_000, 900_000})  # at 1.4 or 10 s: so encoders number the first second of a stream
_HEADER_LINES = 10
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]([^<>]*)>")

# The longer mark first: UTF-32-LE begins with the mark of UTF-16-LE.
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}

_EMPTY = "captions_empty", "There are no captions in this file."
_UNREADABLE = (
    "captions_unreadable",
    "This file could not be read as captions. Please use a WebVTT (.vtt) or SubRip (.srt) file.",
)
_FILE_TOO_LARGE = "captions_too_large", f"The caption file is larger than {MAX_FILE_BYTES // 1024**2} MB."
_TOO_MANY_CUES = "captions_too_large", f"The caption file holds more than {MAX_CUES:,} captions."


class _Clock(NamedTuple):
    """The time of a stream, in ticks, that a piece of it names, and the second at which its own clock is at zero."""

    ticks: int
    seconds: float


def decode(content: bytes) -> str:
    """The text of a caption file: by its byte order mark, else UTF-8, else Windows-1252, else Latin-1.

    Never fails on an encoding, since any bytes are Latin-1. Raises ``CaptionError`` for more than 5 MB.
    """
    if len(content) > MAX_FILE_BYTES:
        raise CaptionError(*_FILE_TOO_LARGE)
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    return _decode_unmarked(content)


def parse(text: str, *, begins: float | None = None) -> list[TimedText]:
    """The cues of a WebVTT or SubRip text, by start time; at least one.

    `begins` is the second on the clock of a stream, of which the text is a piece, at which the stream begins.

    Text is one line without markup, entities resolved once; a speaker stands beside it where a file names them
    throughout. Two voices in one cue become two cues of the same time. A cue over 2,000 characters is split at a word,
    its time shared out by length. Raises ``CaptionError``.
    """
    if len(text) > MAX_FILE_BYTES:
        raise CaptionError(*_FILE_TOO_LARGE)
    if text.count("-->") > MAX_CUES:  # before anything is made of them
        raise CaptionError(*_TOO_MANY_CUES)
    lines = _lines(text)
    spoken = (cue for caption in _captions(lines) for cue in _spoken(caption))
    return _finished(_moved(spoken, by=_offset(lines, begins)))


def piece_clock(text: str) -> float | None:
    """The second on the clock of a stream at which this piece's own clock stands at zero; None where it has none."""
    clock = _clock(_LINE_BREAK.split(text, maxsplit=_HEADER_LINES))
    return None if clock is None else clock.seconds


def tidy(cues: Sequence[TimedText]) -> list[TimedText]:
    """Cues that a host told, its entities resolved, made as sane as those that `parse` reads from a file; at least one.

    Markup goes, and so does what lies where no media is. One is said after the other: a cue ends at the latest where
    the next one begins, for how long a host shows it is not how long it is heard. Raises ``CaptionError``.
    """
    if len(cues) > MAX_CUES:
        raise CaptionError(*_TOO_MANY_CUES)
    return _finished(_one_by_one(_moved(filter(lambda cue: cue.text, map(_on_clean_lines, cues)), by=0)))


def _finished(told: Iterable[TimedText]) -> list[TimedText]:
    cues = sorted(dict.fromkeys(told), key=lambda cue: (cue.start, cue.end))
    cues = with_speakers([piece for cue in without_repeats(cues) for piece in _bounded(cue)])
    if not cues:
        raise CaptionError(*_EMPTY)
    if len(cues) > MAX_CUES:
        raise CaptionError(*_TOO_MANY_CUES)
    return cues


def _on_clean_lines(cue: TimedText) -> TimedText:
    text = "\n".join(filter(None, map(plain_text, cue.text.split("\n"))))
    return TimedText(cue.start, cue.end, text, cue.speaker)


def _one_by_one(told: Iterable[TimedText]) -> Iterator[TimedText]:
    cues = sorted(told, key=lambda cue: cue.start)
    for cue, following in zip_longest(cues, cues[1:]):
        overlaps = following is not None and cue.start < following.start < cue.end
        yield TimedText(cue.start, following.start, cue.text, cue.speaker) if overlaps else cue


def _offset(lines: list[str], begins: float | None) -> float:
    """Seconds by which the cues of a piece of a stream come later than they say; 0 for a file on its own."""
    clock = _clock(lines)
    if clock is None or (begins is None and clock.ticks in _CLOCK_BEGINS):
        return 0.0
    return clock.seconds - (begins or 0.0)


def _clock(lines: list[str]) -> _Clock | None:
    found = next(filter(None, map(_CLOCK.match, lines[:_HEADER_LINES])), None)
    if found is None:
        return None
    ticks, hours, minutes, seconds, fraction = found.groups()
    local = int(hours or 0) * 3600 + int(minutes) * 60 + float(f"{seconds}.{fraction or 0}")
    return _Clock(int(ticks), int(ticks) / _TICKS - local)


def _moved(cues: Iterable[TimedText], *, by: float) -> Iterator[TimedText]:
    """What would lie before the start, or where no media reaches, is left out."""
    for cue in cues:
        start = round(cue.start + by, 3)
        if 0 <= start < MAX_SECONDS:
            yield replace(cue, start=start, end=min(round(cue.end + by, 3), MAX_SECONDS)) if by else cue


def _decode_unmarked(content: bytes) -> str:
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _lines(text: str) -> list[str]:
    stripped = text.replace("\x00", "").strip("\ufeff \t\r\n")
    if not stripped:
        raise CaptionError(*_EMPTY)
    return [_canonical(line) for line in _LINE_BREAK.split(stripped)]


def _canonical(line: str) -> str:
    """A timing line as ``HH:MM:SS.mmm --> HH:MM:SS.mmm`` without cue settings; any other line as it is."""
    timing = _TIMING.match(line) if "-->" in line else None
    if timing is None:
        return line
    return f"{_canonical_time(*timing.groups()[:4])} --> {_canonical_time(*timing.groups()[4:])}"


def _canonical_time(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> str:
    return f"{hours or '':0>2}:{minutes:0>2}:{seconds:0>2}.{fraction or '':0<3.3}"


def _captions(lines: list[str]) -> list[Caption]:
    is_webvtt = lines[0].startswith("WEBVTT")
    if is_webvtt and not any("-->" in line for line in lines):
        raise CaptionError(*_EMPTY)
    captions = _read(lines, "vtt") if is_webvtt else _read(list(_numbered(lines)), "srt")
    if not captions:
        raise CaptionError(*_UNREADABLE)
    return captions


def _read(lines: list[str], file_format: str) -> list[Caption]:
    try:
        captions = WebVTT.from_buffer(lines, format=file_format).captions
    except (MalformedFileError, MalformedCaptionError) as error:
        raise CaptionError(*_UNREADABLE) from error
    return [caption for caption in captions if caption.start_time.in_milliseconds() < MAX_SECONDS * 1000]


def _numbered(lines: list[str]) -> Iterator[str]:
    """SubRip from its first timing line on, with a number before each, without which webvtt-py skips the cue."""
    begun, previous = False, ""
    for line in lines:
        if _TIMING.match(line):
            if not (begun and previous.isdigit()):
                yield "1"
            begun = True
        if begun:
            yield line
        previous = line.strip() or previous


def _spoken(caption: Caption) -> Iterator[TimedText]:
    """One cue per voice, its lines still apart; none where nothing is said."""
    start = caption.start_time.in_milliseconds() / 1000
    end = min(caption.end_time.in_milliseconds() / 1000, MAX_SECONDS)
    before, *voices = _VOICE.split(caption.raw_text)
    for speaker, raw in [("", before), *zip_longest(voices[::2], voices[1::2])]:
        text = "\n".join(filter(None, map(plain, raw.split("\n"))))
        if text:
            yield TimedText(start, end, text, plain(speaker)[:MAX_SPEAKER_CHARACTERS].strip())


def _bounded(cue: TimedText) -> Iterator[TimedText]:
    """The cue on one line and with a duration, in pieces of at most 2,000 characters."""
    text = cue.text.replace("\n", " ")
    end = cue.end if cue.end > cue.start else cue.start + FALLBACK_SECONDS
    if len(text) <= MAX_CUE_CHARACTERS:
        start = round(cue.start, 3)
        yield TimedText(start, max(round(end, 3), round(start + 0.001, 3)), text, cue.speaker)
        return
    per_character = (end - cue.start) / len(text)
    for position, piece in _pieces(text):
        piece_start = round(cue.start + position * per_character, 3)
        piece_end = round(cue.start + (position + len(piece)) * per_character, 3)
        yield replace(cue, start=piece_start, end=max(piece_end, round(piece_start + 0.001, 3)), text=piece)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    position = 0
    while len(text) - position > MAX_CUE_CHARACTERS:
        limit = position + MAX_CUE_CHARACTERS
        space = text.rfind(" ", position + 1, limit + 1)
        yield position, text[position : space if space > 0 else limit]
        position = space + 1 if space > 0 else limit
    yield position, text[position:]
