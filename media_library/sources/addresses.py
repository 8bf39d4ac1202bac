"""What a pasted address is made of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

_UNFIT = re.compile(r"[\x00-\x20\x7f\\]")  # browsers and parsers do not agree on what follows these
_SCHEMES = frozenset({"", "http", "https"})
_DEFAULT_PORTS = frozenset({None, 80, 443})


@dataclass(frozen=True, slots=True)
class Place:
    """A web address in parts; `host` in lower case, of the query the first value of each name."""

    host: str
    path: str
    query: Mapping[str, str]
    fragment: str


def place_of(address: str) -> Place | None:
    """None for what is no web address; the scheme may be missing. No user name, no port of its own."""
    text = address.strip()
    if _UNFIT.search(text):
        return None
    try:
        parts = urlsplit(text if "//" in text[:8] else f"//{text}")
        is_plain = parts.scheme in _SCHEMES and "@" not in parts.netloc and parts.port in _DEFAULT_PORTS
    except ValueError:
        return None
    if not is_plain or not parts.hostname:
        return None
    query = dict(reversed(parse_qsl(parts.query)))
    return Place(parts.hostname.removesuffix("."), parts.path, query, parts.fragment)
