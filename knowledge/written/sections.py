"""What is written, as paragraphs below headings, and how it is cut into passages. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from knowledge.chunking import chunk, words_in

LONGEST_HEADING = 200
#: Chapters shorter than this share of a passage are joined with what follows: a line alone is no answer.
SHORTEST_CHAPTER = 0.2
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words that belong together; the heading they stand under, and the page of a file (from 1) on which they begin."""

    text: str
    heading: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class WrittenChunk:
    """A passage of what is written: paragraphs stand on lines of their own."""

    text: str
    heading: str
    page: int | None
    words: int


@dataclass(frozen=True, slots=True)
class _Sentence:
    """One that is to be cut like a cue: nothing written takes time."""

    text: str
    paragraph: int
    start: float = 0.0
    end: float = 0.0
    speaker: str = ""


def chunk_written(paragraphs: Sequence[Paragraph], *, size: int, overlap: int) -> list[WrittenChunk]:
    """Passages of at most `size` words within one heading, each repeating about `overlap` words of the one before."""
    sentences = [
        _Sentence(" ".join(sentence.split()), number)
        for number, paragraph in enumerate(paragraphs)
        for sentence in _SENTENCE_END.split(paragraph.text)
        if sentence.strip()
    ]
    headings = [paragraphs[sentence.paragraph].heading for sentence in sentences]
    lengths = [words_in(sentence.text) for sentence in sentences]
    borders = chapter_borders(headings, lengths, shortest=int(size * SHORTEST_CHAPTER))
    return [
        _written(piece.text, sentences[piece.first_cue : piece.last_cue], paragraphs, piece.words)
        for piece in chunk(sentences, size=size, overlap=overlap, borders=borders)
    ]


def chapter_borders(headings: Sequence[str], lengths: Sequence[int], *, shortest: int) -> list[int]:
    """Where another heading begins, unless fewer than `shortest` words stand between it and its neighbors.

    `headings` and `lengths` (in words) tell of each sentence or cue; answers indexes of those that begin a chapter.
    """
    total = [0, *accumulate(lengths)]
    borders = [0]
    for index in range(1, len(headings)):
        if headings[index] != headings[index - 1] and total[index] - total[borders[-1]] >= shortest:
            borders.append(index)
    if len(borders) > 1 and total[-1] - total[borders[-1]] < shortest:
        borders.pop()
    return borders[1:]


def _written(
    text: str, sentences: Sequence[_Sentence], paragraphs: Sequence[Paragraph], words: int
) -> WrittenChunk:  # fmt: skip
    """Where a sentence longer than a passage had to be cut itself, its words stand in one line.

    That is told by lengths: one sentence of a whole book is a part of each of its passages.
    """
    first = paragraphs[sentences[0].paragraph]
    is_whole = sum(len(sentence.text) + 1 for sentence in sentences) - 1 == len(text)
    shown = "\n".join(_lines(sentences)) if is_whole else text
    return WrittenChunk(shown, first.heading[:LONGEST_HEADING], first.page, words)


def _lines(sentences: Iterable[_Sentence]) -> Iterator[str]:
    """One a paragraph."""
    by_paragraph: dict[int, list[str]] = {}
    for sentence in sentences:
        by_paragraph.setdefault(sentence.paragraph, []).append(sentence.text)
    for of_one in by_paragraph.values():
        yield " ".join(of_one)
