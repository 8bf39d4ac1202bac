"""Captions: reads WebVTT and SubRip into timed text, and writes timed text as WebVTT.

What comes in was written by strangers and by machines. It is judged by its content and never by its name; the lines are
put into the one form that webvtt-py reads without losing cues (it drops a WebVTT cue with comma decimals, and reads the
SubRip fraction ``,5`` as 5 ms), and what it gives back is cleaned here.
"""

import codecs
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from webvtt import WebVTT
from webvtt.errors import MalformedCaptionError, MalformedFileError
from webvtt.models import Caption

MAX_FILE_BYTES = 5 * 1024 * 1024
MAX_CUES = 50_000
MAX_CUE_CHARACTERS = 2_000
MAX_SPEAKER_CHARACTERS = 100
MAX_SECONDS = 100 * 3600  # no media is longer: a stray time must not become its length
FALLBACK_SECONDS = 0.5  # for a cue that ends before it begins

_TIME = r"(?:([0-9]{1,4}):)?([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]{1,9}))?"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]([^<>]*)>")
_MARKUP = re.compile(r"</?(?:[A-Za-z][^<>]*)?>|<[0-9:.]+>|\{\\[A-Za-z][^{}]*\}")
# Control characters, zero-width fillers and lone surrogates: unseen by a reader, refused by PostgreSQL, or both.
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\ufeff\ud800-\udfff]")

# The longer mark first: UTF-32-LE begins with the mark of UTF-16-LE.
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}

# Rolling captions: each cue repeats the lines still on the screen. CEA-608 rolls at most four of them, and the cues
# follow each other without a gap; YouTube puts a cue of 10 ms between two lines.
_ROLLING_LINES = 4
_ROLLING_GAP_SECONDS = 0.1
_FLASH_SECONDS = 0.05

_EMPTY = "captions_empty", "There are no captions in this file."
_UNREADABLE = (
    "captions_unreadable",
    "This file could not be read as captions. Please use a WebVTT (.vtt) or SubRip (.srt) file.",
)
_FILE_TOO_LARGE = "captions_too_large", f"The caption file is larger than {MAX_FILE_BYTES // 1024**2} MB."
_TOO_MANY_CUES = "captions_too_large", f"The caption file holds more than {MAX_CUES:,} captions."


class CaptionError(Exception):
    """Captions that cannot be used.

    ``code`` is ``captions_empty``, ``captions_unreadable`` or ``captions_too_large``; ``message`` is for the creator.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class TimedText:
    """Words with the time in which they were said: seconds from the start of the media, end after start."""

    start: float
    end: float
    text: str
    speaker: str = ""


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


def parse(text: str) -> list[TimedText]:
    """The cues of a WebVTT or SubRip text, by start time; at least one.

    Text is one line without markup, entities resolved once; two voices in one cue become two cues of the same time. A
    cue over 2,000 characters is split at a word, its time shared out by length. Raises ``CaptionError``.
    """
    if len(text) > MAX_FILE_BYTES:
        raise CaptionError(*_FILE_TOO_LARGE)
    if text.count("-->") > MAX_CUES:  # before anything is made of them
        raise CaptionError(*_TOO_MANY_CUES)
    cues = [cue for caption in _captions(_lines(text)) for cue in _spoken(caption)]
    cues.sort(key=lambda cue: (cue.start, cue.end))
    cues = [piece for cue in _without_repeats(list(dict.fromkeys(cues))) for piece in _bounded(cue)]
    if not cues:
        raise CaptionError(*_EMPTY)
    if len(cues) > MAX_CUES:
        raise CaptionError(*_TOO_MANY_CUES)
    return cues


def to_webvtt(cues: Iterable[TimedText]) -> str:
    """A WebVTT file of these cues; ``parse`` gives the same cues back, to the millisecond."""
    return "\n\n".join(["WEBVTT", *(_cue_block(cue) for cue in cues if cue.text.strip())]) + "\n"


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
        text = "\n".join(filter(None, map(_plain, raw.split("\n"))))
        if text:
            yield TimedText(start, end, text, _plain(speaker)[:MAX_SPEAKER_CHARACTERS].strip())


def _plain(raw: str) -> str:
    return " ".join(_INVISIBLE.sub("", html.unescape(_MARKUP.sub("", raw))).split())


def _without_repeats(cues: list[TimedText]) -> list[TimedText]:
    """Rolling captions with every line said once; any other captions as they are, for people do repeat themselves."""
    repeats = [_repeated_lines(before, cue) for before, cue in pairwise(cues)]
    if not _are_rolling(cues, repeats):
        return cues
    kept = cues[:1]
    for cue, repeated in zip(cues[1:], repeats, strict=True):
        fresh = "\n".join(cue.text.split("\n")[repeated:])
        if fresh:
            kept.append(replace(cue, text=fresh))
        else:
            kept[-1] = replace(kept[-1], end=max(kept[-1].end, cue.end))
    return kept


def _repeated_lines(before: TimedText, cue: TimedText) -> int:
    """How many lines at the start of a cue were the last lines of the cue before it."""
    if before.speaker != cue.speaker or cue.start - before.end > _ROLLING_GAP_SECONDS:
        return 0
    shown, lines = before.text.split("\n"), cue.text.split("\n")
    counts = range(min(_ROLLING_LINES, len(shown), len(lines)), 0, -1)
    return next((count for count in counts if shown[-count:] == lines[:count]), 0)


def _are_rolling(cues: list[TimedText], repeats: list[int]) -> bool:
    """Whether at least half of the cues repeat the one before them, as only rolling captions do."""
    rolled = sum(
        repeated > 0 and (cue.text.count("\n") >= repeated or min(_seconds(before), _seconds(cue)) < _FLASH_SECONDS)
        for (before, cue), repeated in zip(pairwise(cues), repeats, strict=True)
    )
    return rolled >= 2 and rolled * 2 >= len(repeats)


def _seconds(cue: TimedText) -> float:
    return cue.end - cue.start


def _bounded(cue: TimedText) -> Iterator[TimedText]:
    """The cue on one line and with a duration, in pieces of at most 2,000 characters."""
    text = cue.text.replace("\n", " ")
    end = cue.end if cue.end > cue.start else cue.start + FALLBACK_SECONDS
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


def _cue_block(cue: TimedText) -> str:
    voice = f"<v {_escaped(cue.speaker)}>" if cue.speaker else ""
    end = max(cue.end, cue.start + 0.001)  # a player ignores a cue without duration
    return f"{_timestamp(cue.start)} --> {_timestamp(end)}\n{voice}{_escaped(cue.text)}"


def _escaped(text: str) -> str:
    """Text on one line: an arrow or a blank line in it would end the cue, ``{\\`` would read as SubRip markup."""
    return " ".join(html.escape(text, quote=False).replace("{\\", "&#123;\\").split())


def _timestamp(seconds: float) -> str:
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"
