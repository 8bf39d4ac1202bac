"""Categories as the tree they are."""

from uuid import UUID

from core.trees import Branch, grow, keys_inside
from media_library.models import Category


def branches() -> list[Branch[Category]]:
    """All categories, each followed by what is inside of it; siblings by name. One statement."""
    return grow(Category.objects.order_by("name", "pk"))


def with_all_inside(category_id: UUID) -> set[UUID]:
    """The keys of a category and of everything inside of it, however deep. One statement."""
    return keys_inside(category_id, Category.objects.order_by().values_list("pk", "parent_id"))
