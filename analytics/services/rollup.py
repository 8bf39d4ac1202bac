"""What happened, added up: one row a media item and day, one a course and day, written again whole whenever their day
is touched. They follow from the events of that day alone, each of which lies in exactly one.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization
from analytics.models import Event, RollupMark
from analytics.services.events import late_limit
from analytics.services.retention import events_kept_since
from analytics.services.rollup_sql import ROLL_UP, ROOM, TOUCHED
from analytics.services.search_days import roll_up_searches
from core.errors import Refused
from core.identifiers import first_of

BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)
MARGIN = timedelta(hours=1)  # transactions that were still open when the last run began


def roll_up_day(organization: Organization, day: date) -> int:
    """Compute one day anew, in its own transaction; of two at once, one waits. Answers how many rows changed.

    A second time changes nothing, not a byte. Rows of which nothing is left that day are removed.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"roll_up:{organization.pk}:{day}"])
        cursor.execute(ROOM)
        cursor.execute(ROLL_UP, values_of(day, organization))
        changed: int = cursor.fetchone()[0]
        return changed + roll_up_searches(values_of(day, organization))


def roll_up(
    organization: Organization,
    *,
    first: date | None = None,
    last: date | None = None,
    rebuild: bool = False,
    shown: Callable[[Iterable[date]], Iterable[date]] = iter,
) -> list[date]:
    """Bring the days from `first` to `last` (default: today) up to date, in the organization's scope; answer which.

    Those that something touched since the last complete run, with yesterday and today; to `rebuild` is to compute each
    day anew. `shown` may watch the days go by. Raises Refused: events_gone, where days to rebuild have lost events.
    """
    began = timezone.now()
    today = began.astimezone(organization.zone).date()
    last = min(last or today, today)
    days = _every_day(organization, first, last) if rebuild else _touched_days(organization, first, last, today)
    for day in shown(days):
        roll_up_day(organization, day)
    if first is None and last == today:
        RollupMark.objects.update_or_create(organization=organization, defaults={"done_until": began})
    return days


def values_of(day: date, organization: Organization) -> dict[str, Any]:
    """What the statements of a day ask for."""
    start, end = borders_of(day, organization)
    return {"organization": organization.pk, "day": day, "start_id": first_of(start), "end_id": first_of(end)}


def borders_of(day: date, organization: Organization) -> tuple[datetime, datetime]:
    """The first moment of a day where the organization is, and that of the next: 23 to 25 hours apart."""
    start = datetime.combine(day, time.min, tzinfo=organization.zone)
    end = datetime.combine(day + timedelta(days=1), time.min, tzinfo=organization.zone)
    return start.astimezone(UTC), end.astimezone(UTC)


def first_kept_day(organization: Organization) -> date:
    """The first day of which no event was dropped."""
    since = events_kept_since() or BEFORE_ALL
    day = since.astimezone(organization.zone).date()
    return day if borders_of(day, organization)[0] >= since else day + timedelta(days=1)


def touched_since(moment: datetime, organization: Organization) -> set[date]:
    """The days of which an event arrived since then."""
    values: dict[str, Any] = {
        "organization": organization.pk, "zone": organization.time_zone,
        "since": moment, "since_id": first_of(moment - late_limit()),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED, values)
        return {day for (day,) in cursor.fetchall()}


def _every_day(organization: Organization, first: date | None, last: date) -> list[date]:
    kept = first_kept_day(organization)
    if first and first < kept:
        words = _("The events before %(day)s are gone: what was counted from them cannot be counted anew.")
        raise Refused("events_gone", words % {"day": kept}, fields={"from": [_("Begin on %(day)s.") % {"day": kept}]})
    oldest = Event.objects.order_by("id").values_list("occurred_at", flat=True).first()
    first = first or max(oldest.astimezone(organization.zone).date() if oldest else last, kept)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _touched_days(organization: Organization, first: date | None, last: date, today: date) -> list[date]:
    mark = RollupMark.objects.first()
    touched = touched_since(mark.done_until - MARGIN if mark else BEFORE_ALL, organization)
    days = touched | {today, today - timedelta(days=1)}
    return sorted(day for day in days if (first or day) <= day <= last)
