"""Who learns what: getting in, until when, and getting out."""

from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership, Organization
from accounts.permissions import role_in
from accounts.services.members import join
from core.announcements import announce
from core.audit import record
from core.errors import Refused
from core.tenancy import current_organization_id
from courses.enrolling.seats import is_longer, is_over, is_taken, seats_taken
from courses.entitlement import may_enroll
from courses.learn_space.lessons import LessonItem
from courses.models import ContentItem, Course, Enrollment
from courses.models.access import EnrollmentCode
from courses.models.course import CourseAccess
from courses.models.enrollment import EnrollmentSource
from courses.services.progress import complete_course, credit_watched

SECONDS_BETWEEN_VISITS = 60
#: What an owner has ended, these open again: an owner does it, and sees what they do.
BY_AN_OWNER = frozenset({EnrollmentSource.OWNER, EnrollmentSource.LIST})


class Entered(Enum):
    """What came of letting somebody in."""

    NEW = "new"
    RETURNED = "returned"
    HERE = "here already"


def enroll(
    course: Course,
    *,
    user: Any,
    source: EnrollmentSource = EnrollmentSource.SELF,
    code: EnrollmentCode | None = None,
    ends_at: datetime | None = None,
) -> Enrollment:
    """Let somebody into a course, or back into it. What they have already watched to the end counts at once.

    Raises Refused like `let_in`.
    """
    return let_in(course, user=user, source=source, code=code, ends_at=ends_at)[0]


def let_in(
    course: Course,
    *,
    user: Any,
    source: EnrollmentSource,
    code: EnrollmentCode | None = None,
    ends_at: datetime | None = None,
) -> tuple[Enrollment, Entered]:
    """Let somebody in, whoever asks for it; before the course opens one may enter and wait.

    Whoever was here comes back to the same enrollment and what was done in it, and needs a seat again. `ends_at` is
    when it closes to them, None: never; who returns by themselves keeps the end they had, and a code takes nothing
    from it. Raises Refused: not_published, course_closed, course_full (409), enrollment_ended, enrollment_over (403).
    """
    _refuse_shut(course)
    with transaction.atomic():
        _hold_seats(course)
        given = {"source": source, "code": code, "ends_at": ends_at}
        places = Enrollment.objects.select_for_update(of=("self",))
        enrollment, is_new = places.get_or_create(course=course, user=user, defaults=given)
        entered = Entered.NEW if is_new else _come_back(enrollment, given)
        if entered is not Entered.HERE:
            _refuse_overfull(course)
        if is_new:
            announce("learner_enrolled", course, user=user)
        credit_watched(ContentItem.objects.of_course(course), user=user)
        if entered is Entered.RETURNED:
            complete_course(enrollment)  # what was left to do may have gone meanwhile
    return enrollment, entered


def foresee(course: Course, place: Enrollment | None, *, source: EnrollmentSource, taken: int) -> Entered:
    """What `let_in` would come to for who has this place, or none, while so many seats are taken; writes nothing.

    Raises Refused like it.
    """
    _refuse_shut(course)
    entered = Entered.NEW if place is None else _way_back(place, source)
    if entered is not Entered.HERE and course.seats is not None:
        _refuse_beyond(course.seats, taken + 1)
    return entered


def _refuse_shut(course: Course) -> None:
    if not course.is_published:
        raise Refused("not_published", _("This course is not open for learners yet."), status=409)
    if course.closes_at is not None and course.closes_at <= timezone.now():
        raise Refused("course_closed", _("This course has closed."), status=409)


def _hold_seats(course: Course) -> None:
    """Those who come at once to a course with seats come one after the other; they wait for the row of the course."""
    if course.seats is not None:
        held = Course.objects.select_for_update(no_key=True, of=("self",)).only("seats").get(pk=course.pk)
        course.seats = held.seats


def _refuse_overfull(course: Course) -> None:
    """Asked after the seat was taken; that is taken back where there was none."""
    if course.seats is not None:
        _refuse_beyond(course.seats, seats_taken(course))


