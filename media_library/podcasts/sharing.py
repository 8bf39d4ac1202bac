"""Private addresses that are probably used by several people: a rule with numbers, and never more than a hint."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from media_library.models import FeedVisit, ListenerKey

WEEK = 7  # days, today among them
#: More than so many in one day, or in a week: a phone on its way changes its network, a household has some apps.
MOST_NETWORKS = {1: 8, WEEK: 20}
MOST_APPS = {1: 4, WEEK: 6}


@dataclass
class Use:
    """How many networks and apps a key was used from: on its busiest day of the last seven, and in all of them."""

    networks_a_day: int = 0
    networks_a_week: int = 0
    apps_a_day: int = 0
    apps_a_week: int = 0

    @property
    def is_suspicious(self) -> bool:
        return bool(self.reasons)

    @property
    def reasons(self) -> list[str]:
        """In words, none where nothing is remarkable."""
        return [words % {"count": count, "most": most} for count, most, words in self._limits() if count > most]

    def _limits(self) -> Iterator[tuple[int, int, str]]:
        yield self.networks_a_day, MOST_NETWORKS[1], _("%(count)d networks in one day (more than %(most)d)")
        yield self.networks_a_week, MOST_NETWORKS[WEEK], _("%(count)d networks in seven days (more than %(most)d)")
        yield self.apps_a_day, MOST_APPS[1], _("%(count)d apps in one day (more than %(most)d)")
        yield self.apps_a_week, MOST_APPS[WEEK], _("%(count)d apps in seven days (more than %(most)d)")


def rule_in_words() -> str:
    """What a maker reads beside the figures."""
    words = _(
        "An address is probably shared if in one day it is used from more than %(networks_a_day)d networks or with "
        "more than %(apps_a_day)d apps, or in seven days from more than %(networks_a_week)d or with more than "
        "%(apps_a_week)d. A network is where an IPv4 address agrees in its first three numbers, an IPv6 address in "
        "its first three groups."
    )
    return words % {
        "networks_a_day": MOST_NETWORKS[1], "networks_a_week": MOST_NETWORKS[WEEK],
        "apps_a_day": MOST_APPS[1], "apps_a_week": MOST_APPS[WEEK],
    }  # fmt: skip


def use_of(keys: Iterable[UUID]) -> dict[UUID, Use]:
    """Of the last seven days, by key; also of those that nobody used. Two statements."""
    uses: dict[UUID, Use] = {key: Use() for key in keys}
    for row in _counted(uses, "key"):
        use = uses[row["key"]]
        use.networks_a_week, use.apps_a_week = row["networks"], row["apps"]
    for row in _counted(uses, "key", "day"):
        use = uses[row["key"]]
        use.networks_a_day = max(use.networks_a_day, row["networks"])
        use.apps_a_day = max(use.apps_a_day, row["apps"])
    return uses


def apps_of(keys: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Names of the apps of the last seven days, by key. One statement."""
    named: dict[UUID, list[str]] = defaultdict(list)
    for key, app in _visits(keys).order_by("key", "app").values_list("key", "app").distinct():
        named[key].append(app)
    return named


def suspicious_keys(keys: QuerySet[ListenerKey]) -> list[UUID]:
    """Of those that work, the ones that are probably shared."""
    used = use_of(keys.filter(revoked_at=None).values_list("pk", flat=True))
    return [key for key, use in used.items() if use.is_suspicious]


def _counted(keys: Iterable[UUID], *by: str) -> Any:
    rows = _visits(keys).order_by().values(*by)
    return rows.annotate(networks=Count("network", distinct=True), apps=Count("app", distinct=True))


def _visits(keys: Iterable[UUID]) -> QuerySet[FeedVisit]:
    return FeedVisit.objects.filter(key__in=list(keys), day__gt=_today() - timedelta(days=WEEK))


def _today() -> date:
    return timezone.localdate()
