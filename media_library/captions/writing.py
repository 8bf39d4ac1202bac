"""Timed text as files: WebVTT, SubRip, and plain text to read."""

import html
import textwrap
from collections.abc import Iterable, Sequence
from itertools import groupby

from media_library.captions.text import TimedText

LINE_CHARACTERS = 42  # what a line of captions on a screen has at most, about
PAUSE_SECONDS = 2.0  # begins a paragraph
PARAGRAPH_CHARACTERS = 600
_SENTENCE_ENDS = tuple(".!?…。！？")


def to_webvtt(cues: Iterable[TimedText], *, language: str = "", wraps: bool = False, width: int = 0) -> str:
    """A WebVTT file of these cues; ``parse`` gives the same cues back, to the millisecond.

    ``wraps``: long ones stand in two lines, for players that do not break lines themselves. ``width``: in as many lines
    as are needed for none to have more characters.
    """
    header = f"WEBVTT\nLanguage: {language}" if language else "WEBVTT"
    blocks = (_cue_block(cue, wraps=wraps, width=width) for cue in cues if cue.text.strip())
    return "\n\n".join([header, *blocks]) + "\n"


def to_srt(cues: Iterable[TimedText]) -> str:
    """A SubRip file, long cues in two lines, speakers before what they say."""
    said = [cue for cue in cues if cue.text.strip()]
    return "\n".join(_numbered_block(number, cue) for number, cue in enumerate(said, start=1))


def to_text(cues: Iterable[TimedText]) -> str:
    """Words to read, without times: a paragraph for each speaker, pause or thought. Speakers stand before theirs."""
    paragraphs = _paragraphs([cue for cue in cues if cue.text.strip()])
    turns = [_paragraph(speaker, group) for speaker, group in paragraphs]
    return "\n\n".join(turns) + "\n" if turns else ""


def language_told(text: str) -> str:
    """The language that the header of a WebVTT text names, such as ``de``; empty where it names none."""
    for line in text.lstrip("\ufeff \t\r\n").splitlines()[1:10]:
        name, colon, value = line.partition(":")
        if not line.strip() or "-->" in line:
            break
        if colon and name.strip().lower() == "language":
            return value.strip()
    return ""


def _cue_block(cue: TimedText, *, wraps: bool, width: int) -> str:
    voice = f"<v {_escaped(cue.speaker)}>" if cue.speaker else ""
    end = max(cue.end, cue.start + 0.001)  # a player ignores a cue without duration
    lines = textwrap.wrap(cue.text, width) if width else _lines(cue.text) if wraps else [cue.text]
    text = "\n".join(map(_escaped, lines))
    return f"{_timestamp(cue.start)} --> {_timestamp(end)}\n{voice}{text}"


def _numbered_block(number: int, cue: TimedText) -> str:
    """SubRip knows no entities: a bracket that would read as markup, or as an arrow, becomes one that does not."""
    start, end = (_timestamp(second).replace(".", ",") for second in (cue.start, max(cue.end, cue.start + 0.001)))
    words = f"{cue.speaker}: {cue.text}" if cue.speaker else cue.text
    text = "\n".join(_lines(words)).replace("<", "‹").replace(">", "›").replace("{\\", "{ \\")
    return f"{number}\n{start} --> {end}\n{text}\n"


def _lines(text: str) -> list[str]:
    """One line, or two that are about as long as each other."""
    text = " ".join(text.split())
    if len(text) <= LINE_CHARACTERS:
        return [text]
    blanks = [place for place, sign in enumerate(text) if sign == " "]
    if not blanks:
        return [text]
    place = min(blanks, key=lambda blank: abs(2 * blank - len(text)))
    return [text[:place], text[place + 1 :]]


def _paragraphs(cues: Sequence[TimedText]) -> list[tuple[str, list[TimedText]]]:
    numbers: list[int] = []
    number, length = 0, 0
    for before, cue in zip([None, *cues], cues, strict=False):
        if before is not None and _begins_anew(before, cue, length):
            number, length = number + 1, 0
        length += len(cue.text)
        numbers.append(number)
    groups = groupby(zip(numbers, cues, strict=True), key=lambda pair: pair[0])
    found = [[cue for _number, cue in group] for _key, group in groups]
    return [(group[0].speaker, group) for group in found]


def _begins_anew(before: TimedText, cue: TimedText, length: int) -> bool:
    is_long = length >= PARAGRAPH_CHARACTERS and before.text.endswith(_SENTENCE_ENDS)
    return cue.speaker != before.speaker or cue.start - before.end > PAUSE_SECONDS or is_long


def _paragraph(speaker: str, cues: Sequence[TimedText]) -> str:
    words = " ".join(" ".join(cue.text.split()) for cue in cues)
    return f"{speaker}: {words}" if speaker else words


def _escaped(text: str) -> str:
    """Text on one line: an arrow or a blank line in it would end the cue, ``{\\`` would read as SubRip markup."""
    return " ".join(html.escape(text, quote=False).replace("{\\", "&#123;\\").split())


def _timestamp(seconds: float) -> str:
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"
