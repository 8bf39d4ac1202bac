"""Started as a program of its own, confined: the words of a PDF, one JSON line `[page, text]` a page.

    python -I pdf_child.py -i file:/scratch/given.pdf 500 2000000

At most so many pages, and so many characters in all. A page that cannot be read is passed over; where nothing else was
met, the way it ends tells: 3 a password is needed, 4 it holds too much, 5 it is broken.
"""

import json
import logging
import sys

from pypdf import PdfReader
from pypdf.errors import LimitReachedError

LOCKED, TOO_MUCH, BROKEN = 3, 4, 5


def main(path: str, most_pages: int, most_characters: int) -> int:
    """How to end."""
    logging.disable(logging.CRITICAL)  # what a broken file is told is of no use to anybody
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            return LOCKED
        return _tell(reader, most_pages, most_characters)
    except Exception as error:  # whatever a reader of hostile files raises
        return _ending(error)


def _tell(reader: PdfReader, most_pages: int, most_characters: int) -> int:
    left, ending = most_characters, 0
    for number in range(min(len(reader.pages), most_pages)):
        try:
            text = reader.pages[number].extract_text()[:left]
        except Exception as error:  # the other pages are still worth reading
            ending = _ending(error)
            continue
        left -= len(text)
        print(json.dumps([number + 1, text]), flush=True)  # noqa: T201
        if left <= 0:
            break
    return ending


def _ending(error: Exception) -> int:
    return TOO_MUCH if isinstance(error, (LimitReachedError, MemoryError, RecursionError)) else BROKEN


if __name__ == "__main__":
    sys.exit(main(sys.argv[2].removeprefix("file:"), int(sys.argv[3]), int(sys.argv[4])))
