"""Shows and what is heard in them."""

import io
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from media_library.models import Media, Podcast, Rendition, RenditionKind
from media_library.podcasts.artwork import set_artwork
from media_library.podcasts.shows import publish_podcast, save_podcast
from tests.courses.school import make_media

FACTS = {"description": "What the sea does, and why.", "language": "en", "category": "Education/Courses"}


def artwork(form: str = "PNG", *, size: tuple[int, int] = (1400, 1400), mode: str = "RGB") -> ContentFile:
    data = io.BytesIO()
    Image.new(mode, size).save(data, form)
    return ContentFile(data.getvalue(), name=f"artwork.{form.lower()}")


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
