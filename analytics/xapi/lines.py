"""Recorded statements, read from files as they come: JSON lines, plain or gzip. Nothing in them stops the reading."""

import gzip
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

LONGEST_LINE = 16 * 1024 * 1024  # bytes
GZIP = b"\x1f\x8b"
#: Under these names stand statements inside what record stores and search engines dump.
WRAPPED = ("statement", "_source", "raw", "payload")
DEEPEST = 4

Statement = dict[str, Any]


@dataclass
class Tally:
    """What was met on the way: `lines`, `statements`, `bad_lines` with the first few of them in words."""

    lines: int = 0
    statements: int = 0
    bad_lines: int = 0
    told: list[str] = field(default_factory=list)
    verbs: Counter[str] = field(default_factory=Counter)

    def refuse(self, where: str, why: str) -> None:
        self.bad_lines += 1
        if len(self.told) < 10:
            self.told.append(f"{where}: {why}")


def statements_in(path: Path, tally: Tally, *, passed: Callable[[int], object] | None = None) -> Iterator[Statement]:
    """`passed` hears how many more bytes of the file were read. Raises OSError where it is not there."""
    with path.open("rb") as raw:
        is_packed = raw.read(2) == GZIP
        raw.seek(0)
        opened = cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if is_packed else raw
        before = 0
        for number, line in _numbered(opened, path, tally):
            if passed and raw.tell() > before:
                passed(raw.tell() - before)
                before = raw.tell()
            yield from _of_line(line, f"{path.name}, line {number}", tally)


def _numbered(file: IO[bytes], path: Path, tally: Tally) -> Iterator[tuple[int, bytes]]:
    """A file that breaks off in the middle gives what it had."""
    number = 0
    while True:
        try:
            line = file.readline(LONGEST_LINE)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            return tally.refuse(path.name, f"It breaks off after line {number} ({error}).")
        if not line:
            return None
        number += 1
        yield number, line


def _of_line(line: bytes, where: str, tally: Tally) -> Iterator[Statement]:
    text = line.strip().removeprefix(b"\xef\xbb\xbf")
    if not text:
        return
    tally.lines += 1
    try:
        found = list(_unwrapped(json.loads(text), DEEPEST))
    except (ValueError, RecursionError) as error:
        return tally.refuse(where, f"This is no JSON ({type(error).__name__}).")
    if not found:
        return tally.refuse(where, "There is no statement in it.")
    tally.statements += len(found)
    yield from found


def _unwrapped(value: Any, depth: int) -> Iterator[Statement]:
    """One statement, several in a list, or inside what a dump puts around them."""
    if isinstance(value, list) and depth:
        for one in value:
            yield from _unwrapped(one, depth - 1)
    if not isinstance(value, dict):
        return
    if all(isinstance(value.get(part), dict) for part in ("actor", "verb", "object")):
        yield value
    elif depth:
        inner = next((value[name] for name in (*WRAPPED, "statements") if name in value), None)
        yield from _unwrapped(_reread(inner), depth - 1)


def _reread(value: Any) -> Any:
    """Some dumps keep a statement as text. Raises ValueError."""
    return json.loads(value) if isinstance(value, str) else value
