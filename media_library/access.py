"""Who may watch what, as a condition of SQL: pages, files, the API, watch reports and search all read media through it.

Those who make content watch everything. Others watch what is published and plays, as far as no door is in between: who
lets people in one by one (courses do) registers a door here. Media behind no door is the open library of those who may
browse; media behind one is open to whom the door was opened. A door may open to the ear alone (shows do): what is heard
there is heard and read, its picture is not seen, and it stands in no list of what can be watched.
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
    """Two conditions on rows of media: it stands behind this door; the door is open to this person (a user's key).

    What a door that `publishes` opens needs no publication of its own, and is opened to the ear alone.
    """

    is_behind: Callable[[], Q]
    is_open_to: Callable[[Any], Q]
    publishes: bool = False


NOTHING = Q(pk__in=[])

_doors: list[Door] = []


def add_door(door: Door) -> None:
    _doors.append(door)


def watching_granted_to(user: Any, organization: Organization) -> Q:
    """The condition for a member who does not make content, on media that plays."""
    ways = [door.is_open_to(user.pk) for door in _doors if not door.publishes]
    if can(user, "catalog.browse", organization):
        ways.append(_is_behind_no_door())
    return Q(publication="published") & reduce(or_, ways, NOTHING)


def granted_to(user: Any, organization: Organization) -> Q:
    """The same, with what is open to the ear alone."""
    heard = (door.is_open_to(user.pk) for door in _doors if door.publishes)
    return reduce(or_, heard, watching_granted_to(user, organization)) & ~Q(publication="archived")


def _is_behind_no_door() -> Q:
    return reduce(and_, (~door.is_behind() for door in _doors), Q(pk__isnull=False))
