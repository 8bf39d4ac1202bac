"""Asking people into a course by their address: members are in at once, others when they become members."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower, Now
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Invitation, Membership, Organization, Role
from accounts.services.addresses import members_by_address
from accounts.services.inviting import LONGEST_LINE, MOST_AT_ONCE, address_in, invite
from core.audit import record
from core.errors import Refused
from core.lines import one_line
from core.mail import send_mail
from core.tenancy import current_organization_id
from courses.enrolling.answers import Answer, AnswerState
from courses.models import Course
from courses.models.access import CourseInvitation
from courses.models.enrollment import EnrollmentSource
from courses.services.enrolling import Entered, grant, let_in

MAIL = "courses/mail/enrolled"
STATES = {
    Entered.NEW: AnswerState.ENROLLED,
    Entered.RETURNED: AnswerState.RETURNED,
    Entered.HERE: AnswerState.HERE,
}


def invite_into(course: Course, lines: Iterable[str], *, by: Any) -> list[Answer]:
    """Ask up to 50 addresses into a course; answers every line that is not empty, in order.

    One that is refused loses none of the others. Raises Refused: no_addresses, too_many_addresses.
    """
    typed = [line.strip()[:LONGEST_LINE] for line in lines if line.strip()]
    _refuse_count(len(typed))
    emails = [address_in(line) for line in typed]
    members = members_by_address(organization_of(course), {email for email in emails if email})
    return [
        _answer(course, number, line, members.get(email or ""), by=by)
        for number, (line, email) in enumerate(zip(typed, emails, strict=True), 1)
    ]


def _refuse_count(count: int) -> None:
    if not count:
        raise Refused("no_addresses", _("Write at least one e-mail address."), fields={"emails": [_("Required.")]})
    if count > MOST_AT_ONCE:
        words = _("At most %(most)d addresses at once. Longer lists are uploaded as a file.") % {"most": MOST_AT_ONCE}
        raise Refused("too_many_addresses", words, fields={"emails": [words]})


def _answer(course: Course, number: int, line: str, member: Membership | None, *, by: Any) -> Answer:
    email = address_in(line)
    if email is None:
        return Answer(number, line, course.slug, AnswerState.REFUSED, "not_an_address", not_an_address())
    try:
        with transaction.atomic():
            state = _invite_member(course, member, by=by) if member else ask_in(course, email, by=by)
    except Refused as refusal:
        return Answer(number, email, course.slug, AnswerState.REFUSED, refusal.code, refusal.message)
    return Answer(number, email, course.slug, state)


def not_an_address() -> str:
    return _("This is not an e-mail address.")


def refuse_suspended(member: Membership) -> None:
    if not member.is_active:
        raise Refused("member_suspended", _("Is suspended: reinstate them first."), status=409)


def _invite_member(course: Course, member: Membership, *, by: Any) -> AnswerState:
    refuse_suspended(member)
    _enrollment, entered = grant(course, member=member, by=by, source=EnrollmentSource.INVITATION)
    if entered is not Entered.HERE:
        _tell(course, member, by=by)
    return STATES[entered]


def _tell(course: Course, member: Membership, *, by: Any) -> None:
    organization = organization_of(course)
    path = reverse("courses:course", args=[organization.slug, course.slug])
    context = {
        "inviter": one_line(str(by or organization)),
        "course": one_line(course.title),
        "link": settings.SITE_URL.rstrip("/") + path,
    }
    send_mail(MAIL, to=member.user.email, context=context, organization=organization)


def ask_in(course: Course, email: str, *, by: Any) -> AnswerState:
    """Keep a place in mind for an address that is no member's; it is asked to become one, unless it is already.

    `email` in lower case. Raises Refused: too_many_invitations (429).
    """
    organization = organization_of(course)
    asked = Invitation.objects.pending().filter(organization=organization, email=email)
    if not asked.exists():
        invite(organization, [email], role=Role.LEARNER, by=by)
    invitation, is_new = CourseInvitation.objects.get_or_create(course=course, email=email, defaults={"invited_by": by})
    if not is_new and invitation.accepted_at is not None:
        CourseInvitation.objects.filter(pk=invitation.pk).update(accepted_at=None, invited_by=by)
    if is_new:
        record("course_invitation_made", by=by, row=invitation, detail=course.title)
    return AnswerState.INVITED


def organization_of(course: Course) -> Organization:
    found: Organization = course.organization
    return found


def waiting_for(addresses: Iterable[str]) -> "QuerySet[CourseInvitation]":
    """Those of these addresses (in lower case) that have not led into their course yet; in one order for everybody."""
    asked = CourseInvitation.objects.alias(address=Lower("email")).filter(address__in=list(addresses))
    found: QuerySet[CourseInvitation] = asked.filter(accepted_at__isnull=True).select_related("course")
    return found.order_by("course_id")


def let_in_invited(membership: Membership, *, addresses: Iterable[str]) -> None:
    """Somebody has become a member: in they go where they were asked.

    Where a course is full, closed or no longer published, the invitation stays, and says so to owners
    (`why_it_waits`); becoming a member is not refused for that.
    """
    for invitation in waiting_for(addresses):
        try:
            accept(invitation, user=membership.user)
        except Refused:
            continue


def accept(invitation: CourseInvitation, *, user: Any) -> None:
    """Raises Refused like `let_in`."""
    with transaction.atomic():
        let_in(invitation.course, user=user, source=EnrollmentSource.INVITATION)
        CourseInvitation.objects.filter(pk=invitation.pk).update(accepted_at=Now())


def try_again(invitation: CourseInvitation, *, by: Any) -> None:
    """Let in whoever is a member by now. Raises Refused: no_member (409), and like `let_in`."""
    email = invitation.email.lower()
    member = members_by_address(Organization(pk=current_organization_id()), {email}).get(email)
    if member is None:
        raise Refused("no_member", _("Nobody with this address is a member yet."), status=409)
    refuse_suspended(member)
    with transaction.atomic():
        accept(invitation, user=member.user)
        record("course_invitation_tried", by=by, row=invitation)


def withdraw(invitation: CourseInvitation, *, by: Any) -> None:
    """It leads nobody into the course any more; one into the organization stays."""
    with transaction.atomic():
        record("course_invitation_withdrawn", by=by, row=invitation)
        invitation.delete()


def why_it_waits(invitation: CourseInvitation, *, is_member: bool, now: datetime) -> str:
    """In words for an owner; empty once it was accepted. The course carries `seats_taken`."""
    course: Any = invitation.course
    if invitation.accepted_at is not None:
        return ""
    if not is_member:
        return _("Is not a member yet.")
    if course.closes_at is not None and course.closes_at <= now:
        return _("The course has closed.")
    if not course.is_published:
        return _("The course is not published.")
    if course.seats is not None and course.seats_taken >= course.seats:
        return _("Every place is taken.")
    return _("Is a member now: try again.")
