"""Statements of what was watched in the organization in scope, read a thousand visits at a time."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from accounts.models import Organization
from analytics.xapi.statements import (
    Place,
    Statement,
    Watching,
    account_of,
    mailbox_of,
    statement_of_completion,
    statements_of_visit,
)
from courses.models import ContentItem
from media_library.models import WatchRecord, WatchSession
from media_library.models.watching import COMPLETED_FROM

AT_ONCE = 1000
PEOPLE = ("user__email", "user__pseudonym", "user__erased_at", "media__title", "media__duration")


class Teller:
    """Makes statements of rows. `with_addresses`: learners are named by e-mail address, not by pseudonym."""

    def __init__(self, organization: Organization, *, with_addresses: bool = False) -> None:
        self.organization, self.with_addresses = organization, with_addresses
        self.site = settings.SITE_URL.rstrip("/")

    def of_visits(self, visits: Iterable[WatchSession]) -> Iterator[Statement]:
        """Two of each. One statement for the courses of all."""
        rows = list(visits)
        courses = self._courses({row.context_id for row in rows if row.context_id})
        for row in rows:
            course = courses.get(row.context_id) if row.context_id else None
            ended_at = row.ended_at or row.last_beat_at
            watching = self._watching(row, session_id=row.pk, course=course)
            yield from statements_of_visit(watching, started_at=row.started_at, ended_at=ended_at, speed=row.speed)

    def of_completions(self, records: Iterable[WatchRecord]) -> Iterator[Statement]:
        """Rows of `completions`. One of each, with the visit in which it happened; what was seen elsewhere has none."""
        for row in records:
            watching = self._watching(row, session_id=row.visit_id or row.pk)  # type: ignore[attr-defined]
            completed_at = row.completed_at or row.updated_at
            yield statement_of_completion(watching, record_id=row.pk, completed_at=completed_at)

    def _watching(self, row: WatchSession | WatchRecord, *, session_id: UUID, course: Place | None = None) -> Watching:
        return Watching(
            actor=self._actor(row.user), video=self._video(row.media), session_id=session_id, segments=row.seconds,
            seconds=row.watched_seconds, percent=row.percent, position=row.position, length=row.media.duration,
            threshold=COMPLETED_FROM, course=course,
        )  # fmt: skip

    def _actor(self, user: Any) -> Statement:
        by_address = self.with_addresses and not user.erased_at
        return mailbox_of(user.email) if by_address else account_of(user.pseudonym, site=self.site)

    def _video(self, media: Any) -> Place:
        return Place(self._address("media_library:watch", media.pk), media.title)

    def _courses(self, item_ids: set[UUID]) -> dict[UUID, Place]:
        """By the items that visits were opened from."""
        found = ContentItem.objects.filter(pk__in=item_ids)
        rows = found.values_list("pk", "chapter__course__slug", "chapter__course__title")
        return {key: Place(self._address("courses:course", slug), title) for key, slug, title in rows}

    def _address(self, name: str, key: Any) -> str:
        return self.site + reverse(name, args=[self.organization.slug, key])


def visits() -> QuerySet[WatchSession]:
    """Those that ended and in which something was played, by somebody who is known."""
    ended = WatchSession.objects.filter(ended_at__isnull=False, watched_seconds__gt=0, user__isnull=False)
    return ended.select_related("user", "media").only(
        "context_id", "seconds", "watched_seconds", "percent", "position", "speed", "started_at", "ended_at",
        "last_beat_at", *PEOPLE,
    )  # fmt: skip


def completions() -> QuerySet[WatchRecord]:
    done = WatchRecord.objects.filter(completed_at__isnull=False)
    theirs = WatchSession.objects.filter(media=OuterRef("media"), user=OuterRef("user"))
    before = theirs.filter(started_at__lte=OuterRef("completed_at")).order_by("-started_at", "-pk")
    return done.select_related("user", "media").annotate(visit_id=Subquery(before.values("pk")[:1])).only(
        "seconds", "watched_seconds", "percent", "position", "completed_at", "updated_at", *PEOPLE
    )  # fmt: skip


class Export:
    """All statements of the days from `first` to `last` in the organization's time zone; without them of all days."""

    def __init__(self, teller: Teller, *, first: date | None = None, last: date | None = None) -> None:
        self.teller = teller
        between = self._between(first, last)
        self.visits = visits().filter(**{f"ended_at__{name}": moment for name, moment in between.items()})
        self.completions = completions().filter(**{f"completed_at__{name}": moment for name, moment in between.items()})

    def rows(self) -> int:
        """How many visits and completions there are to tell."""
        return self.visits.count() + self.completions.count()

    def statements(self, *, told: Callable[[int], object] = lambda rows: None) -> Iterator[Statement]:
        """In constant memory. `told` hears of so many rows more."""
        for batch in in_batches(self.visits):
            yield from self.teller.of_visits(batch)
            told(len(batch))
        for records in in_batches(self.completions):
            yield from self.teller.of_completions(records)
            told(len(records))

    def _between(self, first: date | None, last: date | None) -> dict[str, datetime]:
        zone = self.teller.organization.zone
        borders = {"gte": first, "lt": last and last + timedelta(days=1)}
        return {name: datetime.combine(day, time.min, zone) for name, day in borders.items() if day}


def in_batches(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """By their keys, so that no cursor stays open and nothing is counted twice."""
    batch = list(rows.order_by("pk")[:AT_ONCE])
    while batch:
        yield batch
        batch = list(rows.order_by("pk").filter(pk__gt=batch[-1].pk)[:AT_ONCE])
