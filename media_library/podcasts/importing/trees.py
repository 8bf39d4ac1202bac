"""XML of strangers as a tree. Pure.

Own, because feedparser keeps one `podcast:person` and one `podcast:transcript` of many, and ElementTree's parser lets
documents declare entities. Here a declared entity is refused before anything is put in for it, nothing is loaded from
outside, and depth and size are bounded.
"""

from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

DEEPEST = 50
MOST_ELEMENTS = 500_000
#: What tags are called here, whatever prefix a document chose.
PREFIXES = {
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "https://podcastindex.org/namespace/1.0": "podcast",
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/rss/1.0/modules/content/": "content",
}


class UnreadableFeed(Exception):
    """`code`: unreadable_feed, hostile_feed, not_a_podcast; `detail` for operators. `is_page` where it is a web page,
    and `feed` the address that it names as that of its feed.
    """

    def __init__(self, code: str, detail: str, *, is_page: bool = False, feed: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail, self.is_page, self.feed = code, detail, is_page, feed


def read_tree(text: str) -> Element:
    """The root; tags are called `item`, `itunes:image`, `podcast:person`. Raises UnreadableFeed."""
    reader = _Reader()
    parser = expat.ParserCreate("utf-8", namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.tree.data
    parser.EntityDeclHandler = _refuse_entities
    try:
        parser.Parse(text.encode(), True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnreadableFeed("unreadable_feed", str(error)) from error
    return reader.tree.close()


class _Reader:
    def __init__(self) -> None:
        self.tree, self.depth, self.count = TreeBuilder(), 0, 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.count += 1
        if self.depth > DEEPEST or self.count > MOST_ELEMENTS:
            raise UnreadableFeed("hostile_feed", f"{self.count} elements, {self.depth} deep.")
        self.tree.start(_short(name), {_short(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        self.depth -= 1
        self.tree.end(_short(name))


def _short(name: str) -> str:
    address, separator, local = name.rpartition("}")
    if not separator:
        return local
    prefix = PREFIXES.get(address.lower().rstrip("/") if "purl" not in address else address.lower())
    return f"{prefix}:{local}" if prefix else name


def _refuse_entities(*declared: Any) -> None:
    raise UnreadableFeed("hostile_feed", f"It declares the entity {str(declared[0])[:40]!r}.")
