"""Last parts of addresses, made of what a row is called."""

from django.db.models import QuerySet
from django.utils.text import slugify

LONGEST_STEM = 70  # characters; a number may follow


def free_slug(rows: QuerySet, name: str, *, otherwise: str, any_script: bool = False) -> str:
    """The name as an address that none of these rows has, with a number where one has it.

    `otherwise` stands where the name has no letter that an address takes; `any_script` keeps letters of all scripts.
    """
    stem = slugify(name, allow_unicode=any_script)[:LONGEST_STEM] or otherwise
    taken = set(rows.filter(slug__startswith=stem).values_list("slug", flat=True))
    candidates = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)
