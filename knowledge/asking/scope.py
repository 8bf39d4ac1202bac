"""What a question is about, and what of it this person may see now."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import Organization
from courses.access import find_course
from courses.learn_space.lessons import NotEnrolled, find_item
from courses.models import ContentItem
from knowledge.models import Conversation
from knowledge.models.conversation import Reach
from knowledge.visible import open_items
from media_library.models import Media


@dataclass(frozen=True)
class Scope:
    """A lesson, a course, or all there is: the keys of what it is bound to, and its title."""

    reach: str = Reach.LIBRARY
    course_id: UUID | None = None
    item_id: UUID | None = None
    media_id: UUID | None = None
    title: str = ""

    def conversations(self, user: Any) -> QuerySet[Conversation]:
        """This person's own, about the same."""
        about = {"course": self.course_id, "item": self.item_id, "media": self.media_id}
        return Conversation.objects.filter(user=user.pk, reach=self.reach, **about)


LIBRARY = Scope()


def lesson_scope(item_id: UUID, *, course: str, user: Any, organization: Organization) -> Scope:
    """Raises Http404; courses.availability.gates.Locked, which is one too."""
    try:
        item = find_item(item_id, course=course, user=user, organization=organization)
    except NotEnrolled:
        raise Http404 from None
    return Scope(Reach.LESSON, item.course_id, item.id, item.media_id, item.title)


def course_scope(slug: str, *, user: Any, organization: Organization) -> Scope:
    """Raises Http404."""
    course = find_course(slug, user=user, organization=organization)
    return Scope(Reach.COURSE, course.pk, title=course.title)


def media_scope(media_id: UUID, *, user: Any, organization: Organization) -> Scope:
    """Outside of any course. Raises Http404."""
    media = Media.objects.visible_to(user, organization).filter(pk=media_id).only("title").first()
    if media is None:
        raise Http404
    return Scope(Reach.LESSON, media_id=media_id, title=media.title)


def scope_of(conversation: Conversation, *, user: Any, organization: Organization) -> Scope:
    """Of a conversation that goes on. Raises Http404 where what it is about is gone, or shut to this person now."""
    whom: dict[str, Any] = {"user": user, "organization": organization}
    course, item, media = conversation.course, conversation.item_id, conversation.media_id
    if conversation.reach == Reach.LIBRARY:
        return LIBRARY
    if course is None and media is not None:
        return media_scope(media, **whom)
    if course is None or (item is None and conversation.reach == Reach.LESSON):
        raise Http404
    return lesson_scope(item, course=course.slug, **whom) if item else course_scope(course.slug, **whom)


def visible_media(scope: Scope, *, user: Any, organization: Organization) -> QuerySet[Media]:
    """What may be quoted of it."""
    visible: QuerySet[Media] = Media.objects.visible_to(user, organization)
    if scope.reach == Reach.LIBRARY:
        return visible
    if scope.reach == Reach.LESSON:
        return visible.filter(pk=scope.media_id) if scope.media_id else visible.none()
    held = open_items(user, organization).filter(chapter__course=scope.course_id, media__isnull=False)
    return visible.filter(pk__in=held.order_by().values("media"))


def visible_items(scope: Scope, *, user: Any, organization: Organization) -> QuerySet[ContentItem]:
    """Items whose own words may be quoted."""
    items = open_items(user, organization)
    if scope.reach == Reach.LIBRARY:
        return items
    return items.filter(pk=scope.item_id) if scope.item_id else items.filter(chapter__course=scope.course_id)
