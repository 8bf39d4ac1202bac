"""Which courses a person may open, and as what."""

from typing import Any

from django.http import Http404

from accounts.models import Organization
from accounts.permissions import can
from courses.models import Course


def may_browse(user: Any, organization: Organization) -> bool:
    """The catalogue of an open organisation is everybody's, others show theirs to members."""
    return organization.is_open or can(user, "catalog.browse", organization)


def may_learn(user: Any, organization: Organization) -> bool:
    """An enrollment counts for members only: whoever left the organisation has left its courses."""
    return can(user, "course.learn", organization)


def is_maker(user: Any, organization: Organization) -> bool:
    """Makers see drafts, and preview what they are not enrolled in."""
    return can(user, "content.view", organization)


def find_course(slug: str, *, user: Any, organization: Organization) -> Any:
    """The course with `enrollment_id`, `last_item_id` and `learner_completed_at` of this person. Raises Http404."""
    visible = Course.objects.visible_to(is_maker=is_maker(user, organization))
    course = visible.with_enrollment_of(user).filter(slug=slug).first()
    takes_it = course is not None and course.enrollment_id and may_learn(user, organization)
    if course is None or not (takes_it or may_browse(user, organization)):
        raise Http404
    return course
