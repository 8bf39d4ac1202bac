"""Files of which a part has arrived, on this machine's disk."""

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID

#: Bytes read from the line at once.
PIECE = 64 * 1024
#: Bytes and seconds after which what arrived is on the disk, and told.
STRETCH = 16 * 1024**2
SECONDS = 5.0


class Line(Protocol):
    """From where the bytes come: the body of a request."""

    def read(self, size: int, /) -> bytes: ...


def part_file(folder: Path, key: UUID) -> Path:
    return folder / f"{key}.part"


@contextmanager
def opened(path: Path, *, at: int) -> Iterator[BinaryIO]:
    """Open at that byte; what lies behind it was never told to anybody and goes. Raises EOFError if there is less."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o640), "r+b") as file:
        if os.fstat(file.fileno()).st_size < at:
            raise EOFError(path)
        file.truncate(at)
        file.seek(at)
        yield file


def arrived(path: Path) -> int:
    """Bytes there are."""
    return path.stat().st_size if path.exists() else 0


def pour(line: Line, file: BinaryIO, *, most: int, hear: Callable[[bytes], None], told: Callable[[int], None]) -> int:
    """Write what comes, up to so many bytes; answers how many. A line that breaks is an end like any other.

    `hear` gets every piece. `told` is called after each stretch, and before anything is written after a long silence,
    with where the file stands; all before that is on the disk. What it raises ends the pouring.
    """
    count, since, last = 0, 0, time.monotonic()
    while count < most and (piece := _next(line, min(PIECE, most - count))):
        if since >= STRETCH or time.monotonic() - last >= SECONDS:
            kept(file)
            told(file.tell())
            since, last = 0, time.monotonic()
        file.write(piece)
        hear(piece)
        count += len(piece)
        since += len(piece)
    kept(file)
    return count


def kept(file: BinaryIO) -> None:
    """Whatever happens to the machine now, this much is there."""
    file.flush()
    os.fdatasync(file.fileno())


@contextmanager
def moved(path: Path, target: Path) -> Iterator[None]:
    """Lies at `target` from now on; back again where what follows goes wrong, if nobody has removed it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(path, target)
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            shutil.move(target, path)
            target.parent.rmdir()
        raise


def _next(line: Line, size: int) -> bytes:
    try:
        return line.read(size)
    except OSError:  # Django's UnreadablePostError too
        return b""
