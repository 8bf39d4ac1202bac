"""Deadlines and marks of assignments: rules and words that know neither database nor request."""

from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def percent_of(points: Decimal, *, out_of: int) -> Decimal:
    """0–100, to the cent and rounded down: nobody passes by rounding."""
    return min(HUNDRED, (points * HUNDRED / out_of).quantize(CENT, ROUND_DOWN))


def passes(points: Decimal, *, out_of: int, pass_mark: int | None) -> bool:
    """Whether so many points reach a pass mark of 0–100 percent; without one no grade decides."""
    return pass_mark is not None and points * HUNDRED >= Decimal(pass_mark * out_of)


def words_for_due(due_at: datetime, *, now: datetime) -> str:
    """“in 3 days”, “20 minutes ago”: whole days, from one day on, else hours, else minutes."""
    span = words_for_span(abs(due_at - now))
    return (_("%(span)s ago") if due_at < now else _("in %(span)s")) % {"span": span}


def words_for_span(span: timedelta) -> str:
    """“3 days”, “2 hours”, “20 minutes”."""
    if (days := span // DAY) >= 1:
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if (hours := span // HOUR) >= 1:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    minutes = max(1, span // MINUTE)
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


def plain_points(points: Decimal | None) -> str:
    """`80`, `7.5`; empty where there are none."""
    return "" if points is None else f"{points:f}".rstrip("0").rstrip(".") if "." in f"{points:f}" else f"{points:f}"
