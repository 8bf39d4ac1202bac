"""Who takes one of a course's seats: the one rule."""

from datetime import datetime
from typing import Any, Protocol

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone


class Place(Protocol):
    """What an enrollment says about itself."""

    is_active: bool
    ends_at: datetime | None


def takes_a_seat() -> Q:
    """Enrollments that have not ended, neither by leaving nor by their time.

    Whoever was removed from the organization, or erased, takes none any more (`member_removed`). Whoever is suspended
    keeps theirs: a suspension is meant to end, and must not cost them what others wait for.
    """
    return Q(is_active=True) & (Q(ends_at__isnull=True) | Q(ends_at__gt=Now()))


def seats_taken(course: Any) -> int:
    """Of one course; lists bring it with them (`with_seats_taken`)."""
    return int(course.enrollments.filter(takes_a_seat()).count())


def is_longer(ends_at: datetime | None, *, than: datetime | None) -> bool:
    """None is without an end."""
    return than is not None and (ends_at is None or ends_at > than)


def is_over(place: Place) -> bool:
    """The time that was given has run out."""
    return place.ends_at is not None and place.ends_at <= timezone.now()


def is_taken(place: Place) -> bool:
    """Of one enrollment, what `takes_a_seat` asks of many."""
    return place.is_active and not is_over(place)
