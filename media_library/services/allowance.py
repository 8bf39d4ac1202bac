"""What a member may upload in a week, and how much of it is left (requirement M6).

The rows of uploads are the account book: one that arrives or arrived weighs its declared size from the start, one that
was cancelled, given up or recognized as a duplicate weighs nothing; a refused one weighs until its file is gone.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Organization, Plan
from core.errors import Refused
from core.tenancy import current_organization_id
from media_library.models import AllowanceReset, SiteConfiguration, Upload
from media_library.models.upload import counted
from media_library.services.site import site_configuration
from media_library.wording import words_for_size

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Allowance:
    """Of one member in the present week, in bytes; `resets_at` is when it counts anew, `zone` the organization's."""

    used: int
    allowed: int
    largest_file: int
    resets_at: datetime
    zone: ZoneInfo

    @property
    def left(self) -> int:
        return max(self.allowed - self.used, 0)

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.used / self.allowed)) if self.allowed else 100

    @property
    def reset_words(self) -> str:
        """Such as “Sunday, November 22, 01:00 (Europe/Berlin)”."""
        return f"{date_format(self.resets_at.astimezone(self.zone), 'l, F j, H:i')} ({self.zone.key})"


def allowance_of(user: Any, *, organization: Organization | None = None) -> Allowance:
    """What this person has used and may use here. Three statements, four where the organization is not given."""
    organization = organization or Organization.objects.get(pk=current_organization_id())
    site = site_configuration()
    begins, ends = week_of(timezone.now(), site)
    reset_at = AllowanceReset.objects.filter(user=user).aggregate(last=Max("reset_at"))["last"]
    weighing = Upload.objects.filter(counted(), owner=user)
    since = max(begins, reset_at) if reset_at else begins
    used = weighing.filter(created_at__gte=since).aggregate(total=Sum("size_bytes"))["total"] or 0
    plan = Plan(organization.plan)
    allowed = _least(plan.weekly_allowance, site.weekly_allowance)
    largest = min(_least(plan.largest_file, site.largest_file), allowed)
    return Allowance(int(used), allowed, largest, ends, organization.zone)


def week_of(moment: datetime, site: SiteConfiguration) -> tuple[datetime, datetime]:
    """When the week began that counts at that moment, and when it ends, in UTC.

    Counted in days of the calendar at the site's place: a week with a change of the clock is an hour shorter or longer.
    """
    zone = ZoneInfo(site.reset_time_zone)
    today = moment.astimezone(zone).date()
    day = today - timedelta(days=(today.weekday() - site.reset_day) % 7)
    begins = _at(day, site.reset_hour, zone)
    if begins > moment:
        day -= WEEK
        begins = _at(day, site.reset_hour, zone)
    return begins, _at(day + WEEK, site.reset_hour, zone)


def refuse_beyond_allowance(size: int, allowance: Allowance) -> None:
    """Raises Refused: allowance_used_up (429), with the field `file`."""
    if size <= allowance.left:
        return
    words = _(
        "This file has %(size)s, and %(left)s of this week's %(allowed)s are left. They are yours again on %(when)s."
    ) % {
        "size": words_for_size(size),
        "left": words_for_size(allowance.left),
        "allowed": words_for_size(allowance.allowed),
        "when": allowance.reset_words,
    }
    raise Refused("allowance_used_up", words, fields={"file": [words]}, status=429)


def reset_allowance(user: Any) -> None:
    """Count this member's uploads from now on. Once more changes nothing but the moment."""
    AllowanceReset.objects.update_or_create(user=user, defaults={"reset_at": timezone.now()})


def _at(day: Any, hour: int, zone: ZoneInfo) -> datetime:
    """In UTC, because local times of one zone are compared by what their clocks show."""
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)


def _least(of_plan: int, of_site: int | None) -> int:
    return of_plan if of_site is None else min(of_plan, of_site)
