"""Addresses that people give."""

from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from core.errors import Refused
from core.fetch import FetchError, refuse_odd_address
from media_library.podcasts.importing.pages import failed, the_way_out

FEED, SOUND = "https://example.com/feed.xml", "https://example.com/episode.mp3"


def checked_address(url: str, *, example: str = FEED) -> str:
    """One that may lead out. Raises Refused, with the field `url`: invalid_address, blocked_address."""
    url = url.strip()
    _refuse_malformed(url, example)
    try:
        refuse_odd_address(url, the_way_out().trusted)
    except FetchError as error:
        raise _refusal(error.code, failed(error).message) from error
    except ValueError as error:
        raise _malformed(example) from error
    return url


def _refuse_malformed(url: str, example: str) -> None:
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError as error:
        raise _malformed(example) from error
    if not is_whole:
        raise _malformed(example)
    if "@" in parts.netloc:
        raise _refusal("invalid_address", _("Write the address without a name and a password in it."))


def _malformed(example: str) -> Refused:
    words = _("Write the whole address, such as %(example)s.") % {"example": example}
    return _refusal("invalid_address", words)


def _refusal(code: str, words: str) -> Refused:
    return Refused(code, words, fields={"url": [words]})
