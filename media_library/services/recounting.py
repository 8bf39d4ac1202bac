"""What was watched before anybody knew how long it is, or while they were wrong about it.

Percentages become what the next report would make them, and never fall. Whoever is found to have watched to the end is
treated like everybody else who has.
"""

from typing import Any
from uuid import UUID

from django.db import connection, transaction

from core.tenancy import current_organization_id
from media_library.models import WatchSession
from media_library.models.watching import COMPLETED_FROM
from media_library.services.watching import Counted, tell_news

AT_ONCE = 200  # records in one transaction

#: Of the seconds watched, as `media_library_count_report` counts; `media` is the row.
PERCENT = "least(floor(1000.0 * watched_seconds / greatest(floor(media.duration + 0.5), 1)) / 10, 100)"

VISITS = f"""
UPDATE media_library_watchsession session SET percent = {PERCENT}, completed = {PERCENT} >= %(completed_from)s
FROM media_library_media media
WHERE media.id = %(media)s AND media.organization_id = %(organization)s AND media.duration IS NOT NULL
    AND session.media_id = media.id AND session.organization_id = media.organization_id AND session.percent < {PERCENT}
"""  # noqa: S608  (no words but ours)

RECORDS = f"""
WITH risen AS (
    SELECT record.id, record.percent AS before, greatest(record.percent, record.told_percent) AS told,
        {PERCENT} AS after, record.completed_at IS NOT NULL AS was_completed
    FROM media_library_watchrecord record
    JOIN media_library_media media ON media.organization_id = record.organization_id AND media.id = record.media_id
    WHERE media.id = %(media)s AND media.organization_id = %(organization)s AND media.duration IS NOT NULL
        AND record.percent < {PERCENT}
    ORDER BY record.id LIMIT %(at_once)s
    FOR NO KEY UPDATE OF record
)
UPDATE media_library_watchrecord record SET percent = after, completed_at = CASE
    WHEN after >= %(completed_from)s THEN coalesce(record.completed_at, statement_timestamp()) END
FROM risen WHERE record.id = risen.id
RETURNING record.user_id, risen.before, risen.after, record.watched_seconds, record.position, risen.was_completed,
    record.completed_at IS NOT NULL, true, risen.told, true, NULL, 0
"""  # noqa: S608


def recount_watching(media_id: UUID) -> int:
    """Answers how many learners' records have risen."""
    values: dict[str, Any] = {
        "media": media_id, "organization": current_organization_id(), "completed_from": COMPLETED_FROM,
        "at_once": AT_ONCE,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(VISITS, values)
    risen = 0
    while some := _recount_some(media_id, values):
        risen += some
    return risen


@transaction.atomic
def _recount_some(media_id: UUID, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(RECORDS, values)
        rows = cursor.fetchall()
    for user_id, *counted in rows:
        _tell(media_id, user_id, Counted(*counted))
    return len(rows)


def _tell(media_id: UUID, user_id: UUID, counted: Counted) -> None:
    """As of the learner's last visit; without any there is nobody to tell it of."""
    visit = WatchSession.objects.filter(media=media_id, user=user_id).values_list("pk", flat=True).first()
    if visit is not None:
        tell_news(visit, counted)
