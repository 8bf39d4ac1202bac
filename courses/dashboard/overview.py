"""What a learner finds on their own page: where to go on, and what is behind them. What is due: `due`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from accounts.models import Organization
from courses.access import is_maker, may_learn
from courses.catalog.cards import Card
from courses.learn_space.lessons import lock, place_at, read_outline
from courses.learn_space.next_step import NextStep, next_step
from courses.learn_space.outline import OutlineRow
from courses.models import Certificate, ContentItem, Course


@dataclass(frozen=True)
class Continue:
    """The course to go on with; `step` is None where there is nothing in it yet."""

    card: Card
    step: NextStep | None


@dataclass(frozen=True)
class Finished:
    """A completed course. `certificate` is held, revoked, to_get (a press away) or empty (the course gives none)."""

    card: Card
    completed_at: datetime
    certificate: str


def courses_of(user: Any, organization: Organization) -> Any:
    """What they take: first what is not completed, the last opened first; then what is, the last completed first."""
    mine = Course.objects.visible_to(user, organization).published().of_learner(user).with_enrollment_of(user)
    shown = mine.with_cover(ContentItem.objects.with_picture())
    return shown.order_by(F("learner_completed_at").desc(nulls_first=True), F("mine__last_accessed_at").desc(), "pk")


def go_on(shown: Sequence[tuple[Any, Card]], *, user: Any, organization: Organization) -> Continue | None:
    """Where learning goes on: the first of these courses that is open and not completed.

    One statement, two where scores open something.
    """
    if not may_learn(user, organization):
        return None
    left = ((course, card) for course, card in shown if course.learner_completed_at is None)
    for course, card in left:
        place = place_at(course, organization)
        if place.opening().is_open:
            rows: Sequence[OutlineRow] = read_outline(
                course.pk, user=user, enrollment_id=course.enrollment_id, is_maker=False
            )
            rows = rows if is_maker(user, organization) else lock(rows, place)
            return Continue(card, next_step(rows, last_item_id=course.last_item_id))
    return None


def certificates_of(user: Any) -> list[Certificate]:
    """The latest first, also of courses they no longer take. One statement."""
    held = Certificate.objects.filter(enrollment__user=user.pk).select_related("enrollment__course")
    return list(held.order_by("-issued_at", "pk"))


def finished(shown: Iterable[tuple[Any, Card]], certificates: Iterable[Certificate]) -> list[Finished]:
    held = {certificate.enrollment_id: certificate for certificate in certificates}
    return [
        Finished(card, course.learner_completed_at, _certificate_of(course, held))
        for course, card in shown
        if course.learner_completed_at is not None
    ]


def _certificate_of(course: Any, held: dict[UUID, Certificate]) -> str:
    certificate = held.get(course.enrollment_id)
    if certificate is None:
        return "to_get" if course.awards_certificate else ""
    return "held" if certificate.revoked_at is None else "revoked"
