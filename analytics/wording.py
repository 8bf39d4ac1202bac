"""Values of reports as people read them."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from analytics.reports.periods import Period
from analytics.reports.tables import Unit
from media_library.wording import clock_time, words_for_duration, words_for_size

NOTHING = "–"


def in_words(value: Any, unit: Unit, zone: ZoneInfo) -> str:
    """Such as `1 h 05 min`, `12.5 %`, `$0.42`; a dash where there is nothing to say."""
    if value is None:
        return NOTHING
    match unit:
        case Unit.NUMBER:
            return number(value)
        case Unit.SECONDS:
            return words_for_duration(value)
        case Unit.SECOND:
            return clock_time(value)
        case Unit.PERCENT:
            return f"{value:g} %"
        case Unit.MONEY:
            return money(value)
        case Unit.BYTES:
            return words_for_size(value)
        case Unit.DAY:
            return date_format(value, "j M Y")
        case Unit.TIME:
            return moment(value, zone)
        case Unit.FLAG:
            return _("yes") if value else _("no")
    return str(value)


def number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,g}"


def money(dollars: Decimal) -> str:
    return f"${dollars:,.2f}" if dollars == 0 or dollars >= 1 else f"${dollars:,.4f}"


def moment(value: datetime, zone: ZoneInfo) -> str:
    return date_format(value.astimezone(zone), "j M Y")


def period_words(period: Period) -> str:
    """Such as “24 Oct – 22 Nov 2026”; the year stands twice where it changes."""
    if period.first == period.last:
        return date_format(period.first, "j M Y")
    same_year = period.first.year == period.last.year
    return f"{date_format(period.first, 'j M' if same_year else 'j M Y')} – {date_format(period.last, 'j M Y')}"


def raw(value: Any) -> str:
    """As programs read it: in CSV, and beside the words of a page."""
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
