"""Who may watch what, as a condition of SQL: pages, files, the API, watch reports and search all read media through it.

Those who make content watch everything. Others watch what is published and plays, as far as no door is in between: a
higher floor that lets people in one by one registers its door here. Media behind no door is the open library of those
who may browse; media behind one is open to whom the door was opened.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Q

from accounts.models import Organization
from accounts.permissions import can


@dataclass(frozen=True)
class Door:
    """Two conditions on rows of media: it stands behind this door; the door is open to this person (a user's key)."""

    is_behind: Callable[[], Q]
    is_open_to: Callable[[Any], Q]


_doors: list[Door] = []


def add_door(door: Door) -> None:
    _doors.append(door)


def granted_to(user: Any, organization: Organization) -> Q:
    """The condition for a member who does not make content, on media that is published and plays."""
    ways = [door.is_open_to(user.pk) for door in _doors]
    if can(user, "catalog.browse", organization):
        ways.append(_is_behind_no_door())
    return reduce(or_, ways, Q(pk__in=[]))


def _is_behind_no_door() -> Q:
    return reduce(and_, (~door.is_behind() for door in _doors), Q(pk__isnull=False))
