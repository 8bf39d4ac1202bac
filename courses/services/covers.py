"""The picture of a course."""

import io
import tempfile
from pathlib import Path
from typing import BinaryIO

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from core.errors import Refused
from core.identifiers import uuid7
from courses.models import Course
from media_library.bare_pictures import is_bare_jpeg
from media_library.ffmpeg.errors import MediaError
from media_library.ffmpeg.picture import SIZE, save_thumbnail


def set_cover(course: Course, picture: BinaryIO) -> None:
    """Keep a JPEG, PNG or WebP picture as a 1280x720 JPEG, encoded anew, under a name of its own; the old one goes.

    Raises Refused: not_a_picture, too_large_picture.
    """
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / "cover.jpg"
        _encode(picture, draft)
        with draft.open("rb") as encoded:
            _store(course, File(encoded))


def carry_cover(course: Course, content: bytes) -> None:
    """A cover as it was kept elsewhere stays so to the byte; any other picture is set like one that is given.

    Raises Refused like `set_cover`.
    """
    if is_bare_jpeg(content, size=SIZE):
        _store(course, ContentFile(content))
    else:
        set_cover(course, io.BytesIO(content))


def _store(course: Course, encoded: File) -> None:
    path = f"{course.organization_id}/courses/{course.pk}/{uuid7()}.jpg"
    _point_to(course, default_storage.save(path, encoded))


def _encode(picture: BinaryIO, target: Path) -> None:
    try:
        save_thumbnail(picture, to=target)
    except MediaError as error:
        raise Refused(error.code, error.message, fields={"cover": [error.message]}) from error


def _point_to(course: Course, path: str) -> None:
    """The file that is shown no more is deleted when the new pointer is sure."""
    replaced, course.thumbnail_path = course.thumbnail_path, path
    with transaction.atomic():
        course.save(update_fields=["thumbnail_path", "updated_at"])
        if replaced:
            transaction.on_commit(lambda: default_storage.delete(replaced))
