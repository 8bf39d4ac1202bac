"""Bytes from elsewhere as text."""

import codecs

from django.utils.translation import gettext as _

from media_library.importing.rows import unreadable

MARKED = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def text_of(content: bytes) -> str:
    """Of a file, in the encoding that its first bytes name; else UTF-8, else as old Windows programs write.

    Raises Refused `not_text`.
    """
    marked = (encoding for mark, encoding in MARKED.items() if content.startswith(mark))
    for encoding in (*marked, "utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise unreadable("not_text", _("This file is no text."))
