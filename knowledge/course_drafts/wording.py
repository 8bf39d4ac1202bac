"""Words of a model, made plain: they come from transcripts, and nothing in them may link, embed or give form."""

import re

from core.lines import one_line

_EMBEDDED = re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?")
_LINKED = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_TAG = re.compile(r"<[^>]*>")
_ADDRESS = re.compile(r"(?:\b[a-z][a-z0-9+.-]*://|\bwww\.|\b(?:mailto|javascript|data):)\S*", re.IGNORECASE)
_MARKUP = str.maketrans("", "", "<>[]`*#|")


def plain_line(text: str, *, most: int) -> str:
    """One line of at most so many characters, cut at a word; empty where nothing is left."""
    bare = _LINKED.sub(r"\1", _EMBEDDED.sub("", text))
    bare = _ADDRESS.sub("", _TAG.sub("", bare)).translate(_MARKUP)
    return cut(one_line(bare), most=most)


def plain_text(text: str, *, most: int) -> str:
    """Paragraphs, each in one line."""
    lines = (plain_line(line, most=most) for line in text.split("\n"))
    return cut("\n\n".join(filter(None, lines)), most=most)


def cut(text: str, *, most: int) -> str:
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(",;:–- ") + "…"
