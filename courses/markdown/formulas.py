"""Formulas: LaTeX as MathML, which browsers draw without a script."""

import re
from functools import lru_cache
from html import escape, unescape
from xml.etree.ElementTree import Element, tostring

from django.utils.translation import gettext as _
from latex2mathml.converter import Converter

LONGEST = 2_000  # characters
LONG = 60  # characters, of a formula in a line that may be wider than a phone: it scrolls in its own box too
DEEPEST = 80  # elements inside each other
#: A formula that defines commands could grow without end.
DEFINES = re.compile(r"\\(?:re|provide)?(?:newcommand|def|DeclareMathOperator|let)(?![a-z])")


def formula(latex: str, *, is_display: bool) -> str:
    """HTML of a formula; of one that cannot be drawn its source, and a note that says so."""
    drawn = _drawn(latex.strip(), is_display)
    if drawn is None:
        return source_of(latex, _("This formula cannot be drawn."))
    if is_display:
        return f'<span class="formula" tabindex="0">{drawn}</span>'
    return f'<span class="formula-long" tabindex="0">{drawn}</span>' if len(latex) > LONG else drawn


def source_of(latex: str, note: str) -> str:
    return f'<code class="formula-source">{escape(latex)}</code> <span class="formula-note">{escape(note)}</span>'


@lru_cache(maxsize=2048)
def _drawn(latex: str, is_display: bool) -> str | None:
    """MathML; None for what cannot be read, or would be too large."""
    if len(latex) > LONGEST or DEFINES.search(latex):
        return None
    try:
        root = Converter(display="block" if is_display else "inline").convert_to_element(latex)
        return _as_text(root) if _depth(root) <= DEEPEST else None
    except Exception:  # the library has no one error for LaTeX it does not understand: KeyError, IndexError, …
        return None


def _as_text(root: Element) -> str:
    """The library leaves entities of its own in the texts, and nothing of what was typed escaped."""
    for one in root.iter():
        one.text = unescape(one.text or "")
    return tostring(root, encoding="unicode", short_empty_elements=False)


def _depth(root: Element) -> int:
    level, depth = [root], 0
    while level:
        level, depth = [child for one in level for child in one], depth + 1
    return depth
