"""Rows that stand inside one another: what follows what, how deep, and what is inside of what."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, IntegerField, QuerySet, UUIDField, Value

Row = TypeVar("Row", bound=Any)


@dataclass(frozen=True)
class Branch(Generic[Row]):
    """A row and where it hangs: `path` is the names from the root down to its own."""

    row: Row
    path: tuple[str, ...]

    @property
    def depth(self) -> int:
        """0 at the root."""
        return len(self.path) - 1

    @property
    def words(self) -> str:
        return " › ".join(self.path)


def grow(rows: Iterable[Row]) -> list[Branch[Row]]:
    """Each row followed by what is inside of it (`parent_id`); siblings in the order they came in."""
    inside: dict[UUID | None, list[Row]] = defaultdict(list)
    for row in rows:
        inside[row.parent_id].append(row)
    return list(_below(None, (), inside))


def keys_inside(key: UUID, pairs: Iterable[tuple[UUID, UUID | None]]) -> set[UUID]:
    """The key and those of everything inside of it, however deep; `pairs` are keys with those of their parents."""
    inside: dict[UUID | None, list[UUID]] = defaultdict(list)
    for child, parent in pairs:
        inside[parent].append(child)
    found: set[UUID] = set()
    waiting = [key]
    while waiting:
        found.add(here := waiting.pop())
        waiting.extend(one for one in inside[here] if one not in found)
    return found


def in_tree(rows: QuerySet, branches: Sequence[Branch[Any]]) -> QuerySet:
    """The rows in the order of the tree; each knows its `place` in it, from 1, and its `depth`."""
    keys = Value([one.row.pk for one in branches], ArrayField(UUIDField()))
    depths = Value([one.depth for one in branches], ArrayField(IntegerField()))
    place = Func(keys, F("pk"), function="array_position", output_field=IntegerField())
    depth = Func(depths, F("place"), template="(%(expressions)s]", arg_joiner=")[", output_field=IntegerField())
    return rows.annotate(place=place).annotate(depth=depth).order_by("place")


def _below(parent: UUID | None, path: tuple[str, ...], inside: dict[UUID | None, list[Row]]) -> Iterator[Branch[Row]]:
    for row in inside[parent]:
        branch = Branch(row, (*path, str(row)))
        yield branch
        yield from _below(row.pk, branch.path, inside)
