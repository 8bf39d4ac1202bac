"""What people searched for, and what the library had no answer to."""

from dataclasses import dataclass
from datetime import date

from analytics.reports.periods import Period
from analytics.reports.reading import percent, read

MOST_QUERIES = 100


@dataclass(frozen=True)
class SearchTotals:
    """`gap_percent` (0–100) of the searches found no passage; `searchers` are distinct learners."""

    searches: int
    without_result: int
    gap_percent: float
    searchers: int


@dataclass(frozen=True)
class SearchGap:
    """A query that found nothing at least once; `last_day` is when it was asked last."""

    query: str
    searches: int
    without_result: int
    learners: int
    last_day: date


@dataclass(frozen=True)
class SearchReport:
    """`gaps` are at most a hundred, those that most searches found nothing for first."""

    period: Period
    totals: SearchTotals
    previous: SearchTotals
    gaps: list[SearchGap]


TOTALS = """
SELECT coalesce(sum(searches), 0)::int AS searches, coalesce(sum(without_result), 0)::int AS without_result,
    count(DISTINCT learner) AS searchers
FROM analytics_searchday WHERE organization_id = %(organization)s AND day BETWEEN %(first)s AND %(last)s"""

GAPS = """
SELECT query, sum(searches)::int AS searches, sum(without_result)::int AS without_result,
    count(DISTINCT learner) AS learners, max(day) AS last_day
FROM analytics_searchday WHERE organization_id = %(organization)s AND day BETWEEN %(first)s AND %(last)s
GROUP BY query HAVING sum(without_result) > 0
ORDER BY sum(without_result) DESC, sum(searches) DESC, query LIMIT %(most)s"""


def search_report(period: Period) -> SearchReport:
    """Three statements. It names queries and nobody: also what a single person asked shows a gap."""
    rows = read(GAPS, {"first": period.first, "last": period.last, "most": MOST_QUERIES})
    return SearchReport(period, _totals(period), _totals(period.previous), [SearchGap(**row) for row in rows])


def _totals(period: Period) -> SearchTotals:
    row = read(TOTALS, {"first": period.first, "last": period.last})[0]
    return SearchTotals(**row, gap_percent=percent(row["without_result"], row["searches"]))
