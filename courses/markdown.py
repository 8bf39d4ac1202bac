"""What creators write, as HTML that can do no harm."""

from functools import lru_cache
from html import unescape

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

TEXT_TAGS = {"a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "s", "strong", "ul"}
HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
TABLE_TAGS = {"table", "tbody", "td", "th", "thead", "tr"}
TAGS = TEXT_TAGS | HEADINGS | TABLE_TAGS
ATTRIBUTES = {"a": {"href", "title"}, "td": {"align"}, "th": {"align"}}
SCHEMES = {"http", "https", "mailto"}
DEEPER = str.maketrans("12345", "23456")

_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@lru_cache(maxsize=512)
def render(text: str) -> SafeString:
    """HTML of a Markdown text: an allow-list of tags, links to the web and to mail only.

    Headings begin at level 2, because the page itself has the first one.
    """
    tokens = _markdown.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = token.tag.translate(DEEPER)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return SafeString(nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES))


def first_sentences(text: str, *, characters: int = 200) -> str:
    """The beginning of a Markdown text as plain words, for a card."""
    plain = " ".join(unescape(nh3.clean(render(text), tags=set())).split())
    return plain if len(plain) <= characters else plain[: characters - 1].rsplit(" ", 1)[0] + "…"
