"""Telling what has come to stand in a course, where many items were written at once."""

from typing import Any

from core.announcements import announce
from courses.models import Course
from courses.querysets import ContentItemQuerySet
from media_library.models import Media


def announce_placed(course: Course, items: ContentItemQuerySet, *, by: Any) -> None:
    """The items at once, and each media item that they hold, once."""
    if written := tuple(items):
        announce("items_written", course, items=written)
    for media in Media.objects.filter(pk__in=items.values("media")):
        announce("media_placed", media, course=course, by=by)
