"""How media were watched: sums of their days, and the learners of a range, each counted once."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from analytics.reports.periods import Period
from analytics.reports.reading import Whose, percent, read_days
from media_library.models import Media


def one_media(media: Media) -> Whose:
    return Whose("AND media_id = %(media)s", {"media": media.pk})


def media_of(creator: Any) -> Whose:
    theirs = "SELECT id FROM media_library_media WHERE organization_id = %(organization)s AND creator_id = %(creator)s"
    return Whose(f"AND media_id IN ({theirs})", {"creator": creator.pk})


@dataclass(frozen=True)
class Viewing:
    """`views` are visits, `starts` learners who came to a media item for the first time; `watch_seconds` in seconds.

    `viewers` are distinct learners, `finishers` those of them who reached 90 % of something they viewed in the range.
    `completion_rate` (0–100): of each learner with each media item viewed, how many were finished. `computed_at` is
    when the days were last changed; None: nothing was rolled up.
    """

    views: int = 0
    starts: int = 0
    viewers: int = 0
    finishers: int = 0
    watch_seconds: int = 0
    completions: int = 0
    completion_rate: float = 0.0
    ai_interactions: int = 0
    computed_at: datetime | None = None


@dataclass(frozen=True)
class ViewingDay:
    """One day; `watch_seconds` in seconds, `completions` learners who reached 90 % for the first time."""

    day: date
    views: int = 0
    viewers: int = 0
    watch_seconds: int = 0
    completions: int = 0


DAYS = """
WITH days AS MATERIALIZED (
    SELECT media_id, day, views, starts, watch_seconds, completions, ai_interactions, viewer_keys, finisher_keys,
        computed_at
    FROM analytics_mediaday
    WHERE organization_id = %(organization)s AND day BETWEEN %(first)s AND %(last)s {which}
)"""

TOTALS = """,
viewers AS (SELECT DISTINCT media_id, unnest(viewer_keys) AS learner FROM days),
finishers AS (SELECT DISTINCT media_id, unnest(finisher_keys) AS learner FROM days),
counted AS (
    SELECT count(DISTINCT learner) AS viewers, count(*) AS viewed, count(finishers.learner) AS finished,
        count(DISTINCT finishers.learner) AS finishers
    FROM viewers LEFT JOIN finishers USING (media_id, learner)
)
SELECT sums.*, counted.* FROM counted, (
    SELECT coalesce(sum(views), 0)::int AS views, coalesce(sum(starts), 0)::int AS starts,
        coalesce(sum(watch_seconds), 0)::bigint AS watch_seconds, coalesce(sum(completions), 0)::int AS completions,
        coalesce(sum(ai_interactions), 0)::int AS ai_interactions, max(computed_at) AS computed_at
    FROM days
) AS sums"""

BY_DAY = """,
learners AS (
    SELECT day, count(DISTINCT learner) AS viewers
    FROM (SELECT day, unnest(viewer_keys) AS learner FROM days) AS seen GROUP BY day
)
SELECT day, sum(views)::int AS views, coalesce(max(viewers), 0)::int AS viewers,
    sum(watch_seconds)::bigint AS watch_seconds, sum(completions)::int AS completions
FROM days LEFT JOIN learners USING (day) GROUP BY day"""


def viewing(whose: Whose, period: Period) -> Viewing:
    """One statement."""
    row = read_days(DAYS + TOTALS, whose, period)[0]
    rate = percent(row["finished"], row["viewed"])
    named = {one.name: row[one.name] for one in fields(Viewing) if one.name in row}
    return Viewing(**named, completion_rate=rate)


def viewing_days(whose: Whose, period: Period) -> tuple[list[ViewingDay], list[ViewingDay]]:
    """Each day of the range, and each of the one before. One statement."""
    before = period.previous
    rows = read_days(DAYS + BY_DAY, whose, Period(before.first, period.last))
    found = {row["day"]: ViewingDay(**row) for row in rows}
    now, then = ([found.get(day, ViewingDay(day)) for day in one.days] for one in (period, before))
    return now, then
