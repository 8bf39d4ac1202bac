"""Markdown as plain words, paragraph by paragraph below its headings. Pure."""

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from courses.markdown.headings import plain_words
from courses.markdown.rendering import is_heavy
from knowledge.written.sections import Paragraph

BLOCKS = {"fence", "code_block", "math_block"}


def paragraphs_of_markdown(text: str) -> list[Paragraph]:
    """A heading is a paragraph of its own, so that its words are found too. No marks, no addresses, no pictures but
    what they are called. What would take long to read is taken as it was written.
    """
    if is_heavy(text):
        return paragraphs_of_plain(text)
    return list(_paragraphs(_parser.parse(text)))


def paragraphs_of_plain(text: str) -> list[Paragraph]:
    """Blank lines stand between paragraphs."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return [Paragraph(" ".join(block.split())) for block in blocks if block.strip()]


def _paragraphs(tokens: list[Token]) -> Iterator[Paragraph]:
    heading, is_heading = "", False
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            is_heading = token.type == "heading_open"
            continue
        words = _words(token)
        if is_heading and words:
            heading = words
        if words:
            yield Paragraph(words, heading)


def _words(token: Token) -> str:
    if token.type in BLOCKS:
        return " ".join(token.content.split())
    return plain_words(token) if token.type == "inline" else ""


_parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_parser.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True)
