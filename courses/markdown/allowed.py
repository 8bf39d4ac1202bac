"""What rendered Markdown may consist of. Whatever is not named here is taken out, whoever put it in."""

import re

import nh3

from courses.markdown.code import CLASSES
from courses.markdown.headings import ANCHOR
from courses.markdown.pictures import is_of_library

TEXT_TAGS = {
    "a",
    "blockquote",
    "br",
    "code",
    "div",
    "em",
    "hr",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "span",
    "strong",
    "ul",
}
HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
TABLE_TAGS = {"table", "tbody", "td", "th", "thead", "tr"}
#: MathML Core without what links, embeds or acts (`maction`, `annotation-xml`, `semantics`).
MATH_TAGS = {
    "math", "menclose", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom", "mprescripts",
    "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr",
    "munder", "munderover", "none",
}  # fmt: skip
TAGS = TEXT_TAGS | HEADINGS | TABLE_TAGS | MATH_TAGS

MATH_WORDS = {
    "accent", "accentunder", "columnalign", "columnlines", "displaystyle", "fence", "form", "frame", "largeop",
    "mathvariant", "movablelimits", "notation", "rowlines", "scriptlevel", "separator", "stretchy", "symmetric",
}  # fmt: skip
MATH_LENGTHS = {"depth", "height", "linethickness", "lspace", "maxsize", "minsize", "rspace", "voffset", "width"}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align"},
    **{tag: {"id"} for tag in HEADINGS},
    **{tag: MATH_WORDS | MATH_LENGTHS for tag in MATH_TAGS - {"math"}},
}
VALUES = {
    "div": {"tabindex": {"0"}},
    "img": {"loading": {"lazy"}, "decoding": {"async"}},
    "math": {"display": {"block", "inline"}},
    "pre": {"tabindex": {"0"}},
    "span": {"tabindex": {"0"}},
}
KEPT_CLASSES = {
    "code": {"formula-source"},
    "div": {"formula", "scroll"},
    "span": {*CLASSES, "formula", "formula-long", "formula-note"},
}
SCHEMES = {"http", "https", "mailto"}
#: Small enough that no formula covers the page around it.
LENGTH = re.compile(r"-?\d{0,2}(\.\d{1,4})?(em|ex|px|pt|mm|cm|in|%)?")
WORD = re.compile(r"[a-z0-9 -]{1,60}")


def clean(html: str) -> str:
    """The same HTML with nothing but what is allowed; links go out without saying where from."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_kept,
        tag_attribute_values=VALUES,
        allowed_classes=KEPT_CLASSES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
    )


def without_tags(html: str) -> str:
    return nh3.clean(html, tags=set())


def _kept(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src":
        return value if is_of_library(value) else None
    if tag in HEADINGS:
        return value if ANCHOR.fullmatch(value) else None
    if tag not in MATH_TAGS:
        return value
    shape = LENGTH if attribute in MATH_LENGTHS else WORD
    return value if shape.fullmatch(value) else None
