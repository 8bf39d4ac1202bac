"""What a learner has watched, the last first, and where each goes on: in the lesson that holds it, else on its own."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organization
from courses.links import lesson_of
from media_library.going_on import going_on
from media_library.models import Media, WatchRecord
from media_library.player import MediaAddresses
from media_library.podcasts.hearing import Heard, heard_as
from media_library.wording import clock_time


@dataclass(frozen=True)
class Watched:
    """One media item: `percent` 0–100; `position`, `length` and `watch_seconds` in seconds.

    `address` is empty where this person may not watch it any more.
    """

    media_id: UUID
    title: str
    address: str
    picture: str
    percent: float
    position: float
    length: float | None
    watch_seconds: int
    is_completed: bool
    at: datetime

    @property
    def action(self) -> str:
        """The words of the way back to it."""
        way = going_on(self.position, length=self.length, is_completed=self.is_completed)
        if way.goes_on:
            return _("Continue at %(time)s") % {"time": clock_time(way.second)}
        return _("Watch again") if way.is_again else _("Watch")


def records_of(user: Any) -> Any:
    records = WatchRecord.objects.of(user).with_watch_time().latest_first().select_related("media")
    return records.defer("media__source_metadata", "media__description", "seconds", "again")


def make_watched(records: Iterable[Any], *, user: Any, organization: Organization) -> list[Watched]:
    """Two statements; a third where something is known as an episode alone."""
    shown = list(records)
    keys = [record.media_id for record in shown]
    open_ones = set(Media.objects.visible_to(user, organization).filter(pk__in=keys).values_list("pk", flat=True))
    lessons = lesson_of(user, keys)
    episodes = heard_as(user, organization, (one.media for one in shown if one.media_id not in lessons))
    return [
        _watched(record, lessons.get(record.media_id), is_open=record.media_id in open_ones, slug=organization.slug)
        if record.media_id not in episodes
        else _heard(record, episodes[record.media_id], organization.slug)
        for record in shown
    ]


def _heard(record: Any, episode: Heard, slug: str) -> Watched:
    return replace(_watched(record, None, is_open=False, slug=slug), title=episode.title, address=episode.page(slug))


def _watched(record: Any, lesson: tuple[str, Any] | None, *, is_open: bool, slug: str) -> Watched:
    media = record.media
    return Watched(
        media_id=media.pk, title=media.title, address=_address(media, lesson, slug) if is_open else "",
        picture=MediaAddresses(media, slug).thumbnail if is_open else "",
        percent=record.percent, position=record.position, length=media.duration, watch_seconds=record.watch_seconds,
        is_completed=record.completed_at is not None, at=record.updated_at,
    )  # fmt: skip


def _address(media: Media, lesson: tuple[str, Any] | None, slug: str) -> str:
    if lesson is None:
        return reverse("media_library:watch", args=[slug, media.pk])
    return reverse("courses:lesson", args=[slug, *lesson])
