"""Writes a course file: the same course is the same bytes, whenever and wherever it is written."""

import json
import shutil
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

from courses.course_files.format import DOCUMENT

BEGINNING = (1980, 1, 1, 0, 0, 0)  # of the time that a zip knows
READABLE = 0o100644 << 16
LEVEL = 6
CHUNK = 1_000_000  # bytes


@dataclass(frozen=True)
class Entry:
    """A file to go along; `size` in bytes."""

    name: str
    size: int
    open: Callable[[], BinaryIO]


def pack(document: dict[str, Any], entries: Iterable[Entry], *, to: BinaryIO) -> None:
    """`to` can be sought in. Raises what opening an entry raises."""
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False).encode()
    told = Entry(DOCUMENT, len(text), lambda: BytesIO(text))
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for entry in sorted([told, *entries], key=lambda one: one.name):
            _write(archive, entry)


def _write(archive: zipfile.ZipFile, entry: Entry) -> None:
    info = zipfile.ZipInfo(entry.name, BEGINNING)
    info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, READABLE, 3
    info.file_size = entry.size
    info._compresslevel = LEVEL  # type: ignore[attr-defined]
    with entry.open() as source, archive.open(info, "w") as target:
        shutil.copyfileobj(source, target, CHUNK)
