"""What became of one media item, and which are watched most."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, FilteredRelation, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from analytics.reports.periods import Period
from analytics.reports.reading import percent
from analytics.reports.retention import Peak, Retained, retention, watched_again
from analytics.reports.viewing import Viewing, ViewingDay, one_media, viewing, viewing_days
from media_library.models import Device, Media, Referrer, WatchSession


@dataclass(frozen=True)
class Share:
    """How many visits came so; `percent` of all of the range, 0–100."""

    name: str
    words: str
    visits: int
    percent: float


@dataclass(frozen=True)
class MediaReport:
    """Figures of the range and of the one before it; `retention` is of all viewers so far."""

    id: UUID
    title: str
    period: Period
    totals: Viewing
    previous: Viewing
    days: list[ViewingDay]
    previous_days: list[ViewingDay]
    retention: list[Retained]
    peaks: list[Peak]
    devices: list[Share]
    referrers: list[Share]


@dataclass(frozen=True)
class MediaFigures:
    """One media item in a list; `watch_seconds` in seconds."""

    id: UUID
    title: str
    views: int
    watch_seconds: int
    completions: int


def media_report(media: Media, period: Period) -> MediaReport:
    """Eight statements."""
    whose = one_media(media)
    days, previous_days = viewing_days(whose, period)
    return MediaReport(
        media.pk, media.title, period, viewing(whose, period), viewing(whose, period.previous), days, previous_days,
        retention(media), watched_again(media, period), _devices(media, period), _referrers(media, period),
    )  # fmt: skip


def media_by_views(period: Period, *, creator: Any = None) -> QuerySet[Any, Any]:
    """All that are not archived, the most viewed first, as rows of `media_figures`."""
    media = Media.objects.present()
    if creator is not None:
        media = media.filter(creator=creator.pk)
    told = FilteredRelation("days", condition=Q(days__day__range=(period.first, period.last)))
    sums = {name: Coalesce(Sum(f"told__{name}"), 0) for name in ("views", "watch_seconds", "completions")}
    found: QuerySet[Any, Any] = media.annotate(told=told).values("id", "title").annotate(**sums)
    return found.order_by("-views", "-watch_seconds", "title", "id")


def media_figures(row: dict[str, Any]) -> MediaFigures:
    return MediaFigures(**row)


def _devices(media: Media, period: Period) -> list[Share]:
    return _shares(_visits(media, period), "device", dict(Device.choices))


def _referrers(media: Media, period: Period) -> list[Share]:
    return _shares(_visits(media, period), "referrer", dict(Referrer.choices))


def _visits(media: Media, period: Period) -> QuerySet[WatchSession]:
    begin, end = period.moments(media.organization.zone)
    return WatchSession.objects.filter(media=media, started_at__gte=begin, started_at__lt=end).order_by()


def _shares(visits: QuerySet[WatchSession], field: str, labels: dict[str, str]) -> list[Share]:
    """The most frequent first. One statement."""
    counts = dict(visits.values(field).annotate(visits=Count("pk")).values_list(field, "visits"))
    total = sum(counts.values())
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [Share(name, str(labels[name]), number, percent(number, total)) for name, number in ordered]
