"""Which reader a file is for, by its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from media_library.importing.documents import read_document
from media_library.importing.folders import (
    DOCUMENTS,
    ENDINGS,
    MARKDOWN,
    Named,
    files_in_folder,
    files_in_zip,
    read_folder,
)
from media_library.importing.pasted import read_pasted
from media_library.importing.rows import MOST_BYTES, Row, unreadable
from media_library.importing.tables import read_table
from media_library.importing.texts import text_of
from media_library.wording import words_for_size

TABLES, TEXTS, ZIPS = (".csv", ".tsv"), (".txt", ".text", ".list"), (".zip",)
ACCEPTED = (*TABLES, *TEXTS, *ZIPS, *ENDINGS)
ENDING_OF = {"pasted": ".txt", "csv": ".csv", "json": ".json", "markdown": ".md"}
NAME_CHARACTERS = 255


@dataclass(frozen=True)
class File:
    name: str
    content: bytes


@dataclass(frozen=True)
class Given:
    """What somebody wants in the library. `format` is one of `ImportFormat`, `name` that of the file."""

    rows: Sequence[Row]
    format: str
    name: str = ""


def read_text(text: str) -> Given:
    """What was pasted. Raises Refused: empty, too_many_rows."""
    return _with_something(Given(read_pasted(text), "pasted"))


def read_files(files: Sequence[File]) -> Given:
    """One file of any kind, or several of Markdown and JSON.

    Raises Refused, with the field `file`: too_large, unknown_format, one_at_a_time, and like the reader.
    """
    refuse_large(sum(len(file.content) for file in files))
    name = files[0].name[-NAME_CHARACTERS:]
    if len(files) > 1 or _ends(name, MARKDOWN):
        return _several(files, name if len(files) == 1 else _count(len(files)))
    return _with_something(_read(files[0], name))


def read_path(path: Path, *, format: str = "") -> Given:
    """A file, or a folder of Markdown and JSON, on this machine; `format` decides where the name does not.

    Raises Refused like `read_files`, OSError where nothing can be read.
    """
    if path.is_dir():
        return Given(read_folder(files_in_folder(path)), "markdown", path.resolve().name[-NAME_CHARACTERS:])
    refuse_large(path.stat().st_size)
    name = path.name if not format else f"{path.name}{ENDING_OF[format]}"
    given = read_files([File(name, path.read_bytes())])
    return Given(given.rows, given.format, path.name[-NAME_CHARACTERS:])


def read_standard_input(stream: IO[bytes], *, format: str = "") -> Given:
    """Addresses, or what `format` says. Raises Refused like `read_files`."""
    content = stream.read(MOST_BYTES + 1)
    given = read_files([File(f"-{ENDING_OF[format or 'pasted']}", content)])
    return Given(given.rows, given.format)


def _several(files: Sequence[File], name: str) -> Given:
    if not all(_ends(file.name, ENDINGS) for file in files):
        words = _("Several files at once are taken only of Markdown and JSON: put them in a zip.")
        raise unreadable("one_at_a_time", words)
    named: list[Named] = [(file.name, file.content) for file in files]
    return Given(read_folder(named), "markdown", name)


def _read(file: File, name: str) -> Given:
    if _ends(file.name, TABLES):
        return Given(read_table(file.content), "csv", name)
    if _ends(file.name, DOCUMENTS):
        return Given(read_document(file.content), "json", name)
    if _ends(file.name, TEXTS):
        return Given(read_pasted(text_of(file.content)), "pasted", name)
    if _ends(file.name, ZIPS):
        return Given(read_folder(files_in_zip(file.content)), "markdown", name)
    words = _("A file of this kind is not understood. Taken are %(kinds)s.") % {"kinds": ", ".join(ACCEPTED)}
    raise unreadable("unknown_format", words)


def _with_something(given: Given) -> Given:
    if not given.rows:
        raise unreadable("empty", _("There is no address of a video in it."))
    return given


def refuse_large(size: int) -> None:
    """Raises Refused `too_large` (413)."""
    if size > MOST_BYTES:
        words = _("An import takes %(most)s at most. Please give it in parts.") % {"most": words_for_size(MOST_BYTES)}
        raise unreadable("too_large", words, status=413)


def _ends(name: str, endings: tuple[str, ...]) -> bool:
    return name.lower().endswith(endings)


def _count(files: int) -> str:
    return _("%(count)d files") % {"count": files}
