"""What the course page says about getting in: who may, how, by when, and whether there is room."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import Organization
from courses.enrolling.seats import seats_taken
from courses.services.enrolling import why_not_by_oneself


def enroll_box(course: Any, user: Any, organization: Organization) -> dict[str, Any]:
    """`why_not` in words where one does not get in by oneself, `seats_left` None where they are not counted.

    One statement more for a course with seats, and one for a granted one.
    """
    now = timezone.now()
    left = _seats_left(course)
    return {
        "why_not": why_not_by_oneself(course, user, organization),
        "seats_left": left,
        "is_full": left == 0,
        "is_closed": course.closes_at is not None and course.closes_at <= now,
        "opens_later": _is_later(course.opens_at, now),
        "ends_later": _is_later(course.enrollment_ends_at, now),
    }


def _is_later(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment > now


def _seats_left(course: Any) -> int | None:
    if course.seats is None:
        return None
    return max(0, course.seats - seats_taken(course))
