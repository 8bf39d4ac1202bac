"""The addresses of YouTube: which video they name, from which second, and which list or channel."""

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qsl, unquote, urljoin, urlsplit

from django.utils.translation import gettext_lazy as _

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
_TIME = re.compile(r"(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?", re.ASCII)
_UNSEEN = re.compile(r"[\s\\\x00-\x1f\x7f]")
_MIX = "RD"  # made up anew for whoever looks

_MIX_HINT = _("This is a mix that YouTube makes up for each visitor. Please use the address of a playlist.")
_PRIVATE_HINT = _("Only its owner sees this list. Please use the address of a public or unlisted playlist.")
_HINT = _("This is no address of one video. Please open the video there and copy its address from “Share”.")


def recognized(address: str) -> Reference | Collection | None:
    """What an address names; None for what is not YouTube's. Raises NotOneVideo for its other pages."""
    parts = _parts(address)
    if parts is None:
        return None
    query = dict(parse_qsl(parts.query))
    if parts.path == "/attribution_link" and "u" in query:
        return recognized(urljoin(WEB, query["u"]))
    key = _video_in(parts, query)
    if key is None:
        return _collection_in(parts, query)
    return Reference(NAME, key, start=_start_in(parts, query), collection=_list_beside(query))


def address_of(reference: Reference) -> str:
    return f"{WEB}/watch?v={reference.key}"


def _parts(address: str) -> SplitResult | None:
    """Only what is certainly YouTube's: with its host, nobody's name before it and no port of its own."""
    text = address.strip()
    if _UNSEEN.search(text):
        return None
    try:
        parts = urlsplit(text if "//" in text[:8] else f"https://{text.removeprefix('//')}", scheme="https")
        is_plain = parts.scheme in ("http", "https") and parts.username is None and parts.port in (None, 80, 443)
    except ValueError:
        return None
    return parts if is_plain and _HOST.fullmatch(parts.hostname or "") else None


def _video_in(parts: SplitResult, query: Mapping[str, str]) -> str | None:
    if (parts.hostname or "").endswith("youtu.be"):
        named = parts.path.strip("/")
    elif parts.path.rstrip("/") in ("/watch", "/watch_popup"):
        named = query.get("v", "")
    else:
        found = _IN_PATH.fullmatch(parts.path)
        named = found[1] if found else ""
    return named if _VIDEO.fullmatch(named) else None


def _collection_in(parts: SplitResult, query: Mapping[str, str]) -> Collection:
    """A playlist by its id, a channel by its id, `@handle` or `user/name`."""
    if named := query.get("list", ""):
        return Collection(NAME, _listed(named))
    if parts.path == "/embed/live_stream":
        parts = parts._replace(path=f"/channel/{query.get('channel', '')}")
    found = _CHANNEL.fullmatch(unquote(parts.path))
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


def _start_in(parts: SplitResult, query: Mapping[str, str]) -> float | None:
    beside = dict(parse_qsl(parts.fragment))
    told = (given[name] for given in (query, beside) for name in ("t", "start", "time_continue") if name in given)
    return next(filter(None, map(_seconds, told)), None)


def _seconds(text: str) -> float | None:
    """Of `90`, `90s`, `1m30s`, `1h2m3s`."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return float(hours * 3600 + minutes * 60 + seconds)
