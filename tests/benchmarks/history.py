"""A past worth counting: events as visits leave them, spread evenly over the last days, in the order of their time."""

import contextlib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from accounts.models import Organization
from analytics.partitions import ensure_partitions
from core.scope import owner_role

EVENTS_OF_VISIT = 30
VISITS_AT_ONCE = 10_000
#: Visit number v is that of pair v % (media × learners), so a day knows a learner with a media item once as long as it
#: has fewer visits than there are pairs. Event 0 of a visit is the view, 1 to 28 tell ten seconds each, and the last
#: one says that it was the learner's first, that it was completed (the second visit of every third pair), or ten more.
FILL = """
WITH visit AS (
    SELECT v, v %% %(pairs)s AS pair, v / %(pairs)s AS round,
        (%(media)s::uuid[])[v %% cardinality(%(media)s::uuid[]) + 1] AS media_id,
        (%(learners)s::uuid[])[v %% %(pairs)s / cardinality(%(media)s::uuid[]) + 1] AS learner,
        %(since)s::timestamptz + v * %(step)s * interval '1 second' AS began,
        md5(%(salt)s || v)::uuid AS session
    FROM generate_series(%(first)s, %(last)s - 1) v
), told AS (
    SELECT visit.*, k,
        CASE
            WHEN k = 0 THEN 'video_viewed'
            WHEN k = 29 AND round = 0 THEN 'video_started'
            WHEN k = 29 AND round = 1 AND pair %% 3 = 0 THEN 'video_completed'
            ELSE 'video_watched'
        END AS type,
        date_trunc('milliseconds', began) + CASE WHEN k = 29 AND round = 0 THEN 0 ELSE k END * interval '10 s' AS moment
    FROM visit, generate_series(0, 29) k
)
INSERT INTO analytics_event
    (id, organization_id, type, learner, media_id, course_id, metadata, occurred_at, received_at)
SELECT
    (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0')
        || '7' || substr(md5(session::text || k), 1, 3) || '8' || substr(md5(session::text || k), 4, 15))::uuid,
    %(organization)s, type, learner, media_id, %(course)s,
    CASE type
        WHEN 'video_watched' THEN '{"seconds": 10}'::jsonb
        WHEN 'video_completed' THEN jsonb_build_object(
            'percent_complete', 95, 'watch_time_seconds', 280, 'session_id', session, 'device', 'desktop')
        ELSE jsonb_build_object('device', 'desktop', 'session_id', session)
    END, moment, moment
FROM told
ORDER BY v, k"""

#: All but the primary key, which keeps its order anyway.
CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = 'analytics_event'::regclass AND contype IN ('u', 'f')"""
INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename = 'analytics_event' AND indexname <> 'analytics_event_pkey' AND indexname <> ALL (%s)"""


def fill_events(
    organization: Organization,
    count: int,
    *,
    days: int,
    media: Sequence[UUID],
    learners: Sequence[UUID],
    course: UUID | None = None,
) -> int:
    """Store about `count` events (whole visits of 30) of the last so many days and answer how many there are.

    `media` are keys, `learners` pseudonyms. Each event has a UUIDv7 of its time and arrived when it happened. The
    statistics are fresh afterwards.
    """
    visits = -(-count // EVENTS_OF_VISIT)
    seconds = days * 86_400 - EVENTS_OF_VISIT * 10  # the last visit has ended by now
    values = {
        "organization": organization.pk, "course": course, "media": list(media), "learners": list(learners),
        "pairs": len(media) * len(learners), "since": timezone.now() - timedelta(days=days), "step": seconds / visits,
        "salt": f"{organization.pk}/{timezone.now().timestamp()}/",
    }  # fmt: skip
    ensure_partitions(behind=days // 28 + 1)
    with owner_role(reason="a benchmark fills a table"), connection.cursor() as cursor, _bare(cursor):
        for first in range(0, visits, VISITS_AT_ONCE):
            cursor.execute(FILL, {**values, "first": first, "last": min(first + VISITS_AT_ONCE, visits)})
    with owner_role(reason="a benchmark fills a table"), connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) analytics_event")
    return visits * EVENTS_OF_VISIT


@contextlib.contextmanager
def _bare(cursor: Any) -> Iterator[None]:
    """Indexes and checks are made again at the end: many times quicker than keeping them row by row."""
    cursor.execute(CONSTRAINTS)
    constraints = cursor.fetchall()
    cursor.execute(INDEXES, [[name for name, _ in constraints]])
    indexes = cursor.fetchall()
    for name, _ in constraints:
        cursor.execute(f"ALTER TABLE analytics_event DROP CONSTRAINT {name}")
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    cursor.execute("SET maintenance_work_mem = '512MB'")
    for name, definition in constraints:
        cursor.execute(f"ALTER TABLE analytics_event ADD CONSTRAINT {name} {definition}")
    for _, definition in indexes:
        cursor.execute(definition.replace(" ON ONLY ", " ON "))
