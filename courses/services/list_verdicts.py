"""What each row of a list comes to, judged by facts that are read ahead for many rows in a few statements."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Invitation, Membership, Organization
from accounts.services.invitations import Postbag, postbag_of
from core.errors import Refused
from courses.enrolling.answers import AnswerState
from courses.enrolling.rows import END, Row
from courses.enrolling.seats import is_taken
from courses.models import Course, Enrollment
from courses.models.access import CourseInvitation
from courses.models.enrollment import EnrollmentSource
from courses.services.course_invitations import (
    STATES,
    ask_in,
    invite_member,
    refuse_suspended,
    unanswered_by,
    withdraw,
)
from courses.services.enrolling import Entered, end_enrollment, foresee, grant

LAST_YEAR = 2199
Place = tuple[UUID, UUID]  # course and person


@dataclass(frozen=True)
class Desk:
    """What all rows are looked up in; read once for the whole list. `slug` is of the course of rows that name none."""

    organization: Organization
    members: dict[str, Membership]
    courses: dict[str, Course]
    slug: str
    by: Any
    invites: bool

    def slug_of(self, row: Row) -> str:
        return row.course or self.slug


@dataclass
class Room:
    """What runs out from row to row, counted on as they are judged: seats by course, and letters to strangers."""

    taken: Counter[UUID]
    postbag: Postbag
    asked: set[str]

    def ask(self, email: str) -> None:
        """Into the organization, who is not asked already. Raises Refused: too_many_invitations (429)."""
        if email not in self.asked:
            self.postbag.put(email)
            self.asked.add(email)


@dataclass(frozen=True)
class Facts:
    """Who stands where: enrollments, and invitations that wait by course and address."""

    places: dict[Place, Enrollment]
    invitations: dict[tuple[UUID, str], CourseInvitation]
    room: Room


@dataclass(frozen=True)
class Verdict:
    """What a row comes to, and the verb that makes it so, which has the last word; None where it is so already."""

    state: AnswerState
    verb: Callable[[], AnswerState | None] | None = None


def read_facts(rows: Sequence[Row], desk: Desk) -> Facts:
    """Of all these rows in one statement each."""
    strangers = {row.email for row in rows} - desk.members.keys()
    waiting = unanswered_by({row.email for row in rows if row.action == END}).filter(course__in=desk.courses.values())
    invitations = {(one.course_id, one.email.lower()): one for one in waiting}
    return Facts(_read_places(rows, desk), invitations, _read_room(strangers, desk))


def _read_places(rows: Sequence[Row], desk: Desk) -> dict[Place, Enrollment]:
    """Where few rows name each of many courses, most of what their people learn is not asked for, and not kept."""
    known = [row for row in rows if row.email in desk.members and desk.slug_of(row) in desk.courses]
    meant = {(desk.courses[desk.slug_of(row)].pk, desk.members[row.email].user_id) for row in known}
    courses, people = {course for course, _user in meant}, {user for _course, user in meant}
    places = Enrollment.objects.filter(course__in=courses, user__in=people).iterator()
    found = (((place.course_id, place.user_id), place) for place in places)
    return {key: place for key, place in found if key in meant}


def _read_room(strangers: set[str], desk: Desk) -> Room:
    asked = Invitation.objects.pending().filter(organization=desk.organization, email__in=strangers)
    return Room(_seats_taken(desk), postbag_of(desk.organization), set(asked.values_list("email", flat=True)))


def _seats_taken(desk: Desk) -> Counter[UUID]:
    """By course, of those that have a number of seats; it is read anew with them."""
    limited = {course.pk: course for course in desk.courses.values() if course.seats is not None}
    taken: Counter[UUID] = Counter()
    for found in Course.objects.filter(pk__in=limited).only("seats").with_seats_taken():
        limited[found.pk].seats, taken[found.pk] = found.seats, found.seats_taken
    return taken


def judge(row: Row, desk: Desk, facts: Facts) -> Verdict:
    """As though the rows judged before had been done. Raises Refused with what stands against it."""
    course, member = _course(row, desk), desk.members.get(row.email)
    if row.action == END:
        return _ended(row, course, member, desk, facts)
    ends_at = _end_of(row.ends_at, desk.organization)
    if member is None:
        facts.room.ask(row.email)
        return Verdict(AnswerState.INVITED, partial(ask_in, course, row.email, by=desk.by, ends_at=ends_at))
    refuse_suspended(member)
    return _entered(course, member, ends_at, desk, facts)


def _course(row: Row, desk: Desk) -> Course:
    slug = desk.slug_of(row)
    if not slug:
        raise Refused("no_course", _("Name a course."))
    if slug not in desk.courses:
        raise no_such_course(slug)
    return desk.courses[slug]


def no_such_course(slug: str, **options: Any) -> Refused:
    return Refused("no_such_course", _("There is no course called “%(slug)s”.") % {"slug": slug}, **options)


def _entered(course: Course, member: Membership, ends_at: datetime | None, desk: Desk, facts: Facts) -> Verdict:
    """Who is here already is so, unless another end is named."""
    place, taken = facts.places.get((course.pk, member.user_id)), facts.room.taken
    source = EnrollmentSource.INVITATION if desk.invites else EnrollmentSource.LIST
    entered = foresee(course, place, source=source, taken=taken[course.pk])
    if entered is not Entered.HERE:
        taken[course.pk] += 1
    elif place is not None and ends_at in (None, place.ends_at):
        return Verdict(STATES[entered])
    let_in = invite_member if desk.invites else _grant
    return Verdict(STATES[entered], partial(let_in, course, member, by=desk.by, ends_at=ends_at))


def _grant(course: Course, member: Membership, *, by: Any, ends_at: datetime | None) -> AnswerState:
    _enrollment, entered = grant(course, member=member, by=by, source=EnrollmentSource.LIST, ends_at=ends_at)
    return STATES[entered]


def _ended(row: Row, course: Course, member: Membership | None, desk: Desk, facts: Facts) -> Verdict:
    """Of an address that was asked and has not come, the invitation."""
    place = facts.places.get((course.pk, member.user_id)) if member else None
    if place is not None and place.ended_by_owner_at is not None:
        return Verdict(AnswerState.ENDED)
    if place is not None:
        facts.room.taken[course.pk] -= is_taken(place)
        return Verdict(AnswerState.ENDED, partial(end_enrollment, place, by=desk.by))
    asked = facts.invitations.get((course.pk, row.email))
    if asked is None:
        raise Refused("not_enrolled", _("Is not enrolled in this course."))
    return Verdict(AnswerState.ENDED, partial(withdraw, asked, by=desk.by))


def _end_of(day: date | None, organization: Organization) -> datetime | None:
    """The end of that day where the organization is. Raises Refused: ends_in_past, not_a_date."""
    if day is None:
        return None
    if day.year > LAST_YEAR:
        raise Refused("not_a_date", _("This day is too far away."))
    ends_at = datetime.combine(day + timedelta(days=1), time(), tzinfo=organization.zone)
    if ends_at <= timezone.now():
        raise Refused("ends_in_past", _("This day is over already."))
    return ends_at
