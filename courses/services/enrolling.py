"""Who learns what."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Organization
from core.announcements import announce
from core.audit import record
from core.errors import Refused
from core.tenancy import current_organization_id
from courses.entitlement import may_enroll
from courses.lessons import LessonItem
from courses.models import ContentItem, Course, Enrollment
from courses.services.progress import credit_watched

SECONDS_BETWEEN_VISITS = 60


def enroll(course: Course, *, user: Any) -> Enrollment:
    """Let somebody into a course, or back into it. What they have already watched to the end counts at once.

    Raises Refused: not_published.
    """
    if not course.is_published:
        raise Refused("not_published", "This course is not open for learners yet.", status=409)
    with transaction.atomic():
        enrollment, is_new = Enrollment.objects.get_or_create(course=course, user=user)
        if not enrollment.is_active:
            enrollment.is_active, enrollment.ended_by_owner_at = True, None
            enrollment.save(update_fields=["is_active", "ended_by_owner_at"])
        if is_new:
            announce("learner_enrolled", course, user=user)
        credit_watched(ContentItem.objects.of_course(course), user=user)
    return enrollment


def enroll_oneself(course: Course, *, user: Any, organization: Organization) -> Enrollment:
    """Enter a course by one's own wish.

    Raises Refused: not_yours_to_enter (403) for customers, enrollment_ended (403) after an owner shut it,
    not_published.
    """
    if not may_enroll(user, organization):
        raise Refused("not_yours_to_enter", _("An owner lets you into courses here."), status=403)
    with transaction.atomic():
        _refuse_ended(course, user)
        return enroll(course, user=user)


def _refuse_ended(course: Course, user: Any) -> None:
    """What an owner has shut, only an owner opens; held, so that none shuts it between the look and the entry."""
    held = Enrollment.objects.select_for_update(of=("self",)).filter(course=course, user=user).first()
    if held is not None and held.ended_by_owner_at is not None:
        words = _("An owner has ended your enrollment in this course. Please ask them to let you in again.")
        raise Refused("enrollment_ended", words, status=403)


def find_member(email: str) -> Membership:
    """The active member of that address in the organization in scope. Raises Refused: no_member."""
    members = Membership.objects.active().filter(organization=current_organization_id(), user__email__iexact=email)
    member = members.select_related("user").first()
    if member is None:
        words = _("Nobody with this address is a member here. Invite them first.")
        raise Refused("no_member", words, fields={"email": [words]})
    return member


def grant_course(course: Course, *, member: Membership, by: Any) -> Enrollment:
    """Let a member into a course, whatever their role; once more changes nothing. Raises Refused: not_published."""
    with transaction.atomic():
        enrollment = enroll(course, user=member.user)
        record("course_granted", by=by, row=enrollment)
    return enrollment


def end_enrollment(enrollment: Enrollment, *, by: Any) -> None:
    """Shut the course to a learner; what they have done is kept for when they come back.

    Who leaves by themselves may return; whom somebody else shut out waits for an owner, also if they leave once more.
    """
    shut = {} if by.pk == enrollment.user_id else {"ended_by_owner_at": Now()}
    with transaction.atomic():
        Enrollment.objects.filter(pk=enrollment.pk).update(is_active=False, **shut)
        record("enrollment_ended", by=by, row=enrollment)


def note_visit(item: LessonItem) -> None:
    """Remember where the learner is; the same item within a minute changes nothing and costs no statement."""
    if item.enrollment_id is None or item.last_accessed_at is None:
        return
    now = timezone.now()
    if item.id != item.last_item_id or now - item.last_accessed_at > timedelta(seconds=SECONDS_BETWEEN_VISITS):
        Enrollment.objects.filter(pk=item.enrollment_id).update(last_item=item.id, last_accessed_at=now)
