"""Addresses in pasted text: one a line, or anywhere in prose, Markdown or mails."""

import re

from media_library.importing.rows import ADDRESS_CHARACTERS, BadRow, Row, bad, refuse_too_many
from media_library.sources import NotOneVideo, recognize
from media_library.sources.answers import storable

MARKDOWN_LINK = re.compile(r"!?\[[^\[\]\n]*\]\(\s*<?([^\s()<>]+(?:\([^\s()]*\)[^\s()<>]*)*)>?[^()\n]*\)")
#: An address ends where a blank does, a bracket, or the next address after a comma.
ADDRESS = re.compile(r"https?://(?:(?![,;|]\s*https?://)[^\s<>\"\[\]`|\\])+", re.IGNORECASE)
WITHOUT_SCHEME = re.compile(r"(?<![\w@./:-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/[^\s<>\"\[\]`|\\,]+", re.IGNORECASE)
TRAILING = ".,;:!?'\"*_~»”’›…"
PAIRS = {")": "(", "}": "{"}


def read_pasted(text: str) -> list[Row]:
    """A row for each address, numbered in their order, and for each line of one word that holds none.

    Raises Refused `too_many_rows`.
    """
    found = [one for line in storable(text).splitlines() for one in _of_line(line)]
    refuse_too_many(len(found))
    return [_row(position, one) for position, one in enumerate(found, 1)]


def trimmed(address: str) -> str:
    """Without the signs that belong to the sentence around it."""
    while address:
        last = address[-1]
        is_left_over = last in PAIRS and address.count(last) > address.count(PAIRS[last])
        if last not in TRAILING and not is_left_over:
            break
        address = address[:-1]
    return address


def _of_line(line: str) -> list[str]:
    line = MARKDOWN_LINK.sub(r" \1 ", line)
    words = line.split()
    if found := [trimmed(one) for one in ADDRESS.findall(line)]:
        return found
    bare = [f"https://{trimmed(one)}" for one in WITHOUT_SCHEME.findall(line)]
    if known := [one for one in bare if _is_of_a_host(one)]:
        return known
    return [bare[0] if bare else words[0]] if len(words) == 1 else []


def _is_of_a_host(address: str) -> bool:
    try:
        return recognize(address[:ADDRESS_CHARACTERS]) is not None
    except NotOneVideo:
        return True


def _row(position: int, address: str) -> Row:
    if len(address) > ADDRESS_CHARACTERS:
        return bad(position, BadRow("address_too_long"), address=address)
    if "://" not in address:
        return bad(position, BadRow("no_address"), address=address)
    return Row(position, address)
