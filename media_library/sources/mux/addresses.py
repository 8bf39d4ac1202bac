"""The addresses of Mux, and the playback id in them. What else an address holds, such as a token, is never kept."""

import re

from django.utils.translation import gettext_lazy as _

from media_library.sources.addresses import place_of
from media_library.sources.errors import NotOneVideo
from media_library.sources.protocol import Option, Reference

API = Option("api_base", "MUX_API_BASE", "https://api.mux.com", "Mux's API.")
STREAMS = Option("stream_base", "MUX_STREAM_BASE", "https://stream.mux.com", "Where Mux streams from.")
IMAGES = Option("image_base", "MUX_IMAGE_BASE", "https://image.mux.com", "Where Mux's pictures are.")

#: Segments come from hosts of many names below this one.
ALL_HOSTS = "https://*.mux.com"
_KEY = r"([A-Za-z0-9]{1,100})"
_PATHS = {
    "stream.mux.com": re.compile(rf"/{_KEY}(?:\.m3u8|/.*)"),
    "player.mux.com": re.compile(rf"/{_KEY}/?"),
    "image.mux.com": re.compile(rf"/{_KEY}/.*"),
}
_PAGES = frozenset({"mux.com", "www.mux.com", "dashboard.mux.com"})
_HINT = _("This is no address of one video. Please copy the playback address: https://player.mux.com/ and its id.")


def reference_in(address: str) -> Reference | None:
    """Raises NotOneVideo for Mux's other pages."""
    place = place_of(address)
    if place is None or place.host not in {*_PAGES, *_PATHS}:
        return None
    path = _PATHS.get(place.host)
    found = path.fullmatch(place.path) if path else None
    if found is None:
        raise NotOneVideo(_HINT)
    return Reference("mux", found[1])


def address_of(reference: Reference) -> str:
    return f"https://player.mux.com/{reference.key}"
