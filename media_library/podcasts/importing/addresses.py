"""Addresses that people give."""

from django.utils.translation import gettext as _

from core.errors import Refused
from core.fetch import FetchError, refuse_odd_address
from media_library.podcasts.importing.pages import the_way_out


def checked_address(url: str) -> str:
    """One that may lead out. Raises Refused `invalid_address`, with the field `url`."""
    url = url.strip()
    try:
        refuse_odd_address(url, the_way_out().trusted)
    except FetchError as error:
        words = _("Write the whole address, such as https://example.com/feed.xml.")
        raise Refused("invalid_address", words, fields={"url": [words]}) from error
    return url
