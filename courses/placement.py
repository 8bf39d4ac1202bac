"""Where courses show media."""

from collections.abc import Iterator
from uuid import UUID

from django.urls import reverse

from courses.models import ContentItem
from media_library.usage import Use, add_reader


@add_reader
def places_of(media_ids: list[UUID]) -> Iterator[Use]:
    """Each item that holds one of them, published or not."""
    items = ContentItem.objects.filter(media__in=media_ids).order_by("chapter__course__title", "chapter__position")
    columns = ("media_id", "chapter__course_id", "chapter__course__title", "chapter__title")
    for media_id, course_id, course, chapter in items.values_list(*columns):
        address = reverse("admin:courses_course_change", args=[course_id])
        yield Use(media_id, "course", course_id, course, chapter, address)
