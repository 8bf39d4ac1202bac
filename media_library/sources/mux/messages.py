"""Mux's webhooks: who sent them, and which video they are about."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from media_library.sources.answers import storable
from media_library.sources.protocol import Forged, Message

HEADER = "mux-signature"
TOLERATED_SECONDS = 300.0  # either way: clocks differ, and a message may be under way
MOST_KEY, MOST_TYPE = 100, 80  # characters
#: What may change how an asset plays or what its captions are; nothing follows from anything else.
ABOUT_ASSETS = ("video.asset.",)


def verify(body: bytes, headers: Mapping[str, str], secret: str, *, now: float) -> None:
    """Raises Forged: message_forged, message_stale (also for what comes from the future)."""
    time, signatures = _signature({name.lower(): value for name, value in headers.items()}.get(HEADER, ""))
    expected = hmac.new(secret.encode(), time.encode() + b"." + body, hashlib.sha256).hexdigest().encode()
    fits = [hmac.compare_digest(expected, one.encode()) for one in signatures]  # all of them: no time tells which
    if not secret or not any(fits):
        raise Forged
    if not time.isdecimal() or len(time) > 12 or abs(now - int(time)) > TOLERATED_SECONDS:
        raise Forged("message_stale")


def message_in(body: bytes) -> Message:
    """Of a body that was verified. Raises Forged, message_unreadable, for one without a name of its own."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Forged("message_unreadable") from error
    key, kind = _text(told, "id"), _text(told, "type")
    if not key or not kind or len(key) > MOST_KEY or len(kind) > MOST_TYPE:
        raise Forged("message_unreadable")
    subjects = _subjects(told) if kind.startswith(ABOUT_ASSETS) else ()
    return Message(key=key, type=kind, subject_keys=subjects)


def _signature(header: str) -> tuple[str, list[str]]:
    """`t=1700000000,v1=…`, and `v1` as often as there are secrets."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    time = next((value for name, _, value in parts if name == "t"), "")
    return time, [value for name, _, value in parts if name == "v1"]


def _subjects(told: Any) -> tuple[str, ...]:
    """The keys of the asset and of its playbacks; those of a track or a rendition name their asset."""
    data, about = _object(told, "data"), _object(told, "object")
    playbacks = data.get("playback_ids")
    playing = [_text(one, "id") for one in playbacks] if isinstance(playbacks, list) else []
    own = [_text(about, "id")] if about.get("type") == "asset" else []
    found = [*own, _text(data, "id"), _text(data, "asset_id"), *playing]
    return tuple(dict.fromkeys(key for key in found if key))


def _object(told: dict[str, Any], name: str) -> dict[str, Any]:
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def _text(told: Any, name: str) -> str:
    value = told.get(name) if isinstance(told, dict) else None
    return storable(value) if isinstance(value, str) else ""
