"""What a file that somebody gives is called, and what it says it is. Its name never becomes a path."""

import mimetypes
import re
from pathlib import PurePosixPath

from core.lines import one_line

NAME_CHARACTERS = 150
UNKNOWN = "application/octet-stream"
RESERVED = re.compile(r'[<>:"|?*\x00-\x1f]')  # on the disks of those who take it along


def clean_name(given: str) -> str:
    """The last part of the name in one line, short, with its ending; “file” where nothing is left.

    Leading dots go, so that no disk hides it.
    """
    last = given.replace("\\", "/").rpartition("/")[2]
    tame = one_line(RESERVED.sub(" ", last)).lstrip(". ").rstrip(". ")
    stem, ending = PurePosixPath(tame).stem, PurePosixPath(tame).suffix[:20]
    return f"{stem[: NAME_CHARACTERS - len(ending)]}{ending}" or "file"


def type_of(name: str) -> str:
    """By its ending only: no browser is ever told to show it, so nothing hangs on whether that is true."""
    return mimetypes.guess_type(name, strict=False)[0] or UNKNOWN
