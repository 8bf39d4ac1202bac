"""The charts of the dashboards."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from analytics.charts import LineChart, Series, line_chart, scale_top
from analytics.reports.periods import Period
from analytics.reports.retention import Retained
from analytics.wording import number, period_words
from media_library.wording import clock_time, words_for_duration


def trend(
    name: str, title: str, period: Period, days: Sequence[Any], before: Sequence[Any],
    words: Callable[[Any], str] = number, highest: float | None = None,
) -> LineChart:  # fmt: skip
    """A column of the days, and dashed that of the range before."""
    now, then = ([getattr(day, name) for day in one] for one in (days, before))
    best = max(days, key=lambda day: getattr(day, name))
    description = _("%(all)s altogether, %(before)s in the range before. Most on %(day)s: %(most)s.") % {
        "all": words(sum(now)), "before": words(sum(then)), "day": date_format(best.day, "j M Y"),
        "most": words(getattr(best, name)),
    }  # fmt: skip
    series = [Series(period_words(period.previous), then, is_main=False), Series(period_words(period), now)]
    labels = [date_format(day.day, "j M") for day in days]
    return line_chart(
        name, title, description, series, labels=labels, words=lambda value: words(round(value)), highest=highest
    )


def watch_trend(period: Period, days: Sequence[Any], before: Sequence[Any]) -> LineChart:
    """Its scale is read in whole minutes, or hours."""
    most = max(day.watch_seconds for one in (days, before) for day in one)
    step = 3600 if most > 2 * 3600 else 60
    highest = step * scale_top(most / step)
    return trend("watch_seconds", _("Watch time"), period, days, before, words_for_duration, highest)


def retention_curve(stretches: Sequence[Retained]) -> LineChart | None:
    """None where nothing is known of its seconds."""
    if not stretches:
        return None
    last, least = stretches[-1], min(stretches, key=lambda one: one.percent)
    description = _("%(last)s of all viewers watch the end; fewest, %(least)s, watch from %(when)s on.") % {
        "last": _share(last.percent), "least": _share(least.percent), "when": clock_time(least.first),
    }  # fmt: skip
    labels = [clock_time(one.first) for one in stretches]
    series = [Series(_("Viewers"), [one.percent for one in stretches])]
    title = _("Who watches which second")
    return line_chart("retention", title, description, series, labels=labels, words=_share, highest=100)


def _share(value: float) -> str:
    return f"{value:g} %"