def _refuse_beyond(seats: int, taken: int) -> None:
    if taken > seats:
        words = ngettext("The only place is taken.", "All %(count)d places are taken.", seats)
        raise Refused("course_full", words % {"count": seats}, status=409)


def _come_back(enrollment: Enrollment, given: dict[str, Any]) -> Entered:
    """Held, so that none shuts it between the look and the entry."""
    source, ends_at = given["source"], given["ends_at"]
    entered = _way_back(enrollment, source)
    if source == EnrollmentSource.CODE and not is_longer(ends_at, than=enrollment.ends_at):
        given = {**given, "ends_at": enrollment.ends_at}
    if entered is Entered.HERE:
        _stay(enrollment, given)
        return entered
    if source != EnrollmentSource.SELF:
        _write(enrollment, **given)
    _write(enrollment, is_active=True, ended_by_owner_at=None)
    return entered


def _way_back(place: Enrollment, source: EnrollmentSource) -> Entered:
    """What an owner has shut, only an owner opens. Raises Refused: enrollment_ended, enrollment_over (403)."""
    if place.ended_by_owner_at is not None and source not in BY_AN_OWNER:
        raise Refused("enrollment_ended", _words_for_ended(source), status=403)
    if is_taken(place):
        return Entered.HERE
    if source == EnrollmentSource.SELF and is_over(place):
        raise Refused("enrollment_over", _("Your time in this course is over. Please ask an owner."), status=403)
    return Entered.RETURNED


def _stay(enrollment: Enrollment, given: dict[str, Any]) -> None:
    """Another end, where one is named; of a code it is remembered that it was the one to prolong it."""
    if given["source"] != EnrollmentSource.CODE:
        if given["ends_at"] is not None:
            _write(enrollment, ends_at=given["ends_at"])
    elif given["ends_at"] != enrollment.ends_at:
        _write(enrollment, ends_at=given["ends_at"], code=given["code"])


def _words_for_ended(source: EnrollmentSource) -> str:
    """For the learner, and for the owner who asks them in without remembering."""
    if source == EnrollmentSource.INVITATION:
        return _("An owner has ended this enrollment. Let them in under Enrollments, if that is meant.")
    return _("An owner has ended your enrollment in this course. Please ask them to let you in again.")


def _write(enrollment: Enrollment, **values: Any) -> None:
    for name, value in values.items():
        setattr(enrollment, name, value)
    enrollment.save(update_fields=list(values))


def enroll_oneself(course: Course, *, user: Any, organization: Organization) -> Enrollment:
    """Enter a course by one's own wish; whoever comes from outside becomes a learner of an open organization first.

    Raises Refused: not_yours_to_enter, not_open, membership_ended (403), and like `let_in`.
    """
    _refuse_entry(course, user, organization)
    with transaction.atomic():
        join(organization, user)
        return enroll(course, user=user)


def _refuse_entry(course: Course, user: Any, organization: Organization) -> None:
    if words := why_not_by_oneself(course, user, organization):
        raise Refused("not_yours_to_enter", words, status=403)


def why_not_by_oneself(course: Course, user: Any, organization: Organization) -> str:
    """How one gets in instead, in words; empty where one may enter. Whoever left a granted course may return to it."""
    role = role_in(user, organization)
    if role is not None and not may_enroll(user, organization):
        return _("An owner lets you into courses here, or a code does.")
    if course.access == CourseAccess.GRANTED and not Enrollment.objects.filter(course=course, user=user.pk).exists():
        return _("One gets into this course by an invitation or a code, or an owner lets one in.")
    if role is None and (course.access != CourseAccess.OPEN or not may_enroll(user, organization)):
        return _("This course is for members of %(organization)s.") % {"organization": organization.name}
    return ""


