"""Opens a zip from anywhere. Names and sizes are looked at before anything is unpacked, and bytes are counted then."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.utils.translation import gettext as _

from courses.course_files.format import COVER, DIGEST, DOCUMENT, ENTRY
from courses.course_files.packing import CHUNK
from courses.course_files.reading import read_document
from courses.course_files.refusing import no_course_file, unreadable
from media_library.wording import words_for_size

MOST_ENTRIES = 10_000
LONGEST_DIRECTORY = 10_000_000  # bytes of a zip's list of its entries
LARGEST_DOCUMENT = 10_000_000  # bytes
LARGEST_PICTURE = 20_000_000
MOST_TIMES, ALWAYS_ALLOWED = 300, 100_000_000  # what it unpacks to, as a multiple of the file, and bytes beside that
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


class CourseFile:
    """An opened one: `document` is checked plain data, `names` the entries there are."""

    def __init__(self, archive: zipfile.ZipFile, document: dict[str, Any]) -> None:
        self._archive, self.document = archive, document
        self.names = frozenset(archive.namelist())

    def size(self, name: str) -> int:
        """Bytes."""
        return self._archive.getinfo(name).file_size

    def unpack(self, name: str, *, to: Path) -> Path:
        """Write an entry to a new file; one that is named by its digest has to have it. Raises Refused."""
        digest = sha256()
        with to.open("xb") as target:
            for chunk in _chunks(self._archive, name):
                digest.update(chunk)
                target.write(chunk)
        named = Path(name).stem
        if DIGEST.fullmatch(named) and not name.startswith("resources/") and digest.hexdigest() != named:
            raise unreadable(name, _("This is not the file that its name says."))
        return to


@contextmanager
def open_course_file(file: BinaryIO) -> Iterator[CourseFile]:
    """Raises Refused `unreadable_course_file`, whose words name the place."""
    try:
        archive = zipfile.ZipFile(cast(BinaryIO, _Bounded(file)))
    except BROKEN as fault:
        raise no_course_file(_("It cannot be read as a zip.")) from fault
    with archive:
        _refuse_entries(archive)
        document = read_document(b"".join(_chunks(archive, DOCUMENT)))
        yield CourseFile(archive, document)


class _Bounded:
    """Reads no more at once than an honest zip asks for: its list of entries is read whole, before anybody counts."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        if size > LONGEST_DIRECTORY:
            raise ValueError("too long a directory")
        return self._file.read(size if size >= 0 else LONGEST_DIRECTORY)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True


def _refuse_entries(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise no_course_file(_("It has more than %(most)d entries.") % {"most": MOST_ENTRIES})
    seen: set[str] = set()
    for info in entries:
        _refuse_name(info, seen)
        _refuse_size(info)
        seen.add(info.filename)
    if DOCUMENT not in seen:
        raise no_course_file(_("It has no course.json."))
    packed, unpacked = sum(one.compress_size for one in entries), sum(one.file_size for one in entries)
    if unpacked > MOST_TIMES * packed + ALWAYS_ALLOWED:
        words = _("It would unpack to %(size)s, far more than it has.") % {"size": words_for_size(unpacked)}
        raise no_course_file(words)


def _refuse_name(info: zipfile.ZipInfo, seen: set[str]) -> None:
    """Only the names of the format: no way leads out of a folder with them."""
    name = info.orig_filename
    is_plain_file = stat.S_IFMT(info.external_attr >> 16) in (0, stat.S_IFREG)
    if name != info.filename or name.endswith(("/.", "/..")) or not ENTRY.fullmatch(name) or not is_plain_file:
        raise unreadable(ascii(name), _("Such an entry does not belong into a course file."))
    if name in seen:
        raise unreadable(name, _("It is there twice."))
    if info.flag_bits & ENCRYPTED or info.compress_type not in METHODS:
        raise unreadable(name, _("It is encrypted, or packed in a way that is not read here."))


def _refuse_size(info: zipfile.ZipInfo) -> None:
    most = _most_bytes(info.filename)
    if most is not None and info.file_size > most:
        words = _("It has %(size)s; %(most)s are the most.")
        told = {"size": words_for_size(info.file_size), "most": words_for_size(most)}
        raise unreadable(info.filename, words % told)


def _most_bytes(name: str) -> int | None:
    """None for what has limits of its own, which its service knows."""
    if name == DOCUMENT:
        return LARGEST_DOCUMENT
    return LARGEST_PICTURE if name == COVER or name.startswith("images/") else None


def _chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Never more than it is said to have: zipfile stops there, and compares the checksum."""
    try:
        with archive.open(name) as entry:
            while chunk := entry.read(CHUNK):
                yield chunk
            whole = entry.tell()
    except BROKEN as fault:
        raise unreadable(name, _("It is damaged.")) from fault
    if whole != archive.getinfo(name).file_size:
        raise unreadable(name, _("It is damaged."))
