"""Tracking what happened. The only writer of events."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from analytics.models import Event
from analytics.registry import EVENT_TYPES, reasons_against
from core.errors import Refused
from core.identifiers import first_of, moment_of

OLDEST = timedelta(days=35)
SKEW = timedelta(minutes=5)  # clocks of clients


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
    invalid_event_id, event_too_old (35 days), event_in_future (5 minutes).
    """
    values = metadata or {}
    _check_shape(type, values)
    key = _checked(event_id) if event_id else identifier_at(occurred_at or timezone.now())
    event = Event(
        id=key, type=type, learner=learner, actor_id=actor, media_id=media_id, course_id=course_id,
        chapter_id=chapter_id, item_id=item_id, metadata=values, occurred_at=_checked_time(key),
    )  # fmt: skip
    Event.objects.bulk_create([event], ignore_conflicts=True)
    return key


def identifier_at(moment: datetime) -> UUID:
    """A new UUIDv7 of this time, to the millisecond."""
    return UUID(int=first_of(moment).int | secrets.randbits(12) << 64 | secrets.randbits(62))


def _check_shape(type: str, metadata: dict[str, Any]) -> None:
    if type not in EVENT_TYPES:
        message = f"There is no event of the type {type[:40]!r}."
        raise Refused("unknown_event", message, fields={"type": [message]})
    if reasons := reasons_against(type, metadata):
        fields = {f"metadata.{name}": texts for name, texts in reasons.items()}
        raise Refused("malformed_metadata", "The metadata does not have the shape of this type.", fields=fields)


def _checked(event_id: UUID) -> UUID:
    if event_id.version != 7:
        message = "An event id is a UUID of version 7."
        raise Refused("invalid_event_id", message, fields={"id": [message]})
    return event_id


def _checked_time(key: UUID) -> datetime:
    now = timezone.now()
    age = now.timestamp() - moment_of(key)
    if age > OLDEST.total_seconds():
        raise Refused("event_too_old", f"This happened more than {OLDEST.days} days ago.")
    if -age > SKEW.total_seconds():
        raise Refused("event_in_future", "This has not happened yet. Please set the clock.")
    return datetime.fromtimestamp(moment_of(key), UTC)
