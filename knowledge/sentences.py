"""Makes cues readable: the whole sentence around a cue, as safe HTML with the words that were looked for marked."""

import re
from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from knowledge.chunking import SpokenCue

SENTENCE_CHARACTERS = 240  # cues are joined up to here
QUOTE_CHARACTERS = 400  # a longer cue is shown from a little before its first mark
PAUSE_SECONDS = 2.0
NEIGHBORS = 3  # cues on either side that may belong to the sentence

#: Signs that nobody says stand for what has a meaning in HTML, until the text is escaped.
MARK, END_MARK, LESS_THAN = "\ue000", "\ue001", "\x1a"
_NO_SUCH_SIGNS = str.maketrans({MARK: None, END_MARK: None, LESS_THAN: None})

_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?…。！？])\s+|\s*\n\s*")
_MARKS = str.maketrans({MARK: None, END_MARK: None, LESS_THAN: "<"})
_SENTENCE_ENDS = tuple(".!?…。！？")
_CLOSING_MARKS = "\"'”’»)]」』 "


def sentence_around(cues: Sequence[SpokenCue], index: int) -> tuple[int, int]:
    """The half-open range of cues that make the sentence of `cues[index]`: at most 240 characters, one speaker."""
    first, end = index, index + 1
    while end < len(cues) and not _ends(cues[end - 1]) and _joined(cues[first : end + 1]):
        end += 1
    while first > 0 and not _ends(cues[first - 1]) and _joined(cues[first - 1 : end]):
        first -= 1
    return first, end


def _ends(cue: SpokenCue) -> bool:
    return cue.text.rstrip(_CLOSING_MARKS).endswith(_SENTENCE_ENDS)


def _joined(cues: Sequence[SpokenCue]) -> bool:
    """May these be read as one? Same speaker, no long pause, not too much."""
    pauses = [after.start - before.end for before, after in zip(cues, cues[1:], strict=False)]
    return (
        len({cue.speaker for cue in cues}) == 1
        and max(pauses, default=0.0) <= PAUSE_SECONDS
        and len(text_of(cues)) <= SENTENCE_CHARACTERS
    )


def text_of(cues: Sequence[SpokenCue]) -> str:
    return " ".join(" ".join(cue.text.split()) for cue in cues)


def markable(text: str) -> str:
    """The text as PostgreSQL may mark it: it would take `<b>` for markup and drop it."""
    return text.translate(_NO_SUCH_SIGNS).replace("<", LESS_THAN)


def unmarked(marked: str) -> str:
    return marked.translate(_MARKS)


def best_part(marked: str) -> str:
    """Of a long text the sentences, up to 240 characters, in which most words are marked; the first of those."""
    sentences = [sentence for sentence in _BETWEEN_SENTENCES.split(marked) if sentence]
    parts = [_part_from(sentences[n:]) for n in range(len(sentences))]
    return max(parts, key=_marks, default="")


def _part_from(sentences: Sequence[str]) -> str:
    part = sentences[0]
    for sentence in sentences[1:]:
        if len(part) + len(sentence) >= SENTENCE_CHARACTERS:
            break
        part = f"{part} {sentence}"
    return part


def _marks(part: str) -> tuple[bool, int]:
    """Better begin with a marked sentence than with one in front of it."""
    first = _BETWEEN_SENTENCES.split(part)[0]
    return MARK in first, part.count(MARK)


def as_html(marked: str) -> SafeString:
    """Safe HTML of a marked text: everything escaped, then the marks put in."""
    text = escape(_excerpt(marked).replace(LESS_THAN, "<"))
    return mark_safe(text.replace(MARK, "<mark>").replace(END_MARK, "</mark>"))  # noqa: S308  (escaped the line before)


def _excerpt(marked: str) -> str:
    if len(marked) <= QUOTE_CHARACTERS:
        return marked
    begin = max(marked.find(MARK) - QUOTE_CHARACTERS // 4, 0)
    begin = marked.find(" ", begin) + 1 if begin else 0
    part = marked[begin : begin + QUOTE_CHARACTERS]
    part = part[: max(part.rfind(" "), part.rfind(END_MARK) + 1)] or part
    unclosed = END_MARK if part.count(MARK) > part.count(END_MARK) else ""
    return f"{'… ' if begin else ''}{part}{unclosed} …"
