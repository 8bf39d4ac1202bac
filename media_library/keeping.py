"""What else is kept in the storage. Higher floors register their files; the library itself knows none of them.

So they count into the organization's ceiling, stand in the report of the storage, and the cleaning tells them from
what nobody needs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise


@dataclass(frozen=True)
class Keeper:
    """Files of a higher floor: `kind` and `label` are what the report calls them.

    `rows` have `size_bytes` and `path` (in the storage; empty: no file). All lie in the folder `folder` of their
    organization, `{organization}/{folder}/…`, where nothing else lies.
    """

    kind: str
    label: Promise
    folder: str
    rows: Callable[[], QuerySet[Any]]


_keepers: list[Keeper] = []


def add_keeper(keeper: Keeper) -> Keeper:
    """Let a higher floor keep files of its own."""
    _keepers.append(keeper)
    return keeper


def keepers() -> tuple[Keeper, ...]:
    return tuple(_keepers)
