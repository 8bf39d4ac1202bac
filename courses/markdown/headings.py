"""Headings of a text as places that a link can lead to."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from django.utils.text import slugify
from markdown_it.token import Token

PREFIX = "section-"  # no element of a page, and no name of a script, begins with it
LONGEST = 80
ANCHOR = re.compile(rf"{PREFIX}[\w-]{{1,{LONGEST + 8}}}")
WORDS = {"text", "code_inline", "math_inline", "math_inline_double", "text_special"}
BREAKS = {"softbreak", "hardbreak"}


def anchor_of(heading: str) -> str:
    """The id of the first heading of a text that says this; empty where it says nothing that an id could."""
    words = slugify(heading, allow_unicode=True)[:LONGEST].strip("-")
    return f"{PREFIX}{words}" if words else ""


def plain_words(token: Token) -> str:
    """What an inline token says: no marks, no addresses, of a picture what it is called."""
    return " ".join("".join(map(_inline, token.children or [])).split())


def anchored(tokens: Sequence[Token]) -> None:
    """Give each heading its id; one that says what another said before is numbered."""
    met: Counter[str] = Counter()
    for opening, words in _headings(tokens):
        if anchor := anchor_of(words):
            met[anchor] += 1
            opening.attrs["id"] = anchor if met[anchor] == 1 else f"{anchor}--{met[anchor]}"


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    for opening, inline in zip(tokens, tokens[1:], strict=False):
        if opening.type == "heading_open":
            yield opening, plain_words(inline)


def _inline(token: Token) -> str:
    if token.type in BREAKS:
        return " "
    if token.type == "image":
        return "".join(map(_inline, token.children or []))
    return token.content if token.type in WORDS else ""
