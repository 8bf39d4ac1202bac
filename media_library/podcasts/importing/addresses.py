"""Addresses that people give."""

from django.utils.translation import gettext as _

from core.errors import Refused
from core.fetch import FetchError, refuse_odd_address
from media_library.podcasts.importing.pages import the_way_out


def checked_address(url: str) -> str:
    """Of a feed, one that may lead out. Raises Refused `invalid_address`, with the field `url`."""
    return _checked(url, _("Write the whole address, such as https://example.com/feed.xml."))


def checked_sound_address(url: str) -> str:
    """Of the file of a sound, one that may lead out. Raises Refused `invalid_address`, with the field `url`."""
    words = _("Write the whole address of the file, such as https://example.com/episode.mp3.")
    if "://" in url:
        words = _("Nothing can be fetched from this address: only http and https addresses of public servers can.")
    return _checked(url, words)


def _checked(url: str, words: str) -> str:
    url = url.strip()
    try:
        refuse_odd_address(url, the_way_out().trusted)
    except (FetchError, ValueError) as error:
        raise Refused("invalid_address", words, fields={"url": [words]}) from error
    return url
