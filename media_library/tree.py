"""Categories as the tree they are."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from media_library.models import Category


@dataclass(frozen=True)
class Branch:
    """A category and where it hangs: `path` is the names from the root down to its own."""

    category: Category
    path: tuple[str, ...]

    @property
    def depth(self) -> int:
        """0 at the root."""
        return len(self.path) - 1

    @property
    def words(self) -> str:
        return " › ".join(self.path)


def branches() -> list[Branch]:
    """All categories, each followed by what is inside of it; siblings by name. One statement."""
    inside: dict[UUID | None, list[Category]] = defaultdict(list)
    for category in Category.objects.order_by("name", "pk"):
        inside[category.parent_id].append(category)
    return list(_below(None, (), inside))


def with_all_inside(category_id: UUID) -> set[UUID]:
    """The keys of a category and of everything inside of it, however deep. One statement."""
    inside: dict[UUID | None, list[UUID]] = defaultdict(list)
    for key, parent in Category.objects.order_by().values_list("pk", "parent_id"):
        inside[parent].append(key)
    found: set[UUID] = set()
    waiting = [category_id]
    while waiting:
        found.add(key := waiting.pop())
        waiting.extend(one for one in inside[key] if one not in found)
    return found


def _below(parent: UUID | None, path: tuple[str, ...], inside: dict[UUID | None, list[Category]]) -> Iterator[Branch]:
    for category in inside[parent]:
        branch = Branch(category, (*path, category.name))
        yield branch
        yield from _below(category.pk, branch.path, inside)