def find_member(email: str) -> Membership:
    """The active member of that address in the organization in scope. Raises Refused: no_member."""
    members = Membership.objects.active().filter(organization=current_organization_id(), user__email__iexact=email)
    member = members.select_related("user").first()
    if member is None:
        words = _("Nobody with this address is a member here. Invite them first.")
        raise Refused("no_member", words, fields={"email": [words]})
    return member


def grant_course(course: Course, *, member: Membership, by: Any, ends_at: datetime | None = None) -> Enrollment:
    """Let a member into a course, whatever their role; once more changes nothing but the end, where one is named.

    Raises Refused: not_published, course_closed, course_full (409).
    """
    return grant(course, member=member, by=by, source=EnrollmentSource.OWNER, ends_at=ends_at)[0]


def grant(
    course: Course, *, member: Membership, by: Any, source: EnrollmentSource, ends_at: datetime | None = None
) -> tuple[Enrollment, Entered]:
    """`grant_course`, and what came of it. `source` says how the owner did it. Raises Refused like `let_in`."""
    with transaction.atomic():
        enrollment, entered = let_in(course, user=member.user, source=source, ends_at=ends_at)
        record("course_granted", by=by, row=enrollment)
    return enrollment, entered


def let_in_again(enrollment: Enrollment, *, by: Any) -> Enrollment:
    """Open the course once more, until the end that was set. Raises Refused: enrollment_over (409), no_member, and
    like `grant_course`."""
    if is_over(enrollment):
        words = _("Their time in this course is over: change when it ends.")
        raise Refused("enrollment_over", words, status=409)
    member = find_member(enrollment.user.email)
    return grant_course(enrollment.course, member=member, by=by, ends_at=enrollment.ends_at)


def change_end(enrollment: Enrollment, ends_at: datetime | None, *, by: Any) -> Enrollment:
    """Open the course to a learner until then, None: without an end. Whom it opens again needs a seat again.

    Raises Refused: course_full (409).
    """
    with transaction.atomic():
        _hold_seats(enrollment.course)
        held: Enrollment = Enrollment.objects.select_for_update(of=("self",)).get(pk=enrollment.pk)
        had_a_seat = is_taken(held)
        _write(held, ends_at=ends_at)
        if is_taken(held) and not had_a_seat:
            _refuse_overfull(enrollment.course)
        record("enrollment_end_changed", by=by, row=held, detail=ends_at.isoformat() if ends_at else "")
    return held


def leave_course(course: Course, *, user: Any) -> None:
    """Give the course up by oneself; what was done is kept for when one comes back. Once more changes nothing."""
    mine = Enrollment.objects.filter(course=course, user=user, is_active=True).first()
    if mine is not None:
        end_enrollment(mine, by=user)


def end_enrollment(enrollment: Enrollment, *, by: Any) -> None:
    """Shut the course to a learner; what they have done is kept for when they come back.

    Who leaves by themselves may return; whom somebody else shut out waits for an owner, also if they leave once more.
    """
    is_ones_own = by is not None and by.pk == enrollment.user_id
    shut = {} if is_ones_own else {"ended_by_owner_at": Now()}
    with transaction.atomic():
        Enrollment.objects.filter(pk=enrollment.pk).update(is_active=False, **shut)
        record("enrollment_ended", by=by, row=enrollment)


def give_up_places(membership: Membership) -> None:
    """Who was removed takes no seats; should they become a member again, they come back where there is one."""
    Enrollment.objects.filter(user=membership.user_id, is_active=True).update(is_active=False)


def note_visit(item: LessonItem) -> None:
    """Remember where the learner is; the same item within a minute changes nothing and costs no statement."""
    if item.enrollment_id is None or item.last_accessed_at is None:
        return
    now = timezone.now()
    if item.id != item.last_item_id or now - item.last_accessed_at > timedelta(seconds=SECONDS_BETWEEN_VISITS):
        Enrollment.objects.filter(pk=item.enrollment_id).update(last_item=item.id, last_accessed_at=now)
