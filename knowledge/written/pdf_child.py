"""Started as a program of its own, confined: the words of a PDF, one JSON line `[page, text]` a page.

    python -I pdf_child.py -i file:/scratch/given.pdf 500 2000000

At most so many pages, and so many characters in all. A page that cannot be read is passed over.
"""

import json
import logging
import sys

from pypdf import PdfReader


def main(path: str, most_pages: int, most_characters: int) -> None:
    logging.disable(logging.CRITICAL)  # what a broken file is told is of no use to anybody
    reader = PdfReader(path)
    if reader.is_encrypted and not reader.decrypt(""):
        return
    left = most_characters
    for number in range(min(len(reader.pages), most_pages)):
        text = _text(reader, number)[:left]
        left -= len(text)
        print(json.dumps([number + 1, text]), flush=True)  # noqa: T201
        if left <= 0:
            return


def _text(reader: PdfReader, number: int) -> str:
    try:
        return reader.pages[number].extract_text()
    except Exception:  # whatever a reader of hostile files raises: the other pages are still worth reading
        return ""


if __name__ == "__main__":
    main(sys.argv[2].removeprefix("file:"), int(sys.argv[3]), int(sys.argv[4]))
