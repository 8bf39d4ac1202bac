"""From which day to which a report looks, and what it is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NoReturn
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core.errors import Refused

USUAL_DAYS = 30
MOST_DAYS = 3660
BEGIN = date(2000, 1, 1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Whole days of the organization's time zone, `first` and `last` included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return [self.first + n * DAY for n in range((self.last - self.first).days + 1)]

    @property
    def previous(self) -> "Period":
        """As long, and right before."""
        length = self.last - self.first + DAY
        return Period(self.first - length, self.first - DAY)

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The first moment, and the first one after it."""
        begin, end = (datetime.combine(day, time.min, tzinfo=zone) for day in (self.first, self.last + DAY))
        return begin.astimezone(UTC), end.astimezone(UTC)


def last_days(days: int, *, today: date) -> Period:
    return Period(today - (days - 1) * DAY, today)


def ever(today: date) -> Period:
    return Period(BEGIN, today)


def chosen_period(asked: Mapping[str, str], *, today: date) -> Period:
    """What a query says: `from` and `to` as 2026-11-22, or the last so many `days` with today, 30 without anything.

    Raises Refused `invalid` with the fields.
    """
    if asked.get("from") or asked.get("to"):
        return _between(asked, today)
    written = asked.get("days") or str(USUAL_DAYS)
    if not (written.isascii() and written.isdigit() and len(written) <= 4 and 1 <= int(written) <= MOST_DAYS):
        _refuse("days", _("Must be a whole number from 1 to %(most)d.") % {"most": MOST_DAYS})
    return last_days(int(written), today=today)


def _between(asked: Mapping[str, str], today: date) -> Period:
    last = _day(asked, "to") or today
    first = _day(asked, "from") or max(last - (USUAL_DAYS - 1) * DAY, BEGIN)
    if first > last:
        _refuse("from", _("The range begins after it ends."))
    if (last - first).days >= MOST_DAYS:
        _refuse("from", _("A range has at most %(most)d days.") % {"most": MOST_DAYS})
    return Period(first, last)


def _day(asked: Mapping[str, str], field: str) -> date | None:
    written = asked.get(field)
    if not written:
        return None
    try:
        day = date.fromisoformat(written)
    except ValueError:
        _refuse(field, _("This is no day. Write it like 2026-11-22."))
    if not BEGIN <= day <= date(2100, 1, 1):
        _refuse(field, _("This is no day that can be asked about."))
    return day


def _refuse(field: str, words: str) -> NoReturn:
    raise Refused("invalid", words, fields={field: [words]})
