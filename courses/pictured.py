"""Where texts of courses show images of the library."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from courses.models import Assignment, Chapter, Collection, ContentItem, Course
from media_library.usage import Use, add_image_reader

IMAGE = re.compile(r"/images/([0-9a-f-]{36})\.webp")


@dataclass(frozen=True)
class Text:
    """A column of Markdown of a row with a title; `course` leads from there to the course, and is empty for itself.

    `kind` is what shows it, `page` where that is edited.
    """

    model: Any
    column: str
    course: str = ""
    kind: str = "course"
    page: str = "admin:courses_course_change"

    def uses(self, image_ids: list[UUID]) -> Iterator[Use]:
        """One statement, which reads the texts with one of these images and no others."""
        to = f"{self.course}__" if self.course else ""
        found = self.model.objects.filter(_names_any(self.column, image_ids)).order_by(f"{to}title", "pk")
        for text, title, course_id, course in found.values_list(self.column, "title", f"{to}pk", f"{to}title"):
            for key in {UUID(one) for one in IMAGE.findall(text)} & {*image_ids}:
                yield self._use(key, course_id, course or title, title if course and to else "")

    def _use(self, key: UUID, shown_in: UUID | None, name: str, part: str) -> Use:
        """Of an assignment that stands in no course there is its title only."""
        address = reverse(self.page, args=[shown_in]) if shown_in else ""
        return Use(key, self.kind, shown_in or key, name, part, address)


TEXTS = (
    Text(Course, "description"),
    Text(Collection, "description", kind="collection", page="admin:courses_collection_change"),
    Text(Chapter, "description", course="course"),
    Text(ContentItem, "text", course="chapter__course"),
    Text(ContentItem, "description", course="chapter__course"),
    Text(Assignment, "instructions", course="item__chapter__course"),
)


@add_image_reader
def texts_with(image_ids: list[UUID]) -> Iterable[Use]:
    """Each text that shows one of them, published or not."""
    return (use for text in TEXTS for use in text.uses(image_ids))


def _names_any(column: str, image_ids: list[UUID]) -> Q:
    return Q(**{f"{column}__regex": f"/images/({'|'.join(map(str, image_ids))})"})
