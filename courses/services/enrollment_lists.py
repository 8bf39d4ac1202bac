"""Many learners at once: every row of a list is answered, and none is lost with another."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.services.addresses import members_by_address
from accounts.services.inviting import MOST_AT_ONCE
from core.errors import Refused
from core.tenancy import current_organization_id
from courses.enrolling.answers import Answer, AnswerState
from courses.enrolling.rows import Row, read_told
from courses.models import Course
from courses.services.list_verdicts import Desk, Facts, Verdict, judge, no_such_course, read_facts

#: So many rows are written before what they are judged by is read anew: others come and go meanwhile.
ROWS_AHEAD = 500
Said = tuple[Row, Answer]


def enroll_list(
    rows: Sequence[Row], *, by: Any, course: Course | None = None, invites: bool = False, dry_run: bool = False
) -> list[Answer]:
    """Let in, ask in or shut out whom the rows name, each in a transaction of its own; answers all of them in order.

    `course` is meant where a row names none. `invites` asks members in as well: at most 50, who hear of it by mail and
    get in nowhere an owner has shut. What is so already is not written again. `dry_run` judges all rows the same way,
    each as though those before it had been done, and writes nothing.
    Raises Refused: too_many_addresses.
    """
    if invites:
        _refuse_many(len(rows))
    desk, said, answers = _desk(rows, course, by, invites), dict[tuple[str, str], Said](), list[Answer]()
    step = len(rows) if dry_run else ROWS_AHEAD
    for start in range(0, len(rows), max(1, step)):
        ahead = rows[start : start + step]
        facts = read_facts(ahead, desk)
        answers += [_answer(row, said, desk, facts, dry_run=dry_run) for row in ahead]
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
        raise no_such_course(slug, status=404)
    return found


def _desk(rows: Sequence[Row], course: Course | None, by: Any, invites: bool) -> Desk:
    organization = Organization.objects.get(pk=current_organization_id())
    members = members_by_address(organization, {row.email for row in rows})
    courses = {one.slug: one for one in Course.objects.filter(slug__in={row.course for row in rows})}
    if course is not None:
        courses[course.slug] = course
    return Desk(organization, members, courses, course.slug if course else "", by, invites)


def _answer(row: Row, said: dict[tuple[str, str], Said], desk: Desk, facts: Facts, *, dry_run: bool) -> Answer:
    """`said` are the rows without a fault so far, and their answers, by address and course."""
    slug = desk.slug_of(row)
    try:
        _refuse_fault(row)
        if before := said.get((row.email, slug)):
            return _repeated(row, *before)
        verdict = judge(row, desk, facts)
        answer = Answer(row.line, row.email, slug, verdict.state if dry_run else _carry_out(verdict))
    except Refused as refusal:
        answer = Answer(row.line, row.email, slug, AnswerState.REFUSED, refusal.code, refusal.message)
    if row.fault is None:
        said.setdefault((row.email, slug), (row, answer))
    return answer


def _carry_out(verdict: Verdict) -> AnswerState:
    if verdict.verb is None:
        return verdict.state
    with transaction.atomic():
        return verdict.verb() or verdict.state


def _refuse_fault(row: Row) -> None:
    if row.fault is not None:
        raise Refused(*row.fault)


def _repeated(row: Row, first: Row, answer: Answer) -> Answer:
    """The same again is no fault, and becomes what the first became; something else about the same person is one."""
    if (row.action, row.ends_at) != (first.action, first.ends_at):
        raise Refused("contradiction", _("Line %(line)d says something else about them.") % {"line": first.line})
    words = _("Stands in line %(line)d already.") % {"line": first.line}
    return replace(answer, line=row.line, code="repeated", message=words)
