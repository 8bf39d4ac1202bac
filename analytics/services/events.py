"""Tracking what happened, and what is taken as an event at all."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from analytics.registry import EVENT_TYPES, reasons_against
from analytics.services.storing import NewEvent, store_events
from core.errors import Refused
from core.identifiers import first_of, moment_of

SKEW = timedelta(minutes=5)  # clocks of clients
SAME = 1.0  # seconds that an id and `occurred_at` may differ


def track(
    type: str,
    *,
    occurred_at: datetime | None = None,
    event_id: UUID | None = None,
    learner: UUID | None = None,
    actor: UUID | None = None,
    media_id: UUID | None = None,
    course_id: UUID | None = None,
    chapter_id: UUID | None = None,
    item_id: UUID | None = None,
    metadata: dict[str, Any] | None = None,
) -> UUID:
    """Store an event of the organization in scope and answer its id; the same `event_id` a second time changes nothing.

    `learner` and `actor` are pseudonyms. The id is a UUIDv7 of the time it happened: without one it is made for
    `occurred_at` (default: now); with one, its time is the time. Raises Refused: unknown_event, malformed_metadata,
    invalid_event_id, event_too_old (EVENT_LATE_DAYS), event_in_future (5 minutes).
    """
    values = metadata or {}
    check_shape(type, values)
    key = Window.of_now().key_of(event_id, occurred_at=occurred_at)
    about = {
        "learner": learner, "actor": actor, "media": media_id, "course": course_id, "chapter": chapter_id,
        "item": item_id,
    }  # fmt: skip
    texts = {name: str(value) if value else None for name, value in about.items()}
    store_events([NewEvent(id=str(key), type=type, metadata=values, **texts)])  # type: ignore[typeddict-item]
    return key


def identifier_at(moment: datetime) -> UUID:
    """A new UUIDv7 of this time, to the millisecond."""
    return UUID(int=first_of(moment).int | secrets.randbits(12) << 64 | secrets.randbits(62))


def late_limit() -> timedelta:
    """How long after it happened an event is still taken."""
    return timedelta(days=settings.EVENT_LATE_DAYS)


def check_shape(type: Any, metadata: Any) -> None:
    """Raises Refused: unknown_event, malformed_metadata."""
    if not isinstance(type, str) or type not in EVENT_TYPES:
        message = f"There is no event of the type {str(type)[:40]!r}."
        raise Refused("unknown_event", message, fields={"type": [message]})
    if not isinstance(metadata, dict):
        raise _malformed({"metadata": ["This must be an object."]})
    if reasons := reasons_against(type, metadata):
        raise _malformed({f"metadata.{name[:40]}": texts for name, texts in reasons.items()})


def _malformed(fields: dict[str, list[str]]) -> Refused:
    return Refused("malformed_metadata", "The metadata does not have the shape of this type.", fields=fields)


@dataclass(frozen=True)
class Window:
    """Between which moments something must have happened to be taken, in seconds since 1970."""

    now: datetime
    oldest: float
    newest: float

    @classmethod
    def of_now(cls) -> Self:
        now = timezone.now()
        return cls(now, (now - late_limit()).timestamp(), (now + SKEW).timestamp())

    def key_of(self, event_id: UUID | None, *, occurred_at: datetime | None) -> UUID:
        """The id given, or a new one of that time. Raises Refused: invalid_event_id, event_too_old, event_in_future."""
        if event_id is None:
            moment = occurred_at or self.now
            self._check(moment.timestamp())
            return identifier_at(moment)
        if event_id.version != 7:
            raise _invalid_id("An event id is a UUID of version 7.")
        self._check(moment_of(event_id))
        if occurred_at and abs(moment_of(event_id) - occurred_at.timestamp()) > SAME:
            raise _invalid_id("This id was made at another time than the event happened.")
        return event_id

    def _check(self, moment: float) -> None:
        if moment < self.oldest:
            raise Refused("event_too_old", f"This happened more than {settings.EVENT_LATE_DAYS} days ago.")
        if moment > self.newest:
            raise Refused("event_in_future", "This has not happened yet. Please set the clock.")


def _invalid_id(message: str) -> Refused:
    return Refused("invalid_event_id", message, fields={"id": [message]})
