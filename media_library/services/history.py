"""What was watched elsewhere: counted by the second like every report of a player, and added to what was watched here.

Wall time clips nothing of it: it was recorded by clocks that are not ours, and nothing can be played too fast twice.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from core.tenancy import current_organization_id
from media_library.models import Media, WatchRecord
from media_library.played import LATEST_SECOND, literal
from media_library.services.recounting import recount_watching
from media_library.services.watching import TOLERANCE


class Watched(NamedTuple):
    """Half-open ranges of whole seconds in any order, of a media item so many whole seconds long, None: unknown."""

    ranges: Iterable[tuple[int, int]]
    length: int | None


class Coverage(NamedTuple):
    """The union of the ranges inside the length, in order; `percent` is 0–100 in tenths, None without a length."""

    ranges: list[tuple[int, int]]
    seconds: int
    percent: float | None


class History(NamedTuple):
    """What one learner has watched of one media item."""

    user_id: UUID
    ranges: Sequence[tuple[int, int]]


#: The same union, the same count of it and the same rounding as of a report (`media_library_count_report`).
COVERAGE = """
SELECT covered, media_library_count_seconds(covered),
    floor(1000.0 * media_library_count_seconds(covered) / whole) / 10
FROM (
    SELECT place, whole, played::int4multirange * int4multirange(int4range(0, coalesce(whole, %(longest)s))) AS covered
    FROM unnest(%(played)s::text[], %(wholes)s::int[]) WITH ORDINALITY AS given(played, whole, place)
) AS judged
ORDER BY place"""

ADD = """
UPDATE media_library_watchrecord AS record SET seconds = record.seconds + added.seconds,
    watched_seconds = media_library_count_seconds(record.seconds + added.seconds), updated_at = statement_timestamp()
FROM (
    SELECT user_id, played::int4multirange * int4multirange(int4range(0, %(whole)s)) AS seconds
    FROM unnest(%(users)s::uuid[], %(played)s::text[]) AS given(user_id, played)
) AS added
WHERE record.organization_id = %(organization)s AND record.media_id = %(media)s AND record.user_id = added.user_id
    AND NOT record.seconds @> added.seconds"""


def coverage_of(watched: Sequence[Watched]) -> list[Coverage]:
    """What was covered of each, in their order. One statement; writes nothing."""
    values: dict[str, Any] = {
        "played": [literal(one.ranges) for one in watched],
        "wholes": [one.length for one in watched],
        "longest": LATEST_SECOND,
    }
    with connection.cursor() as cursor:
        cursor.execute(COVERAGE, values)
        return [
            Coverage(_pairs(covered), total, None if percent is None else float(percent))
            for covered, total, percent in cursor.fetchall()
        ]


@transaction.atomic
def add_history(media: Media, histories: Sequence[History]) -> int:
    """Add what each learner, named once, has watched elsewhere. Answers how many records that changed; again: none.

    Percent and completion follow as when a length becomes known (`recount_watching`).
    """
    blank = [WatchRecord(media=media, user_id=one.user_id, credit=TOLERANCE) for one in histories]
    WatchRecord.objects.bulk_create(blank, ignore_conflicts=True)
    values: dict[str, Any] = {
        "media": media.pk, "organization": current_organization_id(), "users": [one.user_id for one in histories],
        "played": [literal(one.ranges) for one in histories], "whole": media.whole_seconds or LATEST_SECOND,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(ADD, values)
        changed = cursor.rowcount
    if changed:
        recount_watching(media.pk)
    return changed


def _pairs(covered: Any) -> list[tuple[int, int]]:
    return [(part.lower, part.upper) for part in covered]
