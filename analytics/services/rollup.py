"""What happened, added up: one row a media item and day, written again whole whenever its day is touched."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Organization
from analytics.models import RollupMark
from analytics.services.events import late_limit
from core.identifiers import first_of

BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)
MARGIN = timedelta(hours=1)  # transactions that were still open when the last run began

# A visit counts on the day on which it began; a learner whose account was erased counts once a visit. Who has completed
# is read from events as far as the end of the day: so the figures of a day never depend on when they are computed.
ROLL_UP = """
WITH visits AS MATERIALIZED (
    SELECT visit.media_id, coalesce(person.pseudonym, visit.id) AS learner, count(*) AS visits,
        sum(visit.watched_seconds) AS seconds
    FROM media_library_watchsession AS visit LEFT JOIN accounts_user AS person ON person.id = visit.user_id
    WHERE visit.organization_id = %(organization)s AND visit.started_at >= %(start)s AND visit.started_at < %(end)s
    GROUP BY 1, 2
),
finished AS (
    SELECT DISTINCT event.media_id, event.learner FROM analytics_event AS event
    WHERE event.organization_id = %(organization)s AND event.type = 'video_completed' AND event.id < %(end_id)s
        AND event.media_id IN (SELECT media_id FROM visits)
),
watched AS (
    SELECT media_id, sum(visits) AS views, count(*) AS viewers, sum(seconds) AS seconds,
        count(finished.learner) AS finished
    FROM visits LEFT JOIN finished USING (media_id, learner) GROUP BY media_id
),
completed AS (
    SELECT event.media_id, count(DISTINCT event.learner) AS completions FROM analytics_event AS event
    WHERE event.organization_id = %(organization)s AND event.type = 'video_completed'
        AND event.id >= %(start_id)s AND event.id < %(end_id)s
    GROUP BY event.media_id
),
fresh AS MATERIALIZED (
    SELECT media_id, coalesce(views, 0) AS views, coalesce(viewers, 0) AS viewers, coalesce(seconds, 0) AS seconds,
        coalesce(completions, 0) AS completions, coalesce(100.0 * finished / viewers, 0) AS rate
    FROM watched FULL JOIN completed USING (media_id)
    WHERE media_id IN (SELECT id FROM media_library_media WHERE organization_id = %(organization)s)
),
gone AS (
    DELETE FROM analytics_mediaday
    WHERE organization_id = %(organization)s AND day = %(day)s AND media_id NOT IN (SELECT media_id FROM fresh)
)
INSERT INTO analytics_mediaday AS stored
    (id, organization_id, media_id, day, views, viewers, watch_seconds, completions, completion_rate, computed_at)
SELECT uuidv7(), %(organization)s, media_id, %(day)s, views, viewers, seconds, completions, rate, clock_timestamp()
FROM fresh
ON CONFLICT (organization_id, media_id, day) DO UPDATE SET
    views = excluded.views, viewers = excluded.viewers, watch_seconds = excluded.watch_seconds,
    completions = excluded.completions, completion_rate = excluded.completion_rate, computed_at = excluded.computed_at
WHERE (stored.views, stored.viewers, stored.watch_seconds, stored.completions, stored.completion_rate) IS DISTINCT FROM
    (excluded.views, excluded.viewers, excluded.watch_seconds, excluded.completions, excluded.completion_rate)"""

TOUCHED = """
SELECT (started_at AT TIME ZONE %(zone)s)::date FROM media_library_watchsession
WHERE organization_id = %(organization)s AND greatest(started_at, last_beat_at, ended_at) >= %(since)s
UNION
SELECT (occurred_at AT TIME ZONE %(zone)s)::date FROM analytics_event
WHERE organization_id = %(organization)s AND type = 'video_completed'
    AND received_at >= %(since)s AND id >= %(since_id)s"""


def roll_up_day(organization: Organization, day: date) -> int:
    """Compute one day anew, in its own transaction; of two at once, one waits. Answers how many rows changed.

    A second time changes nothing, not a byte. Rows of media of which nothing is left that day are removed.
    """
    start, end = borders_of(day, organization)
    values: dict[str, Any] = {
        "organization": organization.pk, "day": day, "start": start, "end": end,
        "start_id": first_of(start), "end_id": first_of(end),
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"roll_up:{organization.pk}:{day}"])
        cursor.execute(ROLL_UP, values)
        return cursor.rowcount


def roll_up(
    organization: Organization,
    *,
    first: date | None = None,
    last: date | None = None,
    shown: Callable[[Iterable[date]], Iterable[date]] = iter,
) -> list[date]:
    """Compute days anew, in the scope of the organization, and answer which.

    From `first` to `last` (default: today), or without `first` the days that something touched since the last complete
    run, with yesterday and today. `shown` may watch the days go by.
    """
    today = timezone.now().astimezone(organization.zone).date()
    last = min(last or today, today)
    began = timezone.now()
    days = _range(first, last) if first else [day for day in _touched(organization, today) if day <= last]
    for day in shown(days):
        roll_up_day(organization, day)
    if first is None and last == today:
        RollupMark.objects.update_or_create(organization=organization, defaults={"done_until": began})
    return days


def borders_of(day: date, organization: Organization) -> tuple[datetime, datetime]:
    """The first moment of a day where the organization is, and that of the next: 23 to 25 hours apart."""
    start = datetime.combine(day, time.min, tzinfo=organization.zone)
    end = datetime.combine(day + timedelta(days=1), time.min, tzinfo=organization.zone)
    return start.astimezone(UTC), end.astimezone(UTC)


def _range(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _touched(organization: Organization, today: date) -> list[date]:
    mark = RollupMark.objects.first()
    since = mark.done_until - MARGIN if mark else BEFORE_ALL
    values: dict[str, Any] = {
        "organization": organization.pk, "zone": organization.time_zone,
        "since": since, "since_id": first_of(since - late_limit()),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED, values)
        found = {day for (day,) in cursor.fetchall()}
    return sorted(found | {today, today - timedelta(days=1)})
