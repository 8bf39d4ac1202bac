"""The words of a file that is handed out: plain text, Markdown, PDF. Others, and what cannot be read, have none."""

import json
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path, PurePath
from typing import IO

from knowledge.written.markdown_words import paragraphs_of_markdown, paragraphs_of_plain
from knowledge.written.sections import Paragraph
from media_library.ffmpeg.child import GIB, Capture, Confinement, supervise, time_limit_watch
from media_library.ffmpeg.errors import MediaError

PDF_CHILD = Path(__file__).with_name("pdf_child.py")
MOST_BYTES = 50_000_000  # of a file that is read at all
MOST_CHARACTERS = 2_000_000  # of what is taken from it: about 300,000 words
MOST_PAGES = 1_000
PDF_SECONDS = 60.0
PDF_OUTPUT_BYTES = 20_000_000
MARKDOWN, PLAIN, PDF = {".md", ".markdown"}, {".txt", ".text"}, ".pdf"
CONFINED = Confinement(memory=2 * GIB, file_size=0, cpu=int(PDF_SECONDS), reads=(PDF_CHILD,))


class Trouble(StrEnum):
    """Why nothing is found in a file that should have words."""

    LOCKED = "locked"  # a password is needed
    TOO_MUCH = "too_much"  # it takes too long, or holds far more than its size tells
    BROKEN = "broken"


#: By how the child ended: its own numbers, or the signals of a limit that it ran into.
ENDINGS: dict[int, Trouble | None] = {
    0: None, 3: Trouble.LOCKED, 4: Trouble.TOO_MUCH, -signal.SIGKILL: Trouble.TOO_MUCH,
    -signal.SIGXCPU: Trouble.TOO_MUCH,
}  # fmt: skip


class Unread(Exception):
    """Nothing of it could be read, and why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


def is_readable(filename: str, size_bytes: int) -> bool:
    """Whether it is worth opening."""
    return _kind(filename) in {*MARKDOWN, *PLAIN, PDF} and 0 < size_bytes <= MOST_BYTES


def paragraphs_of_file(file: IO[bytes], *, filename: str) -> list[Paragraph]:
    """By its name; a PDF tells the page of each paragraph. Raises Unread for a PDF of which no page can be read."""
    kind = _kind(filename)
    if kind == PDF:
        return _of_pdf(file)
    text = file.read(4 * MOST_CHARACTERS).decode("utf-8-sig", errors="replace").replace("\0", " ")[:MOST_CHARACTERS]
    return paragraphs_of_markdown(text) if kind in MARKDOWN else paragraphs_of_plain(text)


def _kind(filename: str) -> str:
    return PurePath(filename).suffix.lower()


def _of_pdf(file: IO[bytes]) -> list[Paragraph]:
    """Read by a child that may read this one file, write nothing, and takes neither long nor much memory.

    What it told before it was ended is kept.
    """
    with tempfile.NamedTemporaryFile(suffix=PDF) as copy:
        shutil.copyfileobj(file, copy)
        copy.flush()
        limits = [str(MOST_PAGES), str(MOST_CHARACTERS)]
        argv = [sys.executable, "-I", str(PDF_CHILD), "-i", f"file:{copy.name}", *limits]
        told = Capture(PDF_OUTPUT_BYTES)
        trouble = _told_by(argv, told)
    found = [
        Paragraph(one.text, page=page)
        for page, text in _pages(bytes(told.data))
        for one in paragraphs_of_plain(text.replace("\0", " "))
    ]
    if trouble and not found:
        raise Unread(trouble)
    return found


def _told_by(argv: list[str], told: Capture) -> Trouble | None:
    try:
        ended = supervise(argv, confinement=CONFINED, on_output=told, watch=time_limit_watch(PDF_SECONDS))
    except MediaError:
        return Trouble.TOO_MUCH
    return ENDINGS.get(ended.code, Trouble.BROKEN)


def _pages(told: bytes) -> Iterator[tuple[int, str]]:
    """Of a child that died in the middle of a line, the whole lines."""
    for line in told.splitlines(keepends=True):
        if line.endswith(b"\n"):
            page, text = json.loads(line)
            yield int(page), str(text)
