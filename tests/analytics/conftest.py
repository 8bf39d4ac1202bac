"""Visits at times that are known."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Organization, User
from analytics.models import Event
from analytics.services.events import identifier_at
from courses.models import Course
from media_library.models import Kind, Media, Publication, Rendition, Source, WatchSession


def add_media(title: str, *, duration: float = 10) -> Media:
    """Something playable, in the organization in scope."""
    media = Media.objects.create(
        kind=Kind.VIDEO,
        source=Source.UPLOAD,
        source_path=f"{title}.mp4",
        original_filename=f"{title}.mp4",
        title=title,
        publication=Publication.PUBLISHED,
        duration=duration,
    )
    media.rendition = Rendition.objects.create(media=media, folder=f"renditions/{media.pk}")
    media.save()
    return media


def happened(type: str, *, at: datetime, **facts: Any) -> Event:
    """An event of then, which may lie longer ago than what is accepted of clients."""
    return Event.objects.create(id=identifier_at(at), type=type, occurred_at=at, received_at=timezone.now(), **facts)


def visit(media: Media, user: User | None, *, at: datetime, seconds: int = 5, **facts: Any) -> WatchSession:
    """A session that began then and lasted as long as it played."""
    heard = at + timedelta(seconds=seconds)
    facts = {"media_id": media.pk, "learner": user.pseudonym if user else None, **facts}
    happened("video_viewed", at=at, metadata={"device": "desktop"}, **facts)
    happened("video_watched", at=heard, metadata={"seconds": seconds}, **facts)
    return WatchSession.objects.create(
        media=media, user=user, started_at=at, last_beat_at=heard, ended_at=heard, watched_seconds=seconds,
        seconds=[(0, seconds)],
    )  # fmt: skip


def complete(media: Media, user: User, *, at: datetime) -> None:
    """The learner reached 90 % then."""
    happened("video_completed", at=at, learner=user.pseudonym, media_id=media.pk)


@pytest.fixture
def talk(scope: Organization) -> Media:
    return add_media("Tides")


@pytest.fixture
def course(scope: Organization) -> Course:
    return Course.objects.create(title="Sea", slug="sea", is_published=True)
