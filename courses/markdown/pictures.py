"""Pictures in a text: those of our own library are shown, all others are links.

A picture from elsewhere would tell its host who reads, and the content policy would not show it anyway.
"""

import re
from html import escape

#: `/harbor/images/<key>.webp#1200x800`: after the # its size in pixels, so that the page keeps its place free.
OF_LIBRARY = re.compile(
    r"/[a-z0-9_-]+/images/(?P<key>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.webp"
    r"(?:#(?P<width>[1-9]\d{0,3})x(?P<height>[1-9]\d{0,3}))?"
)


def is_of_library(source: str) -> bool:
    return OF_LIBRARY.fullmatch(source) is not None


def picture(source: str, *, alt: str) -> str:
    """HTML of a picture, or of a link to it."""
    found = OF_LIBRARY.fullmatch(source)
    if found is None:
        return f'<a href="{escape(source)}">{escape(alt or source)}</a>'
    size = f' width="{found["width"]}" height="{found["height"]}"' if found["width"] else ""
    address = source.partition("#")[0]
    return f'<img src="{address}" alt="{escape(alt)}"{size} loading="lazy" decoding="async">'
