"""Frames with small real pictures, as an extraction leaves them."""

import io
from datetime import date

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from core.tenancy import current_organization_id
from media_library.models import Frame, Media, Project, Source, UploadBatch


def jpeg(size=(64, 36), color=(30, 60, 200)):
    data = io.BytesIO()
    Image.new("RGB", size, color).save(data, "JPEG")
    return data.getvalue()


def batch(name="Tides", *, project=None, position=1):
    project = project or Project.objects.get_or_create(title="Harbor films")[0]
    folder = f"{name.lower()}-{position}"
    return UploadBatch.objects.create(
        project=project, name=name, date=date(2026, 3, 1), position=position, folder=folder
    )  # fmt: skip


def film(title="Tides", **fields):
    return Media.objects.create(title=title, source=Source.UPLOAD, source_path=f"{title}.mp4", duration=5000, **fields)


def frames(number, *, of, media, content=None, every=2.0, **fields):
    """So many, one every two seconds, each with its file."""
    folder = f"frames/{current_organization_id()}/{of.folder}/{media.pk}"
    content = content or jpeg()
    made = [
        Frame(
            batch=of, media=media, second=n * every, path=f"{folder}/frame_{n + 1:03}.jpg", width=64, height=36,
            size_bytes=len(content), **fields,
        )
        for n in range(number)
    ]  # fmt: skip
    for frame in made:
        assert default_storage.save(frame.path, ContentFile(content)) == frame.path
    return Frame.objects.bulk_create(made)
