"""Visits at times that are known."""

from datetime import datetime, timedelta

import pytest

from accounts.models import Organization, User
from analytics.services.events import track
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


def visit(media: Media, user: User | None, *, at: datetime, seconds: int = 5) -> WatchSession:
    """A session that began then and lasted as long as it played."""
    heard = at + timedelta(seconds=seconds)
    return WatchSession.objects.create(
        media=media, user=user, started_at=at, last_beat_at=heard, watched_seconds=seconds, seconds=[(0, seconds)]
    )


def complete(media: Media, user: User, *, at: datetime, session: WatchSession | None = None) -> None:
    """The learner reached 90 % then."""
    metadata = {
        "percent_complete": 95,
        "watch_time_seconds": 9,
        "session_id": str(session.pk if session else media.pk),
        "device": "desktop",
    }
    track("video_completed", occurred_at=at, learner=user.pseudonym, media_id=media.pk, metadata=metadata)


@pytest.fixture
def talk(scope: Organization) -> Media:
    return add_media("Tides")
