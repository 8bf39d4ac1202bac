"""What a learner hears of a course by a private address: asked anew at every request, like everything of a course."""

import hashlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization
from courses.access import is_maker, may_learn
from courses.availability import Period, opening_of_course
from courses.feeds.channel import channel_of_course
from courses.feeds.squares import square_path, with_square
from courses.models import ContentItem, Course
from media_library.models import Media
from media_library.podcasts.addresses import Addresses
from media_library.podcasts.following import CONTEXT, Listener, Telling, add_offer
from media_library.podcasts.sounds import heard


class CourseFeeds:
    """By key of the course."""

    def titles(self, keys: Iterable[UUID]) -> dict[UUID, str]:
        return dict(Course.objects.filter(pk__in=list(keys)).values_list("pk", "title"))

    def may_follow(self, key: UUID, listener: Listener) -> bool:
        """Who takes it, until that ends; before it opens there is nothing in it yet. Makers follow any."""
        course = _course_of(key, listener)
        if course is None:
            return False
        return is_maker(listener.user, listener.organization) or _is_taken(course, listener.organization)

    def public_addresses(self, key: UUID, organization: Organization) -> Addresses | None:
        """No course has a feed for everybody."""
        return None

    def is_withdrawn(self, key: UUID) -> bool:
        """A course that closed may open again."""
        return False

    def page(self, key: UUID, organization: Organization) -> str:
        slug = Course.objects.filter(pk=key).values_list("slug", flat=True).first()
        return reverse("courses:course", args=[organization.slug, slug]) if slug else ""

    def telling(self, key: UUID, listener: Listener, addresses: Addresses, *, page: int) -> Telling:
        """Of each learner their own: what is unlocked by now cannot be read off any row."""
        course = with_square(Course.objects).get(pk=key)
        channel = channel_of_course(course, list(sounding_items(key, listener)), addresses, page=page)
        return Telling(hashlib.sha256(repr(channel).encode()).hexdigest(), lambda: channel)

    def media(self, key: UUID, episode: UUID, listener: Listener) -> Media | None:
        """`episode` is a content item."""
        item = sounding_items(key, listener).select_related("media__transcript").filter(pk=episode).first()
        return item.media if item else None

    def picture(self, key: UUID, name: str) -> str | None:
        return square_path(key, name)


def sounding_items(course_id: UUID, listener: Listener) -> Any:
    """Lessons of a course with sound, in order, that are open to this listener now; makers get drafts too."""
    user, organization = listener.user, listener.organization
    items = ContentItem.objects if is_maker(user, organization) else ContentItem.objects.open_to(user)
    here = items.filter(heard("media"), chapter__course=course_id, media__isnull=False)
    watchable = Media.objects.visible_to(user, organization)
    rows = here.filter(media__in=watchable.values("pk")).select_related("media", "chapter")
    return rows.defer("text", "media__description", "media__source_metadata").in_order()


def lessons_with_sound(course: Any, *, is_maker: bool) -> Any:
    """Of a course or its key, also those that are still locked."""
    listed = ContentItem.objects.of_course(course).in_outline(is_maker=is_maker)
    return listed.filter(heard("media"), media__isnull=False)


def _course_of(key: UUID, listener: Listener) -> Any:
    if not may_learn(listener.user, listener.organization):
        return None
    visible = Course.objects.visible_to(listener.user, listener.organization)
    return visible.with_enrollment_of(listener.user).filter(pk=key).first()


def _is_taken(course: Any, organization: Organization) -> bool:
    if course.enrollment_id is None:
        return False
    period = Period(course.opens_at, course.closes_at, course.enrollment_ends_at)
    opening = opening_of_course(period, now=timezone.now(), zone=organization.zone)
    return opening.is_open or opening.opens_at is not None


add_offer(CONTEXT, CourseFeeds())
