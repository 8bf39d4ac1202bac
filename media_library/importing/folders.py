"""Files that tell of videos, of Markdown or JSON: from a folder, from a zip, or file by file."""

import io
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from core.errors import Refused
from media_library.importing.documents import read_document
from media_library.importing.facts import shown
from media_library.importing.markdown import read_markdown
from media_library.importing.rows import BadRow, Row, refuse_too_many, unreadable
from media_library.sources.answers import storable
from media_library.wording import words_for_size

MARKDOWN, DOCUMENTS = (".md", ".markdown"), (".json",)
ENDINGS = (*MARKDOWN, *DOCUMENTS)
MOST_FILE_BYTES = 1_000_000
MOST_UNPACKED_BYTES = 50_000_000
MOST_ENTRIES = 10_000

Named = tuple[str, bytes | BadRow]


def read_folder(files: Iterable[Named]) -> list[Row]:
    """What each file holds, in the order of their names. Raises Refused: empty, too_many_rows."""
    named = sorted(files, key=lambda one: one[0])
    if not named:
        raise unreadable("empty", _("There is no file of Markdown (.md) or JSON in it."))
    refuse_too_many(len(named))
    rows: list[Row] = []
    for name, content in named:
        rows += _rows(name, content)
        refuse_too_many(len(rows))
    return [replace(row, position=position) for position, row in enumerate(rows, 1)]


def files_in_folder(folder: Path) -> Iterator[Named]:
    """All files of these kinds below a folder; links are followed only where they lead to a file inside of it."""
    root = folder.resolve()
    for place, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(place, name) for name in names if _is_wanted(name)):
            yield str(path.relative_to(root)), _content(path, root)


def files_in_zip(content: bytes) -> list[Named]:
    """All files of these kinds in a zip, read without unpacking anything to disk.

    Raises Refused: not_zip, too_large, bad_path, encrypted.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _unpacked(archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, zipfile.LargeZipFile) as error:
        raise unreadable("not_zip", _("This is no zip file that can be read.")) from error
    except Exception as error:  # a broken stream raises what its decompressor likes
        if isinstance(error, Refused):
            raise
        raise unreadable("not_zip", _("This is no zip file that can be read.")) from error


def _unpacked(archive: zipfile.ZipFile) -> list[Named]:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise unreadable("too_large", _("There are more than %(most)d files in it.") % {"most": MOST_ENTRIES})
    for entry in entries:
        _refuse_tricks(entry)
    wanted = [entry for entry in entries if not entry.is_dir() and _is_wanted(entry.filename)]
    refuse_too_many(len(wanted))
    files: list[Named] = []
    left = MOST_UNPACKED_BYTES
    for entry in wanted:
        text = _bounded(archive, entry)
        left -= MOST_FILE_BYTES if isinstance(text, BadRow) else len(text)
        if left < 0:
            most = words_for_size(MOST_UNPACKED_BYTES)
            raise unreadable("too_large", _("Unpacked, this is larger than %(most)s.") % {"most": most})
        files.append((storable(entry.filename), text))
    return files


def _refuse_tricks(entry: zipfile.ZipInfo) -> None:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", entry.filename):
        raise unreadable("bad_path", _("“%(name)s” leads out of the zip file.") % {"name": shown(entry.filename)})
    if entry.flag_bits & 1:
        raise unreadable("encrypted", _("This zip file is encrypted. Please give it without a password."))


def _bounded(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | BadRow:
    """What it says about its size is not believed."""
    with archive.open(entry) as file:
        content = file.read(MOST_FILE_BYTES + 1)
    return content if len(content) <= MOST_FILE_BYTES else _too_large()


def _content(path: Path, root: Path) -> bytes | BadRow:
    if not path.resolve().is_relative_to(root) or not path.is_file():
        return BadRow("outside_folder")
    return path.read_bytes() if path.stat().st_size <= MOST_FILE_BYTES else _too_large()


def _too_large() -> BadRow:
    return BadRow("too_large", most=words_for_size(MOST_FILE_BYTES))


def _is_wanted(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return name.lower().endswith(ENDINGS) and not any(part.startswith((".", "__MACOSX")) for part in parts)


def _rows(name: str, content: bytes | BadRow) -> list[Row]:
    """Of a file that cannot be read one row that says why."""
    own = {"file": name[-200:]}
    try:
        return [replace(row, facts={**row.facts, **own}) for row in _read(name, content)]
    except (BadRow, Refused) as problem:
        return [Row(1, facts=own, code=problem.code, message=problem.message)]


def _read(name: str, content: bytes | BadRow) -> list[Row]:
    if isinstance(content, BadRow):
        raise content
    return read_document(content) if name.lower().endswith(DOCUMENTS) else [read_markdown(content)]
