"""Media with real files in the storage, as a finished upload leaves it."""

import os
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from core.tenancy import current_organization_id
from media_library.models import Cue, Media, Rendition, Source, Storyboard, Transcript, Upload
from media_library.storage import local_path, media_folder


def stored(name, size=10):
    assert default_storage.save(name, ContentFile(b"x" * size)) == name
    return name


def home_of(media):
    return media_folder(current_organization_id(), media.pk)


def film(title="Tides", *, creator=None, **fields):
    """A film of 100 bytes with a stream, pictures, words and the upload it came by."""
    media = Media(source=Source.UPLOAD, title=title, creator=creator, size_bytes=100, status="completed", **fields)
    media.source_path = stored(f"{home_of(media)}/source/film.mp4", 100)
    media.save(force_insert=True)
    stored(f"{home_of(media)}/source/captions.vtt")
    media.rendition = rendition(media)
    media.storyboard = storyboard(media)
    media.thumbnail_path = f"{media.storyboard.folder}/0001.jpg"
    media.transcript = Transcript.objects.create(media=media, method="sidecar", words=1)
    Cue.objects.create(transcript=media.transcript, position=0, start=0, end=1, text="Tides")
    media.save()
    if creator is not None:
        upload(media, creator)
    return media


def rendition(media, kind="hls", name="first", **fields):
    folder = f"{home_of(media)}/renditions/{name}"
    stored(f"{folder}/master.m3u8", 20)
    stored(f"{folder}/v0_000.m4s", 30)
    return Rendition.objects.create(media=media, kind=kind, folder=folder, size_bytes=50, **fields)


def storyboard(media, name="first", **fields):
    folder = f"{home_of(media)}/pictures/{name}"
    stored(f"{folder}/0001.jpg")
    return Storyboard.objects.create(media=media, folder=folder, size_bytes=10, **fields)


def upload(media, owner, state="accepted", **fields):
    later = timezone.now() + timedelta(days=7)
    path = media.source_path
    return Upload.objects.create(
        id=media.pk, owner=owner, filename="film.mp4", size_bytes=100, received_bytes=100, method="tus",
        storage_path=path, state=state, media=media, expires_at=later, **fields,
    )  # fmt: skip


def files():
    """Names of all files in the storage of the organization in scope."""
    root = local_path("")
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def files_of(media):
    return [name.removeprefix(f"{home_of(media)}/") for name in files() if name.startswith(home_of(media))]


def age(*names, days=2):
    """Make files look as old as that."""
    then = timezone.now().timestamp() - days * 86400
    for name in names:
        os.utime(local_path(name), (then, then))
