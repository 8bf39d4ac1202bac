"""Which courses a person may open, and as what; what they see of them stands in `courses.entitlement`."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from accounts.models import Membership, Organization, User
from accounts.permissions import can
from core.tenancy import current_organization_id
from courses.entitlement import Sight, sight_of
from courses.models import Course, Enrollment, Note


def may_browse(user: Any, organization: Organization) -> bool:
    """Whether there is a catalog for this person at all."""
    return sight_of(user, organization) is not Sight.NONE


def may_learn(user: Any, organization: Organization) -> bool:
    """An enrollment counts for members only: whoever left the organization has left its courses."""
    return can(user, "course.learn", organization)


def is_maker(user: Any, organization: Organization) -> bool:
    """Makers see drafts, and preview what they are not enrolled in."""
    return can(user, "content.view", organization)


def makers_here() -> QuerySet[User]:
    """Who may be named as an instructor."""
    making = Membership.objects.making().filter(organization=current_organization_id())
    return User.objects.filter(memberships__in=making)


def find_course(slug: str, *, user: Any, organization: Organization) -> Any:
    """The course with `enrollment_id`, `last_item_id`, `learner_completed_at` and `is_shut` of this person.

    Raises Http404.
    """
    visible = Course.objects.visible_to(user, organization)
    course = visible.with_enrollment_of(user).with_ending_for(user).filter(slug=slug).first()
    if course is None:
        raise Http404
    return course


def find_known_course(slug: str, *, user: Any, organization: Organization) -> Any:
    """The course also of who sees it no longer, if they learned in it or noted something: what is theirs is kept.

    With `is_here`: it can still be opened. Raises Http404.
    """
    visible = Course.objects.visible_to(user, organization).filter(pk=OuterRef("pk"))
    course = Course.objects.annotate(is_here=Exists(visible)).filter(_known_to(user), slug=slug).first()
    if course is None:
        raise Http404
    return course


def _known_to(user: Any) -> Q:
    mine = {"course": OuterRef("pk"), "user": user.pk}
    return Q(is_here=True) | Exists(Enrollment.objects.filter(**mine)) | Exists(Note.objects.filter(**mine))
