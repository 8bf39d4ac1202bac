"""A file on its way into a folder: what came of it goes on where it broke off, if its host says that it is the same one
still (RFC 9110, 13.1.5 and 14).

Beside it lies a note of where it comes from and by which validator its host knows it; without one it begins anew.
"""

import fcntl
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import BinaryIO

import requests

from core.fetch.errors import FetchError
from core.fetch.session import CHUNK

BUSY, PART, BEYOND = 429, 206, 416
WHOLE = {"Accept-Encoding": "identity"}  # ranges count the bytes that are sent
STRONG = timedelta(seconds=60)  # a file that changed twice in a second is told apart by its date after that long
_RANGE = re.compile(r"bytes (?:(\d{1,18})-\d{1,18}|\*)/(\d{1,18}|\*)")


@dataclass(frozen=True)
class Note:
    """`validator` is a strong ETag or a date (RFC 9110, 8.8)."""

    url: str
    validator: str


def arrive(session: requests.Session, url: str, path: Path, *, most_bytes: int) -> int:
    """Answers how many bytes it has, those that were here before too.

    Raises FetchError: network, refused, too_large. What came stays where it can be gone on with.
    """
    with _alone(path) as file, _nothing_useless(path):
        note, at = _note(path), file.seek(0, os.SEEK_END)
        if at and note is not None and note.url == url:
            asked = {**WHOLE, "Range": f"bytes={at}-", "If-Range": note.validator}
            with session.request("GET", url, headers=asked, stream=True) as response:
                if _range(response) == (None, at) and response.status_code == BEYOND:
                    return at
                if response.status_code != BEYOND:
                    return _taken(response, file, path, url=url, at=at, most=most_bytes)
        with session.request("GET", url, headers=WHOLE, stream=True) as response:
            return _taken(response, file, path, url=url, at=0, most=most_bytes)


def forget_part(path: Path) -> None:
    """The file as far as it came, and the note beside it."""
    for one in (path, _beside(path)):
        one.unlink(missing_ok=True)


def forget_note(path: Path) -> None:
    _beside(path).unlink(missing_ok=True)


def _taken(response: requests.Response, file: BinaryIO, path: Path, *, url: str, at: int, most: int) -> int:
    if at and response.status_code == PART:
        whole = _refuse_other_part(response, path, at)
    else:
        _refuse_failure(response)
        at, whole = 0, None
        _begin(response, path, url)
    file.truncate(at)
    file.seek(at)
    for chunk in response.iter_content(CHUNK):
        file.write(chunk)
        file.flush()
        at += len(chunk)
        if at > most:
            raise FetchError("too_large", f"There are more than {most} bytes.")
    if whole is not None and at != whole:
        forget_note(path)
        raise FetchError("network", f"{at} bytes came of {whole}.")
    return at


def _begin(response: requests.Response, path: Path, url: str) -> None:
    validator = _validator(response.headers)
    if validator and response.headers.get("Content-Encoding", "identity") == "identity":
        _beside(path).write_text(json.dumps(asdict(Note(url, validator))))
    else:
        forget_note(path)


def _refuse_other_part(response: requests.Response, path: Path, at: int) -> int | None:
    """Of another file, or from another byte on. Answers how large the whole is, None where that is not told."""
    begins, whole = _range(response)
    note, validator = _note(path), _validator(response.headers)
    if begins != at or note is None or validator not in ("", note.validator):
        forget_note(path)
        raise FetchError("network", "It sent another part than was asked for.")
    return whole


def _range(response: requests.Response) -> tuple[int | None, int | None]:
    """The byte with which it begins, and how many there are in all."""
    found = _RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
    begins, whole = found.groups() if found else (None, None)
    return (int(begins) if begins else None), (int(whole) if whole and whole != "*" else None)


def _validator(headers: Mapping[str, str]) -> str:
    """Empty where its host has no strong one."""
    tag, changed = headers.get("ETag", "").strip(), headers.get("Last-Modified", "").strip()
    if tag:
        return tag if tag.startswith('"') else ""
    try:
        age = parsedate_to_datetime(headers["Date"]) - parsedate_to_datetime(changed)
    except (KeyError, ValueError, TypeError):
        return ""
    return changed if age >= STRONG else ""


def _refuse_failure(response: requests.Response) -> None:
    status = response.status_code
    if status != requests.codes.ok:
        code = "network" if status == BUSY or status >= 500 else "refused"
        raise FetchError(code, f"It answered {status}.", status=status)


@contextmanager
def _alone(path: Path) -> Iterator[BinaryIO]:
    """Nobody else writes to it: a process that was thought dead may still. Raises FetchError `network`."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o640), "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FetchError("network", "Another process writes to this file.") from error
        yield file


@contextmanager
def _nothing_useless(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        if not _beside(path).exists():
            path.unlink(missing_ok=True)
        raise


def _note(path: Path) -> Note | None:
    """None also for one that a dying machine wrote half."""
    try:
        return Note(**json.loads(_beside(path).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.from")
