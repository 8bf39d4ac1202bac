"""Collections as the tree they are, with the courses in them that somebody sees."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count

from core.trees import Branch, grow
from courses.models import CollectedCourse, Collection


@dataclass(frozen=True)
class Shelf:
    """A collection, and how many courses stand in it or anywhere inside of it."""

    collection: Collection
    parent_id: UUID | None
    courses: int


@dataclass(frozen=True)
class Shelves:
    """All collections by key, in the order of their tree; those without courses too."""

    by_key: dict[UUID, Shelf]

    def inside(self, key: UUID | None, *, empty: bool = False) -> list[Shelf]:
        """Directly inside of one, or at the top; `empty`: also those without a course."""
        return [one for one in self.by_key.values() if one.parent_id == key and (one.courses or empty)]

    def above(self, key: UUID) -> list[Shelf]:
        """From the top down to the one it stands in."""
        found: list[Shelf] = []
        parent = self.by_key[key].parent_id
        while parent is not None:
            found.insert(0, self.by_key[parent])
            parent = self.by_key[parent].parent_id
        return found


def tree_of_collections() -> list[Branch[Collection]]:
    """Each followed by what is inside of it; siblings in their order. One statement."""
    return grow(Collection.objects.order_by("position", "title", "pk"))


def read_shelves(courses: Any) -> Shelves:
    """All collections, counting these courses (a queryset). Two statements."""
    counted = CollectedCourse.objects.filter(course__in=courses.order_by().values("pk")).order_by()
    totals = dict(counted.values_list("collection").annotate(total=Count("pk")))
    rows = [branch.row for branch in tree_of_collections()]
    return Shelves(_summed(rows, totals))


def _summed(rows: Iterable[Collection], totals: dict[UUID, int]) -> dict[UUID, Shelf]:
    """A row stands behind the one around it, so from behind each has all of its own when it is added to its parent."""
    ordered = list(rows)
    for row in reversed(ordered):
        if row.parent_id is not None:
            totals[row.parent_id] = totals.get(row.parent_id, 0) + totals.get(row.pk, 0)
    return {row.pk: Shelf(row, row.parent_id, totals.get(row.pk, 0)) for row in ordered}
