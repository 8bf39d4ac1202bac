"""Markdown as HTML: CommonMark with tables, strikethrough, formulas between dollars, and code in colors."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from courses.markdown.allowed import clean, without_tags
from courses.markdown.code import highlighted
from courses.markdown.formulas import formula, source_of
from courses.markdown.headings import anchored
from courses.markdown.pictures import picture

#: A text beyond these is shown as it was written: it would take seconds to lay out.
LONGEST = 100_000  # characters
MOST_MARKS = 30_000  # characters that may mean something in Markdown
MOST_CELLS = 30_000  # of a table: as many in each row as in the widest
MARKS = "[]!*_`$|#<>&~\\\n"
DEEPER = str.maketrans("12345", "23456")
A_FORMULA = 20  # characters that each formula costs besides its own
ALIGNED = "text-align:"


@dataclass
class Budget:
    """How much of one text is worked out; what goes beyond is shown as it was written.

    `latex` in characters; `seconds` of the processor for the colors of code.
    """

    latex: int = 40_000
    seconds: float = 0.4

    def draw(self, latex: str, *, is_display: bool) -> str:
        self.latex -= len(latex) + A_FORMULA
        if self.latex < 0:
            return source_of(latex, _("This text has too many formulas to draw them all."))
        return formula(latex, is_display=is_display)

    def color(self, code: str, language: str) -> str:
        if not language or self.seconds <= 0:
            return escape(code)
        began = time.thread_time()
        colored = highlighted(code, language, seconds=self.seconds)
        self.seconds -= time.thread_time() - began
        return colored


def render(text: str, *, with_anchors: bool = False) -> SafeString:
    """HTML of a Markdown text: an allow-list of tags, links to the web and to mail, pictures of our library only.

    Headings begin at level 2, because the page itself has the first one; `with_anchors` each has an id to link to, so
    no page may show two such texts.
    """
    return _rendered(text, get_language() or "", with_anchors)


def first_sentences(text: str, *, characters: int = 200) -> str:
    """The beginning of a Markdown text as plain words, for a card."""
    plain = " ".join(unescape(without_tags(render(text))).split())
    return plain if len(plain) <= characters else plain[: characters - 1].rsplit(" ", 1)[0] + "…"


@lru_cache(maxsize=512)
def _rendered(text: str, language: str, with_anchors: bool) -> SafeString:
    """By language, because of the notes beside what cannot be shown."""
    if is_heavy(text):
        return SafeString(clean(f'<pre tabindex="0">{escape(text)}</pre>'))
    tokens = _markdown.parse(text)
    for token in tokens:
        _adapt(token)
    if with_anchors:
        anchored(tokens)
    return SafeString(clean(_markdown.renderer.render(tokens, _markdown.options, {"budget": Budget()})))


def is_heavy(text: str) -> bool:
    """Whether laying it out would take longer than a page may take."""
    if len(text) > LONGEST or sum(text.count(mark) for mark in MARKS) > MOST_MARKS:
        return True
    lines = text.splitlines()
    return max((line.count("|") for line in lines), default=0) * len(lines) > MOST_CELLS


def _adapt(token: Token) -> None:
    if token.type in {"heading_open", "heading_close"}:
        token.tag = token.tag.translate(DEEPER)
    elif token.type in {"td_open", "th_open"} and "style" in token.attrs:
        token.attrs["align"] = str(token.attrs.pop("style")).removeprefix(ALIGNED)


def _fence(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    language = (token.info.split() or [""])[0]
    return f'<pre tabindex="0"><code>{env["budget"].color(token.content, language)}</code></pre>\n'


def _image(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    alt = renderer.renderInlineAsText(token.children or [], options, env)
    return picture(str(token.attrs["src"]), alt=alt)


def _inline_formula(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    drawn: str = env["budget"].draw(tokens[index].content, is_display=False)
    return drawn


def _wide_formula(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    drawn: str = env["budget"].draw(tokens[index].content, is_display=True)
    return drawn


def _formula_block(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return f"<p>{_wide_formula(renderer, tokens, index, options, env)}</p>\n"


def _table_open(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """A wide one scrolls in its own box, also by keyboard."""
    return '<div class="scroll" tabindex="0"><table>\n'


def _table_close(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return "</table></div>\n"


RULES = {
    "fence": _fence,
    "code_block": _fence,
    "image": _image,
    "math_inline": _inline_formula,
    "math_inline_double": _wide_formula,
    "math_block": _formula_block,
    "table_open": _table_open,
    "table_close": _table_close,
}


def _parser() -> MarkdownIt:
    """Dollars around a price, or with a space inside, are money."""
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True)
    for name, rule in RULES.items():
        parser.add_render_rule(name, rule)
    return parser


_markdown = _parser()
