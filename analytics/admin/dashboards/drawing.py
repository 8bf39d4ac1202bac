"""Reports as templates draw them: values beside their words, rows with links and bars, ranges to choose."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from analytics.admin.dashboards.asked import Asked
from analytics.reports.behind import QUIET_DAYS
from analytics.reports.periods import Period, last_days
from analytics.reports.tables import Column, Figure, Table, Unit, figures_of
from analytics.wording import in_words, period_words, raw

ASIDE = frozenset({Unit.TEXT, Unit.DAY, Unit.TIME, Unit.SECOND, Unit.FLAG})  # written from the left
Link = Callable[[Any], str]


@dataclass(frozen=True)
class Cell:
    """`value` for programs, `words` for people; `bar` is percent of the longest one, None without."""

    value: str
    words: str
    is_number: bool
    link: str = ""
    bar: float | None = None


@dataclass(frozen=True)
class Shown:
    """A table on a page."""

    name: str
    title: str
    columns: list[tuple[Column, bool]]
    rows: list[list[Cell]]


@dataclass(frozen=True)
class Tile:
    """A figure and what it was before, in words; `trend` is up, down or empty."""

    label: str
    value: str
    words: str
    previous: str
    change: str
    trend: str


@dataclass(frozen=True)
class Choice:
    words: str
    query: str
    is_chosen: bool


def shown(table: Table, zone: ZoneInfo, *, link: Link | None = None) -> Shown:
    """`link` leads from the first column of a row to what it is about."""
    longest = max((getattr(row, table.bar) for row in table.rows), default=0) if table.bar else 0
    columns = [(column, column.unit not in ASIDE) for column in table.columns]
    rows = [[_cell(table, column, row, zone, link, longest) for column in table.columns] for row in table.rows]
    return Shown(table.name, table.title, columns, rows)


def _cell(table: Table, column: Column, row: Any, zone: ZoneInfo, link: Link | None, longest: float) -> Cell:
    value = getattr(row, column.name)
    href = link(row) if link and column is table.columns[0] else ""
    bar = None
    if column.name == table.bar:
        longest = 100 if column.unit is Unit.PERCENT else longest
        bar = round(100 * float(value) / float(longest), 1) if longest else 0.0
    return Cell(raw(value), in_words(value, column.unit, zone), column.unit not in ASIDE, href, bar)


def tiles(now: Any, before: Any, zone: ZoneInfo) -> list[Tile]:
    return [_tile(one, zone) for one in figures_of(now, before)]


def _tile(figure: Figure, zone: ZoneInfo) -> Tile:
    change = figure.change
    return Tile(
        figure.label, raw(figure.value), in_words(figure.value, figure.unit, zone),
        in_words(figure.previous, figure.unit, zone), _change_words(figure),
        "" if not change else "up" if change > 0 else "down",
    )  # fmt: skip


def _change_words(figure: Figure) -> str:
    change = figure.change
    if not change:
        return "" if change is None else _("no change")
    if figure.unit is Unit.PERCENT:
        return _("%(change)s points") % {"change": f"{change:+g}"}
    return f"{change:+,g} %"


def ranges(asked: Asked) -> list[Choice]:
    """The usual ones, as queries."""
    offered = {_("%(days)d days") % {"days": days}: last_days(days, today=asked.today) for days in (7, 30, 90)}
    offered[_("This year")] = Period(asked.today.replace(month=1, day=1), asked.today)
    return [Choice(words, query_of(period), period == asked.period) for words, period in offered.items()]


def query_of(period: Period, **more: Any) -> str:
    return urlencode({"from": period.first.isoformat(), "to": period.last.isoformat(), **more})


def frame(
    asked: Asked, tables: Mapping[str, Table], *, api: str, links: Mapping[str, Link] | None = None
) -> dict[str, Any]:
    """What each page of a report has: the range, the tables by their names, and the other doors."""
    zone = asked.organization.zone
    more = {} if asked.quiet_days == QUIET_DAYS else {"quiet_days": asked.quiet_days}
    drawn = [shown(one, zone, link=(links or {}).get(one.name)) for one in tables.values() if one.name != "totals"]
    return {
        "asked": asked, "ranges": ranges(asked), "query": query_of(asked.period, **more), "api": api, "zone": zone,
        "range_words": period_words(asked.period), "before_words": period_words(asked.period.previous),
        "tables": {one.name.replace("-", "_"): one for one in drawn},
    }  # fmt: skip
