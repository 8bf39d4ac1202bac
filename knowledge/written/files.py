"""The words of a file that is handed out: plain text, Markdown, PDF. Others, and what cannot be read, have none."""

import contextlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
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


def is_readable(filename: str, size_bytes: int) -> bool:
    """Whether it is worth opening."""
    return _kind(filename) in {*MARKDOWN, *PLAIN, PDF} and 0 < size_bytes <= MOST_BYTES


def paragraphs_of_file(file: IO[bytes], *, filename: str) -> list[Paragraph]:
    """By its name; a PDF tells the page of each paragraph. Never raises for what is in the file."""
    kind = _kind(filename)
    if kind == PDF:
        return list(_of_pdf(file))
    text = file.read(4 * MOST_CHARACTERS).decode("utf-8-sig", errors="replace").replace("\0", " ")[:MOST_CHARACTERS]
    return paragraphs_of_markdown(text) if kind in MARKDOWN else paragraphs_of_plain(text)


def _kind(filename: str) -> str:
    return PurePath(filename).suffix.lower()


def _of_pdf(file: IO[bytes]) -> Iterator[Paragraph]:
    """Read by a child that may read this one file, write nothing, and takes neither long nor much memory."""
    with tempfile.NamedTemporaryFile(suffix=PDF) as copy:
        shutil.copyfileobj(file, copy)
        copy.flush()
        limits = [str(MOST_PAGES), str(MOST_CHARACTERS)]
        argv = [sys.executable, "-I", str(PDF_CHILD), "-i", f"file:{copy.name}", *limits]
        told = Capture(PDF_OUTPUT_BYTES)
        with contextlib.suppress(MediaError):  # too long, too much: the pages before that are kept
            supervise(argv, confinement=CONFINED, on_output=told, watch=time_limit_watch(PDF_SECONDS))
    for page, text in _pages(bytes(told.data)):
        yield from (Paragraph(one.text, page=page) for one in paragraphs_of_plain(text.replace("\0", " ")))


def _pages(told: bytes) -> Iterator[tuple[int, str]]:
    """Of a child that died in the middle of a line, the whole lines."""
    for line in told.splitlines(keepends=True):
        if line.endswith(b"\n"):
            page, text = json.loads(line)
            yield int(page), str(text)
