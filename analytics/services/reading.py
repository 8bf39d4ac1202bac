"""Events read back, a page at a time: never more than a page is looked at, however many there are."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from analytics.models import Event
from core.identifiers import first_of, moment_of

MOST_READ = 1_000  # a page
#: What there is an index of, the rarest first: the first one named finds the page, the others thin it out.
INDEXED = ("learner", "media_id", "course_id")
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)  # whatever somebody asks for


@dataclass(frozen=True)
class EventPage:
    """Oldest first. `next` is the id after which it goes on, None at the end; a page may hold few, or none."""

    events: list[Event]
    next: UUID | None


def read_events(
    *, after: UUID | None = None, since: datetime | None = None, most: int = 100, **about: Any
) -> EventPage:
    """The events of the organization in scope that come after an id, or since a moment, by their id.

    `about` may name `type`, `learner` (a pseudonym), `media_id` and `course_id`.
    """
    wanted = {name: value for name, value in about.items() if value is not None}
    index = next((name for name in INDEXED if name in wanted), None)
    found = _coming(after, since)
    if index:
        found = found.filter(**{index: wanted.pop(index)}).order_by("occurred_at", "id")
    page = list(found[: most + 1])
    kept = [event for event in page[:most] if all(getattr(event, name) == value for name, value in wanted.items())]
    return EventPage(kept, page[most - 1].pk if len(page) > most else None)


def _coming(after: UUID | None, since: datetime | None) -> QuerySet[Event]:
    """An id's time is the event's, so each condition is said twice: for the key, and for the indexes by time."""
    found: QuerySet[Event] = Event.objects.order_by("id")
    if after:
        moment = datetime.fromtimestamp(min(moment_of(after), LAST.timestamp()), UTC)
        found = found.filter(id__gt=after, occurred_at__gte=moment)
    if since:
        moment = min(max(since, FIRST), LAST)
        found = found.filter(id__gte=first_of(moment), occurred_at__gte=moment)
    return found
