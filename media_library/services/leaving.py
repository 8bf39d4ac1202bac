"""Visits that nobody ended: closed when nothing was heard of them for long, and what was played in them is told."""

from typing import Any
from uuid import UUID

from django.db import connection, transaction

from accounts.models import Organization
from core.announcements import announce
from core.tenancy import current_organization_id, organization_scope
from media_library.models import WatchSession
from media_library.services.watching import STALE_MINUTES
from media_library.services.watching_sql import CLOSE_STALE

AT_ONCE = 200  # visits in one transaction


def close_stale_sessions() -> int:
    """End the visits of every organization of which nothing was heard for 30 minutes, at their last beat.

    Answers how many. What a player still reports of such a visit opens it again.
    """
    closed = 0
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with organization_scope(organization_id):
            while some := _close_some():
                closed += some
    return closed


@transaction.atomic
def _close_some() -> int:
    values: dict[str, Any] = {"organization": current_organization_id(), "stale": STALE_MINUTES, "at_once": AT_ONCE}
    with connection.cursor() as cursor:
        cursor.execute(CLOSE_STALE, values)
        closed: dict[UUID, int] = dict(cursor.fetchall())
    _tell({key: seconds for key, seconds in closed.items() if seconds > 0})
    return len(closed)


def _tell(untold: dict[UUID, int]) -> None:
    for session in WatchSession.objects.filter(pk__in=untold).select_related("media", "user"):
        announce("watch_left", session.media, session=session, seconds=untold[session.pk])
