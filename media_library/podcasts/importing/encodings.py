"""Which letters the bytes of a feed are: by its mark, by what it declares, by what its server says. Pure."""

import codecs
import re

MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
UNMARKED = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
#: Besides these there is no text, or some that takes for ever to be read.
KNOWN = frozenset(
    {"utf-8", "ascii", "iso2022_jp", "shift_jis", "euc_jp", "gb2312", "gbk", "gb18030", "big5", "euc_kr"}
    | {"koi8-r", "koi8-u", *(f"iso8859-{n}" for n in range(1, 17)), *(f"cp125{n}" for n in range(9))}
)
UNTOLD = "cp1252"  # of what is no UTF-8 and does not say what it is
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def text_of(content: bytes, *, charset: str = "") -> str:
    """Without what no XML may hold; `charset` is that of its server, which is believed where the feed says nothing."""
    return _FORBIDDEN.sub("", _decoded(content, charset)).lstrip("\ufeff \t\r\n")


def _decoded(content: bytes, charset: str) -> str:
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    if content[:2] in UNMARKED:
        return content.decode(UNMARKED[content[:2]], errors="replace")
    declared = _DECLARED.match(content[:400])
    told = _known(declared[1].decode() if declared else charset)
    try:
        return content.decode(told or "utf-8")
    except UnicodeDecodeError:
        return content.decode(told or UNTOLD, errors="replace")


def _known(name: str) -> str:
    try:
        found = codecs.lookup(name.strip() or "-").name
    except LookupError:
        return ""
    return found if found in KNOWN else ""
