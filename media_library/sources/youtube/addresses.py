"""The addresses of YouTube: which video they name, and which list or channel."""

import re
from collections.abc import Mapping
from urllib.parse import unquote

from django.utils.translation import gettext_lazy as _

from media_library.sources.addresses import Place, place_of
from media_library.sources.errors import NotOneVideo
from media_library.sources.protocol import Collection, Reference

NAME = "youtube"
WEB = "https://www.youtube.com"
_HOST = re.compile(
    r"(?:[\w-]+\.)?youtube(?:-nocookie|kids)?\.com|youtube\.googleapis\.com|(?:www\.)?youtu\.be", re.ASCII
)
_VIDEO = re.compile(r"[0-9A-Za-z_-]{11}")
_LIST = re.compile(r"[A-Za-z0-9_-]{12,64}")
_IN_PATH = re.compile(r"/(?:shorts|live|embed|v|e)/(?!videoseries|live_stream)([0-9A-Za-z_-]{11})(?:/.*)?")
_CHANNEL = re.compile(r"/(?:channel/(UC[A-Za-z0-9_-]{22})|(@[\w.·-]{3,30})|user/([A-Za-z0-9]{1,30}))(?:/.*)?")
_MIX = "RD"  # made up anew for whoever looks

_MIX_HINT = _("This is a mix that YouTube makes up for each visitor. Please use the address of a playlist.")
_PRIVATE_HINT = _("Only its owner sees this list. Please use the address of a public or unlisted playlist.")
_HINT = _("This is no address of one video. Please open the video there and copy its address from “Share”.")


def recognized(address: str) -> Reference | Collection | None:
    """What an address names; None for what is not YouTube's. Raises NotOneVideo for its other pages."""
    place = _place_in(address)
    if place is not None and place.path == "/attribution_link" and "u" in place.query:
        inner = place.query["u"]
        place = _place_in(f"{WEB}{inner}" if inner.startswith("/") else inner)
    if place is None:
        return None
    key = _video_in(place)
    if key is None:
        return _collection_in(place)
    return Reference(NAME, key, collection=_list_beside(place.query))


def address_of(reference: Reference) -> str:
    return f"{WEB}/watch?v={reference.key}"


def _place_in(address: str) -> Place | None:
    """Only what is certainly YouTube's."""
    place = place_of(address)
    return place if place and _HOST.fullmatch(place.host) else None


def _video_in(place: Place) -> str | None:
    if place.host.endswith("youtu.be"):
        named = place.path.strip("/")
    elif place.path.rstrip("/") in ("/watch", "/watch_popup"):
        named = place.query.get("v", "")
    else:
        found = _IN_PATH.fullmatch(place.path)
        named = found[1] if found else ""
    return named if _VIDEO.fullmatch(named) else None


def _collection_in(place: Place) -> Collection:
    """A playlist by its id, a channel by its id, `@handle` or `user/name`."""
    if named := place.query.get("list", ""):
        return Collection(NAME, _listed(named))
    is_stream = place.path == "/embed/live_stream"
    path = f"/channel/{place.query.get('channel', '')}" if is_stream else place.path
    found = _CHANNEL.fullmatch(unquote(path))
    if found is None:
        raise NotOneVideo(_HINT)
    channel, handle, user = found.groups()
    return Collection(NAME, channel or handle or f"user/{user}")


def _listed(named: str) -> str:
    if named.startswith(_MIX):
        raise NotOneVideo(_MIX_HINT)
    if not _LIST.fullmatch(named):
        raise NotOneVideo(_PRIVATE_HINT)
    return named


def _list_beside(query: Mapping[str, str]) -> str:
    """The list that a video was opened from, where others can read it."""
    named = query.get("list", "")
    return named if _LIST.fullmatch(named) and not named.startswith(_MIX) else ""
