"""What learners take stays something they can finish: no change of a published course shuts anything for ever."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from core.errors import Refused
from courses.availability import reach
from courses.availability.reach import Locked, find_locked
from courses.models import Chapter, ContentItem, Course


@contextmanager
def kept_reachable(course: Course) -> Iterator[None]:
    """Around a change of its outline. Raises Refused: never_opens (409); what was shut before may stay so."""
    shut_before = set(_shut_for_ever(course))
    yield
    for key, locked in _shut_for_ever(course).items():
        if key not in shut_before:
            words = _("“%(title)s” could not open for anybody then. %(why)s")
            told = words % {"title": locked.row.title, "why": locked.why}
            raise Refused("never_opens", told, fields={"availability": [told]}, status=409)


def plain(chapter: Chapter, items: list[ContentItem]) -> reach.Chapter:
    """With these of its items, as `find_locked` takes it."""
    held = [reach.Item(one.pk, one.title, one.type, one.availability, counts=one.is_required) for one in items]
    return reach.Chapter(chapter.pk, chapter.title, chapter.availability, held)


def _shut_for_ever(course: Course) -> dict[UUID, Locked]:
    """Chapters and items by key, what stands in a shut chapter too. A statement, two more where there are rules."""
    if not course.is_published or not _has_rules(course):
        return {}
    items = Prefetch("items", ContentItem.objects.published().order_by("position"))
    chapters = course.chapters.order_by("position").prefetch_related(items)
    found = find_locked([plain(chapter, list(chapter.items.all())) for chapter in chapters])
    return {key: locked for locked in found for key in _keys(locked)}


def _has_rules(course: Course) -> bool:
    chapters = course.chapters.exclude(availability={}).values("pk")
    return chapters.union(ContentItem.objects.of_course(course).exclude(availability={}).values("pk")).exists()


def _keys(locked: Locked) -> list[UUID]:
    return [locked.item.id] if locked.item else [locked.chapter.id, *(item.id for item in locked.chapter.items)]
