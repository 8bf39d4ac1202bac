"""The catalogue: which courses somebody is shown, and what else they could ask for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from core.trees import Branch
from courses.catalog.wish import BOUNDS, Length, Sort, Wish
from courses.models import ContentItem
from courses.models.course import Level
from media_library.models import Category
from media_library.tree import branches


@dataclass(frozen=True)
class Choice:
    """One link of a filter: `query` is the whole address it leads to; `depth` of a category, 0 at the top."""

    label: str
    query: str
    is_on: bool
    depth: int = 0


@dataclass(frozen=True)
class Filter:
    """A menu of links. `shown` is what is on, in words."""

    name: str
    choices: list[Choice]

    @property
    def shown(self) -> str:
        return next((choice.label for choice in self.choices if choice.is_on), "")


@dataclass(frozen=True)
class Active:
    """Something that narrows the list; `without` is the address of all else."""

    label: str
    without: str


def categories_of(courses: Any) -> dict[str, Branch[Category]]:
    """Categories by slug in which these courses stand, and those around them, in the order of the tree. Two statements.

    Where no course has a category, one statement and none of them.
    """
    used = set(courses.order_by().exclude(category=None).values_list("category", flat=True).distinct())
    if not used:
        return {}
    tree = branches()
    parent_of = {branch.row.pk: branch.row.parent_id for branch in tree}
    for key in list(used):
        used.update(_around(key, parent_of))
    return {branch.row.slug: branch for branch in tree if branch.row.pk in used}


def _around(key: UUID, parent_of: dict[UUID, UUID | None]) -> Iterator[UUID]:
    while (parent := parent_of.get(key)) is not None:
        yield parent
        key = parent


def narrowed(courses: Any, wish: Wish, categories: dict[str, Branch[Category]]) -> Any:
    """Of these courses those that fit the wish, in its order."""
    found = courses.search(wish.words)
    if wish.level:
        found = found.filter(level=wish.level)
    if wish.category:
        found = found.filter(category__in=_inside(categories[wish.category], categories.values()))
    if wish.needs_length:
        found = found.with_seconds(ContentItem.objects.seconds_of_course())
    if wish.length:
        found = found.filter(seconds__gte=BOUNDS[wish.length][0], seconds__lte=BOUNDS[wish.length][1])
    return found.order_by(*ORDERS[wish.sort])


ORDERS: dict[str, list[Any]] = {
    "": [F("published_at").desc(nulls_last=True), "-pk"],
    Sort.TITLE: ["title", "pk"],
    Sort.SHORTEST: [F("seconds").asc(nulls_last=True), "title", "pk"],
    Sort.UPDATED: ["-updated_at", "-pk"],
}


def _inside(branch: Branch[Category], tree: Iterable[Branch[Category]]) -> list[UUID]:
    """A category and all that is inside of it."""
    keys = {branch.row.pk}
    for one in tree:  # each behind the one around it
        if one.row.parent_id in keys:
            keys.add(one.row.pk)
    return list(keys)


def filters(wish: Wish, categories: dict[str, Branch[Category]]) -> list[Filter]:
    """What can be chosen, each as a link that keeps all else."""
    levels = [Choice(str(label), wish.query(level=value), wish.level == value) for value, label in Level.choices]
    lengths = [Choice(str(label), wish.query(length=value), wish.length == value) for value, label in Length.choices]
    shelves = [
        Choice(one.row.name, wish.query(category=slug), wish.category == slug, one.depth)
        for slug, one in categories.items()
    ]
    offered = {"category": (_("Category"), shelves), "level": (_("Level"), levels), "length": (_("Duration"), lengths)}
    return [
        Filter(name, [Choice(_("Any"), wish.query(**{field: ""}), False), *choices])
        for field, (name, choices) in offered.items()
        if choices
    ]


def sorting(wish: Wish) -> Filter:
    def choice(value: str, label: Any) -> Choice:
        asked = "" if value == Sort.NEWEST else value
        return Choice(str(label), wish.query(sort=asked), wish.sort == asked)

    return Filter(_("Sort"), [choice(value, label) for value, label in Sort.choices])


def active(wish: Wish, categories: dict[str, Branch[Category]]) -> list[Active]:
    """All that narrows the list, each with the way to be without it."""
    said = {
        "words": f"“{wish.words}”" if wish.words else "",
        "category": categories[wish.category].words if wish.category else "",
        "level": str(Level(wish.level).label) if wish.level else "",
        "length": str(Length(wish.length).label) if wish.length else "",
    }
    return [Active(label, wish.query(**{field: ""})) for field, label in said.items() if label]
