"""Asking people into a course by their address: members are in at once, others when they become members."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower, Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Invitation, Membership, Organization, Role
from accounts.services.addresses import members_by_address
from accounts.services.inviting import invite
from core.audit import record
from core.errors import Refused
from core.lines import one_line
from core.mail import send_mail
from core.tenancy import current_organization_id
from courses.enrolling.answers import AnswerState
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


def refuse_suspended(member: Membership) -> None:
    if not member.is_active:
        raise Refused("member_suspended", _("Is suspended: reinstate them first."), status=409)


def invite_member(course: Course, member: Membership, *, by: Any, ends_at: datetime | None = None) -> AnswerState:
    """They are in at once, and hear of it by mail. Raises Refused like `let_in`."""
    _enrollment, entered = grant(course, member=member, by=by, source=EnrollmentSource.INVITATION, ends_at=ends_at)
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


def ask_in(course: Course, email: str, *, by: Any, ends_at: datetime | None = None) -> AnswerState:
    """Keep a place in mind for an address that is no member's; it is asked to become one, unless it is already.

    It waits as long as an invitation into the organization; asked once more, anew. `ends_at` is when the course will
    close to them, None: never. `email` in lower case. Raises Refused: too_many_invitations (429).
    """
    organization = organization_of(course)
    asked = Invitation.objects.pending().filter(organization=organization, email=email)
    if not asked.exists():
        invite(organization, [email], role=Role.LEARNER, by=by)
    expires_at = timezone.now() + timedelta(days=settings.INVITATION_DAYS)
    terms = {"invited_by": by, "ends_at": ends_at, "expires_at": expires_at, "accepted_at": None}
    invitation, is_new = CourseInvitation.objects.update_or_create(course=course, email=email, defaults=terms)
    if is_new:
        record("course_invitation_made", by=by, row=invitation, detail=course.title)
    return AnswerState.INVITED


def organization_of(course: Course) -> Organization:
    found: Organization = course.organization
    return found


def unanswered_by(addresses: Iterable[str]) -> "QuerySet[CourseInvitation]":
    """Those of these addresses (in lower case) that have not led into their course yet; in one order for everybody."""
    asked = CourseInvitation.objects.alias(address=Lower("email")).filter(address__in=list(addresses))
    found: QuerySet[CourseInvitation] = asked.filter(accepted_at__isnull=True).select_related("course")
    return found.order_by("course_id")


def waiting_for(addresses: Iterable[str]) -> "QuerySet[CourseInvitation]":
    """Those of them that still let somebody in who becomes a member."""
    return unanswered_by(addresses).filter(expires_at__gt=Now())


def let_in_invited(membership: Membership, *, addresses: Iterable[str]) -> None:
    """Somebody has become a member: in they go where they were asked.

    Where a course is full, closed or no longer published, the invitation stays, knows whom it is for by now, and says
    so to owners (`why_they_wait`); becoming a member is not refused for that.
    """
    for invitation in waiting_for(addresses):
        try:
            accept(invitation, user=membership.user)
        except Refused:
            CourseInvitation.objects.filter(pk=invitation.pk).update(user=membership.user)


def forget_asked(membership: Membership) -> None:
    """They are no member any more: what waits for them waits for an address again."""
    CourseInvitation.objects.filter(user=membership.user_id).update(user=None)


def accept(invitation: CourseInvitation, *, user: Any) -> None:
    """Raises Refused: invitation_over (409), and like `let_in`."""
    if invitation.ends_at is not None and invitation.ends_at <= timezone.now():
        raise Refused("invitation_over", _("The time they were asked for is over."), status=409)
    with transaction.atomic():
        let_in(invitation.course, user=user, source=EnrollmentSource.INVITATION, ends_at=invitation.ends_at)
        CourseInvitation.objects.filter(pk=invitation.pk).update(accepted_at=Now())


def try_again(invitation: CourseInvitation, *, by: Any) -> None:
    """Let in whoever is a member by now, however long ago they were asked: an owner decides it.

    Raises Refused: no_member, member_suspended, invitation_over (409), and like `let_in`.
    """
    member = _member_asked(invitation)
    if member is None:
        raise Refused("no_member", _("Nobody with this address is a member yet."), status=409)
    refuse_suspended(member)
    with transaction.atomic():
        accept(invitation, user=member.user)
        record("course_invitation_tried", by=by, row=invitation)


def _member_asked(invitation: CourseInvitation) -> Membership | None:
    """Who joined with this address, else who logs in with it."""
    here = Organization(pk=current_organization_id())
    if invitation.user_id is not None:
        present = Membership.objects.filter(organization=here, removed_at__isnull=True).select_related("user")
        return present.filter(user=invitation.user_id).first()
    email = invitation.email.lower()
    return members_by_address(here, {email}).get(email)


def withdraw(invitation: CourseInvitation, *, by: Any) -> None:
    """It leads nobody into the course any more; one into the organization stays."""
    with transaction.atomic():
        record("course_invitation_withdrawn", by=by, row=invitation)
        invitation.delete()


def why_they_wait(invitations: Iterable[CourseInvitation]) -> dict[UUID, str]:
    """By key, why they have not led into their courses, in words for an owner; empty once accepted. Two statements."""
    asked = list(invitations)
    courses = {one.pk: one for one in Course.objects.filter(invitations__in=asked).distinct().with_seats_taken()}
    here = Organization(pk=current_organization_id())
    members = members_by_address(here, {one.email.lower() for one in asked})
    return {
        one.pk: _why(one, courses[one.course_id], is_member=one.user_id is not None or one.email.lower() in members)
        for one in asked
    }


def _why(invitation: CourseInvitation, course: Any, *, is_member: bool) -> str:
    """The course carries `seats_taken`."""
    now = timezone.now()
    if invitation.accepted_at is not None:
        return ""
    if invitation.ends_at is not None and invitation.ends_at <= now:
        return _("The time they were asked for is over.")
    if not is_member:
        return _("Is not a member yet.") if invitation.expires_at > now else _("Has expired: ask them again.")
    if course.closes_at is not None and course.closes_at <= now:
        return _("The course has closed.")
    if not course.is_published:
        return _("The course is not published.")
    if course.seats is not None and course.seats_taken >= course.seats:
        return _("Every place is taken.")
    return _("Is a member now: try again.")
