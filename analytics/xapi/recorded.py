"""What recorded statements say about watching: who, what, which segments, how long it is, how far the playhead came."""

import math
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from analytics.xapi.profile import EXTENSIONS, VERBS, Segment, read_segments, seconds

NAMES = {verb: name for name, verb in VERBS.items()}
ENDS = frozenset({"paused", "completed", "terminated"})


class Learner(NamedTuple):
    """`kind` is account, mbox, mbox_sha1sum or openid; `home` is the account's home page, else empty."""

    kind: str
    home: str
    name: str

    def __str__(self) -> str:
        return self.name


class Move(NamedTuple):
    """What the playhead did, at a moment by the clock of who recorded it: seconds since 1970, and of the media."""

    at: float
    verb: str
    time: float
    to: float


class Said(NamedTuple):
    """What one statement says. `segments` is None where it tells none, in seconds like `furthest` and `length`."""

    learner: Learner
    video: str
    session: str
    segments: list[Segment] | None
    move: Move | None
    furthest: float
    length: float


def said_by(statement: dict[str, Any]) -> Said | None:
    """None for a statement that is about no video, or about nobody."""
    learner, video = learner_of(statement["actor"]), statement["object"].get("id")
    result, context = _extensions(statement.get("result")), _extensions(statement.get("context"))
    if learner is None or not isinstance(video, str) or not (result or context):
        return None
    told = result.get("played-segments")
    return Said(
        learner, video, str(context.get("session-id") or result.get("session-id") or ""),
        None if told is None else read_segments(told), _move(statement, result),
        max(seconds(result.get(name)) or 0.0 for name in ("time", "time-from", "time-to")),
        _length(statement, result, context),
    )  # fmt: skip


def learner_of(actor: dict[str, Any]) -> Learner | None:
    account = actor.get("account")
    if isinstance(account, dict) and account.get("name") not in (None, ""):
        return Learner("account", str(account.get("homePage") or ""), str(account["name"]))
    for kind in ("mbox", "mbox_sha1sum", "openid"):
        if isinstance(actor.get(kind), str) and actor[kind]:
            return Learner(kind, "", actor[kind].removeprefix("mailto:").lower() if kind == "mbox" else actor[kind])
    return None


def played_between(moves: list[Move]) -> list[Segment]:
    """The segments of one session that tells none itself: from each start to the next end, in the order of time."""
    segments: list[Segment] = []
    began: float | None = None
    for move in sorted(moves, key=lambda one: one.at):
        if move.verb == "played":
            began = move.time
            continue
        if began is not None and move.time > began:
            segments.append((began, move.time))
        began = move.to if move.verb == "seeked" and began is not None else None
    return segments


def _move(statement: dict[str, Any], result: dict[str, Any]) -> Move | None:
    verb = NAMES.get(str(statement["verb"].get("id")), "")
    time = seconds(result.get("time-from" if verb == "seeked" else "time"))
    if time is None or verb not in {"played", "seeked", *ENDS}:
        return None
    return Move(_moment(statement), verb, time, seconds(result.get("time-to")) or 0.0)


def _moment(statement: dict[str, Any]) -> float:
    """Statements that tell no time stay in the order of the file, before all others."""
    written = statement.get("timestamp") or statement.get("@timestamp") or statement.get("stored")
    try:
        told = datetime.fromisoformat(str(written))
        return (told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return -math.inf


def _length(statement: dict[str, Any], result: dict[str, Any], context: dict[str, Any]) -> float:
    """0 where nobody tells it."""
    told = (seconds(one.get("length")) for one in (context, result, _extensions(statement["object"].get("definition"))))
    return next((length for length in told if length), 0.0)


def _extensions(part: Any) -> dict[str, Any]:
    """Those of the profile, under their short names."""
    found = part.get("extensions") if isinstance(part, dict) else None
    if not isinstance(found, dict):
        return {}
    return {name.removeprefix(EXTENSIONS): value for name, value in found.items() if name.startswith(EXTENSIONS)}


def path_of(video: str) -> str:
    """That of the address by which a statement calls a video."""
    try:
        return urlsplit(video).path
    except ValueError:
        return ""
