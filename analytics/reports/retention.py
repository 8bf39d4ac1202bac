"""Which seconds of a media item are watched, and which again and again, with what is said there."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from operator import or_
from typing import Any

from django.db.models import Q

from analytics.reports.periods import Period
from analytics.reports.reading import percent, read
from knowledge.sentences import sentence_around, text_of
from media_library.models import Cue, Media

MOST_POINTS = 300
MOST_VISITS = 10_000  # the latest of the range; what is watched again shows in a part of them
MOST_PEAKS = 5
STANDS_OUT = 1.2  # times as often as the rest
AROUND_SECONDS = 15.0  # in which a sentence began or ends


@dataclass(frozen=True)
class Retained:
    """A stretch from `first` up to before `end`, in seconds: `learners` on average, in percent of all viewers."""

    first: int
    end: int
    learners: float
    percent: float


@dataclass(frozen=True)
class Peak:
    """A stretch that those who watched it watched `times` over, each visit once; `at` is where its sentence begins."""

    first: int
    end: int
    times: float
    sentence: str
    at: int


@dataclass(frozen=True)
class Again:
    """How often each learner who came to a stretch did so, on average."""

    first: int
    end: int
    times: float


RETENTION = """
WITH seen AS MATERIALIZED (
    SELECT seconds FROM media_library_watchrecord WHERE organization_id = %(organization)s AND media_id = %(media)s
),
edges AS (
    SELECT lower(part) AS second, 1 AS step FROM seen, unnest(seconds) AS part
    UNION ALL SELECT upper(part), -1 FROM seen, unnest(seconds) AS part
),
steps AS (SELECT second, sum(step) AS step FROM edges GROUP BY second),
watching AS (
    SELECT second, sum(coalesce(step, 0)) OVER (ORDER BY second) AS learners
    FROM generate_series(0, %(length)s - 1) AS second LEFT JOIN steps USING (second)
)
SELECT min(second) AS first, max(second) + 1 AS end, avg(learners)::float AS learners,
    (SELECT count(*) FROM seen) AS viewers
FROM watching GROUP BY second / %(width)s ORDER BY 1"""

WATCHED_AGAIN = """
WITH visits AS MATERIALIZED (
    SELECT user_id, seconds FROM media_library_watchsession
    WHERE organization_id = %(organization)s AND media_id = %(media)s
        AND started_at >= %(begin)s AND started_at < %(finish)s AND user_id IS NOT NULL
    ORDER BY started_at DESC LIMIT %(most)s
),
learners AS (SELECT range_agg(seconds) AS seconds FROM visits GROUP BY user_id),
edges AS (
    SELECT lower(part) AS second, 1 AS visits, 0 AS learners FROM visits, unnest(seconds) AS part
    UNION ALL SELECT upper(part), -1, 0 FROM visits, unnest(seconds) AS part
    UNION ALL SELECT lower(part), 0, 1 FROM learners, unnest(seconds) AS part
    UNION ALL SELECT upper(part), 0, -1 FROM learners, unnest(seconds) AS part
),
steps AS (SELECT second, sum(visits) AS visits, sum(learners) AS learners FROM edges GROUP BY second),
watching AS (
    SELECT second, sum(coalesce(visits, 0)) OVER (ORDER BY second) AS visits,
        sum(coalesce(learners, 0)) OVER (ORDER BY second) AS learners
    FROM generate_series(0, %(length)s - 1) AS second LEFT JOIN steps USING (second)
)
SELECT min(second) AS first, max(second) + 1 AS end, round(sum(visits) / sum(learners), 2)::float AS times
FROM watching GROUP BY second / %(width)s HAVING sum(learners) > 0 ORDER BY 1"""


def retention(media: Media) -> list[Retained]:
    """Of all who have watched it so far, in at most 300 stretches; none without a known length. One statement."""
    if media.whole_seconds is None:
        return []
    rows = read(RETENTION, {"media": media.pk, **_steps(media.whole_seconds)})
    return [_retained(row, viewers=row["viewers"]) for row in rows]


def watched_again(media: Media, period: Period) -> list[Peak]:
    """The five stretches of the range that were watched again the most, the strongest first. Two statements."""
    if media.whole_seconds is None:
        return []
    begin, finish = period.moments(media.organization.zone)
    values = {"media": media.pk, "begin": begin, "finish": finish, "most": MOST_VISITS}
    rows = read(WATCHED_AGAIN, {**values, **_steps(media.whole_seconds)})
    return _with_sentences(media, strongest([Again(**row) for row in rows]))


def strongest(stretches: Sequence[Again]) -> list[Again]:
    """Neighbors that stand out from what is usual here are one; each is as strong as its strongest part."""
    if not stretches:
        return []
    least = max(STANDS_OUT, STANDS_OUT * sum(one.times for one in stretches) / len(stretches))
    groups = groupby(stretches, key=lambda one: one.times >= least)
    runs = [list(run) for stands_out, run in groups if stands_out]
    peaks = [Again(run[0].first, run[-1].end, max(one.times for one in run)) for run in runs]
    return sorted(peaks, key=lambda one: (-one.times, one.first))[:MOST_PEAKS]


def _retained(row: dict[str, Any], *, viewers: int) -> Retained:
    return Retained(row["first"], row["end"], round(row["learners"], 1), percent(row["learners"], viewers))


def _steps(length: int) -> dict[str, int]:
    return {"length": length, "width": -(-length // MOST_POINTS)}


def _with_sentences(media: Media, peaks: Sequence[Again]) -> list[Peak]:
    cues = _cues_near(media, peaks)
    return [_spoken(peak, cues) for peak in peaks]


def _cues_near(media: Media, peaks: Sequence[Again]) -> list[Cue]:
    """Of the words that are read now; by position, so that sentences can be put together."""
    if not peaks or media.transcript_id is None:
        return []
    near = (Q(start__lt=one.end + AROUND_SECONDS, end__gt=one.first - AROUND_SECONDS) for one in peaks)
    return list(Cue.objects.filter(reduce(or_, near), transcript=media.transcript_id).order_by("position"))


def _spoken(peak: Again, cues: Sequence[Cue]) -> Peak:
    """The sentence of the first words that are said in it; nothing is said in some."""
    said = next((n for n, cue in enumerate(cues) if cue.end > peak.first and cue.start < peak.end), None)
    if said is None:
        return Peak(peak.first, peak.end, peak.times, "", peak.first)
    first, end = sentence_around(cues, said)
    return Peak(peak.first, peak.end, peak.times, text_of(cues[first:end]), int(cues[first].start))
