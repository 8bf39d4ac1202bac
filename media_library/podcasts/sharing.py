"""Private addresses that are probably used by several people: a rule with numbers, and never more than a hint."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from media_library.models import FeedVisit, ListenerKey

WEEK = 7  # days, today among them
#: More than so many are remarkable: a phone on its way changes its network, a household has some apps.
MOST = {"networks_a_day": 8, "networks_a_week": 20, "apps_a_day": 4, "apps_a_week": 6}
IS_SHARED = reduce(or_, (Q(**{f"{figure}__gt": most}) for figure, most in MOST.items()))


@dataclass(frozen=True)
class Use:
    """How many networks and apps a key was used from: on its busiest day of the last seven, and in all of them."""

    networks_a_day: int = 0
    networks_a_week: int = 0
    apps_a_day: int = 0
    apps_a_week: int = 0

    @classmethod
    def of(cls, key: Any) -> "Use":
        """Of a key read `with_use`."""
        return cls(*(getattr(key, figure) for figure in MOST))

    @property
    def is_suspicious(self) -> bool:
        return bool(self.reasons)

    @property
    def reasons(self) -> list[str]:
        """In words, none where nothing is remarkable."""
        return [words % {"count": count, "most": most} for count, most, words in self._limits() if count > most]

    def _limits(self) -> Iterator[tuple[int, int, str]]:
        words = {
            "networks_a_day": _("%(count)d networks in one day (more than %(most)d)"),
            "networks_a_week": _("%(count)d networks in seven days (more than %(most)d)"),
            "apps_a_day": _("%(count)d apps in one day (more than %(most)d)"),
            "apps_a_week": _("%(count)d apps in seven days (more than %(most)d)"),
        }
        return ((getattr(self, figure), most, words[figure]) for figure, most in MOST.items())


def rule_in_words() -> str:
    """What a maker reads beside the figures."""
    words = _(
        "An address is probably shared if in one day it is used from more than %(networks_a_day)d networks or with "
        "more than %(apps_a_day)d apps, or in seven days from more than %(networks_a_week)d or with more than "
        "%(apps_a_week)d. A network is where an IPv4 address agrees in its first three numbers, an IPv6 address in "
        "its first three groups."
    )
    return words % MOST


def with_use(keys: QuerySet[ListenerKey]) -> Any:
    """Adds the figures of `Use` to keys, in the statement that reads them."""
    return keys.annotate(
        networks_a_day=_counted("network", "key", "day"),
        networks_a_week=_counted("network", "key"),
        apps_a_day=_counted("app", "key", "day"),
        apps_a_week=_counted("app", "key"),
    )


def apps_of(keys: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Names of the apps of the last seven days, by key. One statement."""
    named: dict[UUID, list[str]] = defaultdict(list)
    visits = _visits().filter(key__in=list(keys)).order_by("key", "app")
    for key, app in visits.values_list("key", "app").distinct():
        named[key].append(app)
    return named


def _counted(what: str, *by: str) -> Coalesce:
    """How many different ones there are of it, of the day with the most where days are told apart."""
    grouped = _visits().filter(key=OuterRef("pk")).order_by().values(*by).annotate(total=Count(what, distinct=True))
    return Coalesce(Subquery(grouped.order_by("-total").values("total")[:1], output_field=IntegerField()), 0)


def _visits() -> QuerySet[FeedVisit]:
    visits: QuerySet[FeedVisit] = FeedVisit.objects.filter(day__gt=timezone.localdate() - timedelta(days=WEEK))
    return visits
