"""Descriptions as feeds bring them, HTML mostly, as the plain text that the library keeps. Pure."""

import re
from html.parser import HTMLParser

from media_library.models.podcasts import DESCRIPTION_BYTES

MOST_READ = 100_000  # characters: far more than a description keeps
BLOCKS = frozenset({"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "tr", "hr"})
UNSEEN = frozenset({"script", "style", "head", "template", "iframe", "object"})
_MARKUP = re.compile(r"<[a-zA-Z/!]|&[a-zA-Z#]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def plain(html: str) -> str:
    """Its words, paragraphs apart, addresses of links behind their words; no more than a description may have."""
    html = _ended(html[:MOST_READ])
    text = _read(html) if _MARKUP.search(html) else html
    lines = (" ".join(line.split()) for line in _UNPRINTABLE.sub(" ", text).split("\n"))
    return _within_limit(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip())


def first_words(text: str, most: int) -> str:
    """Of its first line, at most so many characters, and no half word unless it is one."""
    line = text.partition("\n")[0].strip()
    if len(line) <= most:
        return line
    whole = line[:most].rpartition(" ")[0]
    return (whole or line[: most - 1]).rstrip(" ,;:.–-") + "…"


def _ended(html: str) -> str:
    """Without a tag that nothing ends: the parser would look for its end again and again."""
    tags, end, words = html.rpartition(">")
    return tags + end + words.replace("<", " ")


def _within_limit(text: str) -> str:
    return text.encode()[:DESCRIPTION_BYTES].decode(errors="ignore").rstrip()


def _read(html: str) -> str:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen = 0
        self.link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self.unseen += 1
        if tag in BLOCKS:
            self.parts.append("\n- " if tag == "li" else "\n" if tag == "br" else "\n\n")
        if tag == "a":
            address = dict(attrs).get("href") or ""
            self.link = address if address.startswith(("https://", "http://")) else ""

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        if tag in BLOCKS - {"li", "br"}:
            self.parts.append("\n\n")
        if tag == "a" and self.link:
            if self.link not in "".join(self.parts[-1:]):
                self.parts.append(f" ({self.link})")
            self.link = ""

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(" ".join(re.split(r"\s+", data)))
