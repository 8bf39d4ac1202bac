"""Read-only questions about what happened, shared by admin and API so that they cannot disagree."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Organization
from analytics.models import MediaDay
from analytics.services.rollup import borders_of
from core.identifiers import first_of
from media_library.models import Media

# Distinct learners cannot be added up from days: they are counted over the visits that the days were made of.
LEARNERS = """
SELECT count(*), count(*) FILTER (WHERE EXISTS (
    SELECT FROM analytics_event AS event
    WHERE event.organization_id = %(organization)s AND event.type = 'video_completed' AND event.media_id = %(media)s
        AND event.learner = starter.learner AND event.id < %(end_id)s
)) FROM (
    SELECT DISTINCT coalesce(person.pseudonym, visit.id) AS learner
    FROM media_library_watchsession AS visit LEFT JOIN accounts_user AS person ON person.id = visit.user_id
    WHERE visit.organization_id = %(organization)s AND visit.media_id = %(media)s
        AND visit.started_at >= %(start)s AND visit.started_at < %(end)s AND visit.started_at <= %(computed_at)s
) AS starter"""


@dataclass(frozen=True)
class DayFigures:
    """One day of the organization's time zone; `watch_seconds` in seconds, `completion_rate` 0–100."""

    day: date
    views: int
    viewers: int
    watch_seconds: int
    completions: int
    completion_rate: float


@dataclass(frozen=True)
class MediaReport:
    """What happened to one media item on the days told, oldest first; days without anything are left out.

    `views` are started sessions, `watch_seconds` the sum over sessions of their distinct seconds, both summed from the
    rollups. `viewers` are the distinct learners of those sessions, `finishers` those of them who have reached 90 %, and
    `completion_rate` (0–100) is finishers ÷ viewers. All of it as of the last roll-up, `computed_at`.
    """

    media_id: UUID
    views: int = 0
    viewers: int = 0
    finishers: int = 0
    watch_seconds: int = 0
    completion_rate: float = 0.0
    computed_at: datetime | None = None
    days: list[DayFigures] = field(default_factory=list)


def media_report(media: Media, *, days: int | None = None) -> MediaReport:
    """Over everything that was rolled up, or over the last so many `days` including today. Two statements."""
    stored = list(_days_of(media, days).order_by("day"))
    if not stored:
        return MediaReport(media.pk)
    computed_at = max(row.computed_at for row in stored)
    viewers, finishers = _learners(media, first=stored[0].day, last=stored[-1].day, computed_at=computed_at)
    return MediaReport(
        media.pk,
        views=sum(row.views for row in stored),
        viewers=viewers,
        finishers=finishers,
        watch_seconds=sum(row.watch_seconds for row in stored),
        completion_rate=100 * finishers / viewers if viewers else 0.0,
        computed_at=computed_at,
        days=[_figures(row) for row in stored],
    )


def _days_of(media: Media, days: int | None) -> QuerySet[MediaDay]:
    stored = MediaDay.objects.filter(media=media)
    if days is None:
        return stored
    today = timezone.now().astimezone(media.organization.zone).date()
    return stored.filter(day__gt=today - timedelta(days=days))


def _learners(media: Media, *, first: date, last: date, computed_at: datetime) -> tuple[int, int]:
    organization: Organization = media.organization
    (start, _), (_, end) = borders_of(first, organization), borders_of(last, organization)
    values: dict[str, Any] = {
        "organization": organization.pk, "media": media.pk, "start": start, "end": end, "end_id": first_of(end),
        "computed_at": computed_at,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(LEARNERS, values)
        viewers, finishers = cursor.fetchone()
    return viewers, finishers


def _figures(row: MediaDay) -> DayFigures:
    return DayFigures(row.day, row.views, row.viewers, row.watch_seconds, row.completions, row.completion_rate)
