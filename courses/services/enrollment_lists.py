"""Many learners at once: every row of a list is answered, and none is lost with another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Organization
from accounts.services.addresses import members_by_address
from accounts.services.inviting import MOST_AT_ONCE
from accounts.services.locking import lock_organization
from core.errors import Refused
from core.tenancy import current_organization_id
from courses.enrolling.answers import Answer, AnswerState
from courses.enrolling.rows import END, Row, read_told
from courses.models import Course, Enrollment
from courses.models.enrollment import EnrollmentSource
from courses.services.course_invitations import (
    STATES,
    ask_in,
    invite_member,
    refuse_suspended,
    unanswered_by,
    withdraw,
)
from courses.services.enrolling import end_enrollment, grant

LAST_YEAR = 2199
Said = tuple[Row, Answer]


@dataclass(frozen=True)
class Desk:
    """What all rows are looked up in; read once for the whole list."""

    organization: Organization
    members: dict[str, Membership]
    courses: dict[str, Course]
    course: Course | None
    by: Any
    invites: bool


def enroll_list(
    rows: Sequence[Row], *, by: Any, course: Course | None = None, invites: bool = False, dry_run: bool = False
) -> list[Answer]:
    """Let in, ask in or shut out whom the rows name, each in a transaction of its own; answers all of them in order.

    `course` is meant where a row names none. `invites` asks members in as well: at most 50, who hear of it by mail and
    get in nowhere an owner has shut. `dry_run` does it all and takes it back, so that it answers the same.
    Raises Refused: too_many_addresses.
    """
    if invites:
        _refuse_many(len(rows))
    desk = _desk(rows, course, by, invites)
    if not dry_run:
        return _answer_all(rows, desk)
    with transaction.atomic():
        if any(row.email not in desk.members for row in rows):  # asking in holds it, and rows may hold courses before
            lock_organization(desk.organization.pk)
        answers = _answer_all(rows, desk)
        transaction.set_rollback(True)
    return answers


def invite_into(course: Course, lines: Iterable[str], *, by: Any) -> list[Answer]:
    """Ask up to 50 addresses into a course; answers every line that is not empty, in order.

    Raises Refused: no_addresses, too_many_addresses.
    """
    typed = [line.strip() for line in lines if line.strip()]
    if not typed:
        raise Refused("no_addresses", _("Write at least one e-mail address."), fields={"emails": [_("Required.")]})
    _refuse_many(len(typed))
    return enroll_list(read_told({"email": line} for line in typed), by=by, course=course, invites=True)


def _refuse_many(count: int) -> None:
    """Each is a mail that the request waits for."""
    if count > MOST_AT_ONCE:
        words = _("At most %(most)d addresses at once. Longer lists are enrolled without inviting.")
        words %= {"most": MOST_AT_ONCE}
        raise Refused("too_many_addresses", words, fields={"emails": [words]})


def chosen_course(slug: str) -> Course | None:
    """The course of that address, None for no address. Raises Refused: no_such_course (404)."""
    if not slug:
        return None
    found: Course | None = Course.objects.filter(slug=slug).first()
    if found is None:
        raise _no_such_course(slug, status=404)
    return found


def _no_such_course(slug: str, **options: Any) -> Refused:
    return Refused("no_such_course", _("There is no course called “%(slug)s”.") % {"slug": slug}, **options)


def _desk(rows: Sequence[Row], course: Course | None, by: Any, invites: bool) -> Desk:
    organization = Organization.objects.get(pk=current_organization_id())
    members = members_by_address(organization, {row.email for row in rows})
    named = Course.objects.filter(slug__in={row.course for row in rows})
    return Desk(organization, members, {one.slug: one for one in named}, course, by, invites)


def _answer_all(rows: Sequence[Row], desk: Desk) -> list[Answer]:
    said: dict[tuple[str, str], Said] = {}
    return [_answer(row, said, desk) for row in rows]


def _slug(row: Row, desk: Desk) -> str:
    return row.course or (desk.course.slug if desk.course else "")


def _answer(row: Row, said: dict[tuple[str, str], Said], desk: Desk) -> Answer:
    """`said` are the rows without a fault so far, and their answers, by address and course."""
    slug = _slug(row, desk)
    try:
        _refuse_fault(row)
        if before := said.get((row.email, slug)):
            return _repeated(row, *before)
        with transaction.atomic():
            answer = Answer(row.line, row.email, slug, _do(row, _course(row, desk), desk))
    except Refused as refusal:
        answer = Answer(row.line, row.email, slug, AnswerState.REFUSED, refusal.code, refusal.message)
    if row.fault is None:
        said.setdefault((row.email, slug), (row, answer))
    return answer


def _refuse_fault(row: Row) -> None:
    if row.fault is not None:
        raise Refused(*row.fault)


def _repeated(row: Row, first: Row, answer: Answer) -> Answer:
    """The same again is no fault, and becomes what the first became; something else about the same person is one."""
    if (row.action, row.ends_at) != (first.action, first.ends_at):
        raise Refused("contradiction", _("Line %(line)d says something else about them.") % {"line": first.line})
    words = _("Stands in line %(line)d already.") % {"line": first.line}
    return replace(answer, line=row.line, code="repeated", message=words)


def _course(row: Row, desk: Desk) -> Course:
    if not row.course and desk.course is not None:
        return desk.course
    if not row.course:
        raise Refused("no_course", _("Name a course."))
    if row.course not in desk.courses:
        raise _no_such_course(row.course)
    return desk.courses[row.course]


def _do(row: Row, course: Course, desk: Desk) -> AnswerState:
    member = desk.members.get(row.email)
    if row.action == END:
        return _end(row, course, member, desk)
    ends_at = _end_of(row.ends_at, desk.organization)
    if member is None:
        return ask_in(course, row.email, by=desk.by, ends_at=ends_at)
    refuse_suspended(member)
    if desk.invites:
        return invite_member(course, member, by=desk.by, ends_at=ends_at)
    _enrollment, entered = grant(course, member=member, by=desk.by, source=EnrollmentSource.LIST, ends_at=ends_at)
    return STATES[entered]


def _end(row: Row, course: Course, member: Membership | None, desk: Desk) -> AnswerState:
    """Of an address that was asked and has not come, the invitation."""
    place = Enrollment.objects.filter(course=course, user=member.user_id).first() if member else None
    if place is not None:
        if place.ended_by_owner_at is None:
            end_enrollment(place, by=desk.by)
        return AnswerState.ENDED
    asked = unanswered_by([row.email]).filter(course=course).first()
    if asked is None:
        raise Refused("not_enrolled", _("Is not enrolled in this course."))
    withdraw(asked, by=desk.by)
    return AnswerState.ENDED


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
