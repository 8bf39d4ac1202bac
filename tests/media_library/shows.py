"""Shows with episodes that can be heard, in the organization in scope."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from core.scope import current_organization_id
from media_library.captions import TimedText
from media_library.models import Episode, Media, Podcast, Rendition, Source, Status
from media_library.models.podcasts import ShowStatus
from media_library.services.transcripts import publish_transcript

SOUND = bytes(range(256)) * 200
CUES = [TimedText(0.5, 2.0, "Good evening", "Ada"), TimedText(2.0, 60.0, "Tea & cake, " + "again and " * 20 + "again")]
CHAPTERS = [{"at": 0, "title": "Low tide"}, {"at": 30.5, "title": "High <tide>"}]


def show_of(**facts: Any) -> Podcast:
    told: dict[str, Any] = {
        "title": "Tides & Winds", "slug": "tides", "description": "<p>About the sea.</p>", "guid": uuid4(),
        "author": "Ada", "owner_name": "Ada", "owner_email": "ada@harbor.test", "language": "en-GB",
        "category": "Education/Courses", "status": ShowStatus.PUBLISHED, "artwork_path": stored("cover.jpg", b"cover"),
    }  # fmt: skip
    return Podcast.objects.create(**{**told, **facts})


def episode_of(show: Podcast, *, media: Media | None = None, days: float = 1, **facts: Any) -> Episode:
    """Published so many days ago."""
    told: dict[str, Any] = {
        "media": media or sound_of(), "title": "Why the tide comes in", "guid": str(uuid4()),
        "description": "Twice <b>a day</b>.", "published_at": timezone.now() - timedelta(days=days),
    }  # fmt: skip
    return Episode.objects.create(podcast=show, **{**told, **facts})


def sound_of(*, words: bool = False, **facts: Any) -> Media:
    """Media of 61.4 seconds with a stored MP3 and M4A, and words if wanted."""
    told: dict[str, Any] = {"title": "Tide", "status": Status.COMPLETED, "duration": 61.4, "source_path": "tide.wav"}
    media: Media = Media.objects.create(source=Source.UPLOAD, **{**told, **facts})
    for kind, content in (("mp3", SOUND), ("m4a", SOUND[:5000])):
        add_sound(media, kind, content)
    if words:
        publish_transcript(media, CUES, language="en", method="sidecar")
    return media


def add_sound(media: Media, kind: str, content: bytes) -> Rendition:
    folder = f"{media.organization_id}/{media.pk}/renditions/{uuid4()}"
    default_storage.save(f"{folder}/sound.{kind}", ContentFile(content))
    told = {"main_file": f"sound.{kind}", "size_bytes": len(content), "facts": {"bitrate": 128_000}}
    return Rendition.objects.create(media=media, kind=kind, folder=folder, **told)


def stored(name: str, content: bytes) -> str:
    return default_storage.save(f"{current_organization_id()}/podcasts/{name}", ContentFile(content))
