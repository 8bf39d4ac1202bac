"""Who learns in a course and how far they are: one reading for API and CSV, so that they cannot disagree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from courses.models import Course, Enrollment
from courses.progress.counting import Standing, standings_of

READ_AT_ONCE = 500
COLUMNS = (
    "enrollment", "name", "email", "active", "source", "started_at", "last_accessed_at", "ends_at", "completed",
    "total", "percentage", "completed_at", "certificate",
)  # fmt: skip


@dataclass(frozen=True)
class LearnerStanding:
    """`certificate` is its number, empty without one or where it was revoked."""

    enrollment: UUID
    name: str
    email: str
    active: bool
    source: str
    started_at: datetime
    last_accessed_at: datetime
    ends_at: datetime | None
    completed: int
    total: int
    percentage: int | None
    completed_at: datetime | None
    certificate: str


def learners_of(course: Course) -> Any:
    """Their enrollments, as `standings_in` reads them; the latest first."""
    enrollments = Enrollment.objects.filter(course=course).order_by("-started_at", "pk")
    return enrollments.select_related("user", "course_completion", "certificate")


def standings_in(enrollments: Sequence[Enrollment]) -> list[LearnerStanding]:
    """Of a page of enrollments. One statement."""
    counted = standings_of(one.pk for one in enrollments)
    return [_standing(one, counted[one.pk]) for one in enrollments]


def all_standings(course: Course) -> Iterator[LearnerStanding]:
    """However many there are: a few statements for every 500."""
    for keys in in_parts(learners_of(course)):
        yield from standings_in(list(learners_of(course).filter(pk__in=keys)))


def in_parts(enrollments: Any) -> Iterator[list[UUID]]:
    """Their keys, 500 at a time."""
    keys = list(enrollments.values_list("pk", flat=True))
    yield from (keys[at : at + READ_AT_ONCE] for at in range(0, len(keys), READ_AT_ONCE))


def _standing(enrollment: Enrollment, at: Standing) -> LearnerStanding:
    completion = getattr(enrollment, "course_completion", None)
    certificate = getattr(enrollment, "certificate", None)
    return LearnerStanding(
        enrollment=enrollment.pk, name=enrollment.user.name, email=enrollment.user.email, active=enrollment.is_active,
        source=enrollment.source, started_at=enrollment.started_at, last_accessed_at=enrollment.last_accessed_at,
        ends_at=enrollment.ends_at, completed=at.completed, total=at.total, percentage=at.percentage,
        completed_at=completion and completion.completed_at,
        certificate=certificate.number if certificate and certificate.revoked_at is None else "",
    )  # fmt: skip
