"""A film with pictures to choose from, and how to tell which one stands for it."""

import io

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from accounts.models import Organization, User
from core.tenancy import organization_scope
from media_library.models import Kind, Media, Publication, Rendition, Source, Storyboard
from media_library.player import MediaAddresses

BLUE, GREEN = (30, 60, 200), (30, 200, 60)
CANDIDATES = [{"at": 8.0, "file": "candidate_0.jpg"}, {"at": 2.0, "file": "candidate_1.jpg"}]


def picture(color: tuple[int, int, int] = BLUE, *, form: str = "JPEG") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (64, 36), color).save(data, form)
    return data.getvalue()


def make_talk(organization: Organization, creator: User) -> Media:
    """A film of 10 s with two candidates, a blue one that is shown and a green one."""
    with organization_scope(organization):
        media = Media.objects.create(
            source=Source.UPLOAD, source_path="s", title="Tides", creator=creator, kind=Kind.VIDEO, duration=10.0,
            publication=Publication.PUBLISHED,
        )  # fmt: skip
        folder = f"{organization.pk}/{media.pk}/pictures/one"
        for one, color in zip(CANDIDATES, (BLUE, GREEN), strict=True):
            default_storage.save(f"{folder}/{one['file']}", ContentFile(picture(color)))
        rungs = [{"name": "240p", "width": 426, "height": 240, "bitrate": 1}]
        media.rendition = Rendition.objects.create(media=media, folder="f", rungs=rungs)
        media.storyboard = Storyboard.objects.create(media=media, folder=folder, candidates=CANDIDATES)
        media.thumbnail_path = f"{folder}/candidate_0.jpg"
        media.save()
    return media


def shown(media: Media) -> tuple[int, ...]:
    """The color of the picture that stands for it."""
    with default_storage.open(media.thumbnail_path) as file, Image.open(file) as image:
        color: tuple[int, ...] = image.convert("RGB").getpixel((image.width // 2, image.height // 2))
    return color


def is_near(color: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(a - b) <= 8 for a, b in zip(color, wanted, strict=True))


def thumbnail_address(media: Media) -> str:
    return MediaAddresses(media, "harbor").thumbnail
