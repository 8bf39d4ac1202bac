"""Where a moment is opened: in a lesson of a course the person takes, else on the page of the media itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts.models import Organization
from courses.links import lesson_of
from courses.models import Course
from knowledge.services.search import Moment


@dataclass(frozen=True)
class Destination:
    """The address that plays a moment, and the course it plays in, if any."""

    url: str
    course: str = ""


def destinations(moments: Sequence[Moment], *, user: Any, organization: Organization) -> list[Destination]:
    """One for each moment, in two statements however many there are."""
    lessons = lesson_of(user, {moment.media.pk for moment in moments})
    titles = dict(Course.objects.filter(slug__in={slug for slug, _ in lessons.values()}).values_list("slug", "title"))
    return [_destination(moment, lessons.get(moment.media.pk), titles, organization) for moment in moments]


def _destination(
    moment: Moment, lesson: tuple[str, UUID] | None, titles: dict[str, str], organization: Organization
) -> Destination:
    when = f"?t={int(moment.start)}&ref=search"
    if lesson is None:
        return Destination(reverse("media_library:watch", args=[organization.slug, moment.media.pk]) + when)
    slug, item_id = lesson
    return Destination(reverse("courses:lesson", args=[organization.slug, slug, item_id]) + when, titles[slug])
