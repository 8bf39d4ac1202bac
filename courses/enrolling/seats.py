"""Who takes one of a course's seats: the one rule."""

from datetime import datetime
from typing import Protocol

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone


class Place(Protocol):
    """What an enrollment says about itself."""

    is_active: bool
    ends_at: datetime | None


def takes_a_seat() -> Q:
    """Enrollments that have not ended, neither by leaving nor by their time.

    Whoever is suspended keeps theirs: they come back to it when that ends, or an owner ends the enrollment.
    """
    return Q(is_active=True) & (Q(ends_at__isnull=True) | Q(ends_at__gt=Now()))


def is_over(place: Place) -> bool:
    """The time that was given has run out."""
    return place.ends_at is not None and place.ends_at <= timezone.now()


def is_taken(place: Place) -> bool:
    """Of one enrollment, what `takes_a_seat` asks of many."""
    return place.is_active and not is_over(place)
