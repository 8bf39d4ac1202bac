"""Shows and what is heard in them, in the organization in scope.

As rows, whatever the services would say (`show_of`, `episode_of`, `sound_of`), or by the services, as a person makes
them (`make_show`, `make_talk`).
"""

import io
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from core.scope import current_organization_id
from media_library.captions import TimedText
from media_library.models import Episode, Media, Podcast, Rendition, RenditionKind, Source, Status
from media_library.models.podcasts import ShowStatus
from media_library.podcasts.artwork import set_artwork
from media_library.podcasts.shows import publish_podcast, save_podcast
from media_library.services.transcripts import publish_transcript
from tests.courses.school import make_media

SOUND = bytes(range(256)) * 200
CUES = [TimedText(0.5, 2.0, "Good evening", "Ada"), TimedText(2.0, 60.0, "Tea & cake, " + "again and " * 20 + "again")]
CHAPTERS = [{"at": 0, "title": "Low tide"}, {"at": 30.5, "title": "High <tide>"}]

FACTS = {"description": "What the sea does, and why.", "language": "en", "category": "Education/Courses"}


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


def artwork(form: str = "PNG", *, size: tuple[int, int] = (1400, 1400), mode: str = "RGB") -> ContentFile:
    return ContentFile(_drawn(form, size, mode), name=f"artwork.{form.lower()}")


@cache
def _drawn(form: str, size: tuple[int, int], mode: str) -> bytes:
    data = io.BytesIO()
    Image.new(mode, size).save(data, form)
    return data.getvalue()


def make_show(title: str = "Tides", *, by: Any, published: bool = False, **facts: Any) -> Podcast:
    """A show with artwork and all that Apple wants."""
    show = save_podcast(Podcast(title=title, **{**FACTS, **facts}), by=by)
    set_artwork(show, artwork(), by=by)
    return publish_podcast(show, by=by) if published else show


def give_sound(media: Media) -> None:
    """As the job leaves it, without its files."""
    for kind in (RenditionKind.MP3, RenditionKind.M4A):
        Rendition.objects.create(
            media=media,
            kind=kind,
            folder=f"renditions/{media.pk}/sound",
            main_file=f"sound.{kind}",
            size_bytes=1000,
            facts={"normalization": "none", "unmeasured": "silent"},
        )


def make_talk(title: str = "Spring tide", *, sounds: bool = True) -> Media:
    media = make_media(title)
    if sounds:
        give_sound(media)
    return media
