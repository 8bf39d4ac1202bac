"""Cuts a stream of words into sentences, each one told as soon as it is whole. Pure, in linear time."""

import re
from collections.abc import Iterable, Iterator

from knowledge.asking.citations import CITATION

LONGEST = 1_200  # characters: what has not ended by then is cut

_END = re.compile(r"\n|[.!?…。！？]+[\"'”’»)*_]*")
_ABBREVIATED = re.compile(
    r"(?:^|[\s(])(?:[^\W\d_]|\d{1,3}|(?:[^\W\d_]\.)+[^\W\d_]"
    r"|[Dd]r|[Mm]rs?|[Mm]s|[Pp]rof|[Ss]t|vs|etc|approx|[Nn]o|[Ff]ig|bzw|ca)$"
)
_CLOSED_AT_ONCE = "。！？"
_QUOTES = (("“", "”"), ("«", "»"))


def sentences(pieces: Iterable[str]) -> Iterator[str]:
    """Each sentence with the citations behind its full stop; a line break at its end is kept. Empty pieces pass
    through, so that whoever listens can look at the clock."""
    held, looked = "", 0
    for piece in pieces:
        if not piece:
            yield ""
            continue
        held += piece
        end, looked = _end_in(held, looked)
        while end is not None:
            yield held[:end]
            held = held[end:]
            end, looked = _end_in(held, 0)
    yield from _rest(held)


def _rest(held: str) -> Iterator[str]:
    """Nothing more will come."""
    end, _ = _end_in(held, 0, is_all=True)
    while end is not None:
        yield held[:end]
        held = held[end:]
        end, _ = _end_in(held, 0, is_all=True)
    if held.strip():
        yield held


def _end_in(text: str, looked: int, *, is_all: bool = False) -> tuple[int | None, int]:
    """Where the first sentence ends, None while that cannot be known; and up to where nothing ends for sure."""
    for found in _END.finditer(text, looked):
        end = found.end() if found[0] == "\n" else _after_citations(text, found.end(), is_all=is_all)
        if end is None:
            return (LONGEST, 0) if len(text) >= LONGEST else (None, found.start())
        if found[0] == "\n" or _closes(text, found, end):
            return min(end, LONGEST), 0
    return (LONGEST, 0) if len(text) >= LONGEST else (None, len(text))


def _after_citations(text: str, end: int, *, is_all: bool) -> int | None:
    """Behind the numbers that follow the full stop; None where more of them may be on their way."""
    while True:
        begin = end + len(text[end:]) - len(text[end:].lstrip(" \t"))
        cited = CITATION.match(text, begin)
        if cited:
            end = cited.end()
        elif begin == len(text) or text[begin] in "[【" and _may_become_one(text[begin:]):
            return end if is_all else None
        else:
            return end


def _may_become_one(text: str) -> bool:
    return len(text) < 40 and "]" not in text and "】" not in text


def _closes(text: str, found: re.Match[str], end: int) -> bool:
    if _is_quoting(text[:end]):
        return False
    if end > found.end() or found[0][0] in _CLOSED_AT_ONCE:
        return True
    following = text[end:].lstrip(" \t")[:1]
    if following and (following.islower() or not text[end].isspace()):
        return False
    return found[0][0] != "." or not _ABBREVIATED.search(text[max(found.start() - 12, 0) : found.start()])


def _is_quoting(text: str) -> bool:
    """Inside of a quotation no sentence of ours ends."""
    return text.count('"') % 2 == 1 or any(text.count(begin) > text.count(end) for begin, end in _QUOTES)
