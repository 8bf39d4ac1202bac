"""Markdown files that begin with facts (front matter): from a folder, from a zip, or file by file."""

import io
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import yaml
from django.utils.translation import gettext as _

from core.errors import Refused
from media_library.importing.facts import DESCRIPTION_CHARACTERS, line, meaning_of, read_facts, shown
from media_library.importing.rows import BadRow, Row, bad, refuse_too_many, unreadable
from media_library.importing.texts import storable, text_of
from media_library.wording import words_for_size

ENDINGS = (".md", ".markdown")
FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*\r?$\n?(.*)", re.DOTALL | re.MULTILINE)
MOST_FILE_BYTES = 1_000_000
MOST_UNPACKED_BYTES = 50_000_000
MOST_ENTRIES = 10_000

Named = tuple[str, bytes | BadRow]


class Words(yaml.SafeLoader):
    """Reads every value as the words that were written: a key of digits stays as it is, `12:34` too."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("references are not taken")
        return super().compose_node(parent, index)


Words.yaml_implicit_resolvers = {}


def read_markdown(files: Iterable[Named]) -> list[Row]:
    """One row for each file, in the order of their names. Raises Refused: empty, too_many_rows."""
    named = sorted(files, key=lambda one: one[0])
    if not named:
        raise unreadable("empty", _("There is no Markdown file (.md) in it."))
    refuse_too_many(len(named))
    return [_row(position, name, content) for position, (name, content) in enumerate(named, 1)]


def files_in_folder(folder: Path) -> Iterator[Named]:
    """All Markdown files below a folder; links are followed only where they lead to a file inside of it."""
    root = folder.resolve()
    for place, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(place, name) for name in names if _is_markdown(name)):
            yield str(path.relative_to(root)), _content(path, root)


def files_in_zip(content: bytes) -> list[Named]:
    """All Markdown files in a zip, read without unpacking anything to disk.

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
    wanted = [entry for entry in entries if not entry.is_dir() and _is_markdown(entry.filename)]
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


def _is_markdown(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return name.lower().endswith(ENDINGS) and not any(part.startswith((".", "__MACOSX")) for part in parts)


def _row(position: int, name: str, content: bytes | BadRow) -> Row:
    own = {"file": name[-200:]}
    try:
        if isinstance(content, BadRow):
            raise content
        told, body = _front_matter(_text(content))
    except BadRow as problem:
        return bad(position, problem, facts=own)
    try:
        address, facts = read_facts(told)
    except BadRow as problem:
        return bad(position, problem, address=_told_address(told), facts=own)
    if body:
        facts.setdefault("description", body)
    return Row(position, address, {**facts, **own})


def _text(content: bytes) -> str:
    try:
        return text_of(content)
    except Refused:
        raise BadRow("not_text") from None


def _front_matter(text: str) -> tuple[dict[str, object], str]:
    """The facts, and the text below them. Raises BadRow."""
    parts = FRONT_MATTER.match(text)
    if parts is None:
        raise BadRow("no_front_matter")
    try:
        told = yaml.load(parts[1], Loader=Words)  # noqa: S506  (a SafeLoader that makes words of everything)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadRow("bad_front_matter", told=shown(getattr(error, "problem", None) or error)) from error
    if not isinstance(told, dict):
        raise BadRow("no_front_matter")
    body = storable(parts[2]).strip()[:DESCRIPTION_CHARACTERS]
    return {str(name): value for name, value in told.items()}, body


def _told_address(told: dict[str, object]) -> str:
    found = (value for name, value in told.items() if meaning_of(name) == "address" and isinstance(value, str))
    return next((line("url", value) for value in found), "")
