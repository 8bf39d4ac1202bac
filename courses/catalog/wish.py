"""What somebody looks for in the catalogue, as its addresses say it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.course import Level

LONGEST_WORDS = 100
HOUR = 3600


class Length(models.TextChoices):
    SHORT = "short", _("Under 1 hour")
    MEDIUM = "medium", _("1 to 3 hours")
    LONG = "long", _("Over 3 hours")


class Sort(models.TextChoices):
    NEWEST = "newest", _("Newest")
    TITLE = "title", _("Title")
    SHORTEST = "shortest", _("Shortest")
    UPDATED = "updated", _("Last updated")


#: Seconds that a course of this length takes at least, and at most; a course of unknown length is of none.
BOUNDS: dict[str, tuple[float, float]] = {
    Length.SHORT: (0.001, HOUR - 0.001),
    Length.MEDIUM: (HOUR, 3 * HOUR),
    Length.LONG: (3 * HOUR + 0.001, float("inf")),
}


@dataclass(frozen=True)
class Wish:
    """Empty is: anything. `category` is a slug, the others are values of their choices."""

    words: str = ""
    level: str = ""
    category: str = ""
    length: str = ""
    sort: str = ""

    @property
    def narrows(self) -> bool:
        return bool(self.words or self.level or self.category or self.length)

    @property
    def needs_length(self) -> bool:
        return bool(self.length) or self.sort == Sort.SHORTEST

    def query(self, **changes: str) -> str:
        """The address of this wish, or of one that differs in this; what is empty does not stand in it."""
        wish = replace(self, **changes)
        said = {"q": wish.words, "level": wish.level, "category": wish.category, "duration": wish.length,
                "sort": wish.sort}  # fmt: skip
        return urlencode({name: value for name, value in said.items() if value})


def read_wish(query: Mapping[str, str], *, categories: Mapping[str, object]) -> Wish:
    """As an address says it; what makes no sense counts as not said."""

    def one_of(name: str, values: object) -> str:
        value = query.get(name, "")
        return value if value in values else ""  # type: ignore[operator]

    sort = one_of("sort", Sort.values)
    words = " ".join(query.get("q", "").replace("\x00", "").split())[:LONGEST_WORDS]
    return Wish(
        words=words, level=one_of("level", Level.values), category=one_of("category", categories),
        length=one_of("duration", Length.values), sort="" if sort == Sort.NEWEST else sort,
    )  # fmt: skip
