"""Where in a learner's courses a media item is taught, for floors that find moments in it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from courses.models import ContentItem


def lesson_of(user: Any, media_ids: Iterable[UUID]) -> dict[UUID, tuple[str, UUID]]:
    """Media key: (course slug, item key) of the lesson that holds it, in courses this person learns in. One statement.

    Where several do, it is the course they opened last.
    """
    lessons = (
        ContentItem.objects.open_to(user)
        .filter(media__in=list(media_ids))
        .order_by("chapter__course__enrollments__last_accessed_at", "-chapter__position", "-position")
        .values_list("media_id", "chapter__course__slug", "pk")
    )
    return {media: (course, item) for media, course, item in lessons}
