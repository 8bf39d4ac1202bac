"""Square pictures of courses: drawn when an app first asks, and kept until something changes that they show.

Their name in an address is a digest of what they are drawn of, so that a new picture has a new address.
"""

import hashlib
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from core.identifiers import uuid7
from courses.certificates.words import OWN_ACCENT
from courses.feeds.square import Face, draw_square
from courses.files.kept import SQUARES
from courses.models import ContentItem, Course, CourseSquare
from media_library.ffmpeg import MediaError
from media_library.ffmpeg.picture import decode_picture
from media_library.storage import store_file

#: Another drawing of the same is another picture.
DRAWING = "1"


def with_square(courses: Any) -> Any:
    """Courses with their organization and `cover_path`, of which a square is drawn. In the same statement."""
    return courses.select_related("organization").with_cover(ContentItem.objects.with_picture())


def square_name(course: Any) -> str:
    """As addresses name the square of a course read `with_square`."""
    return f"{_digest(course)}.jpg"


def square_path(key: UUID, name: str) -> str | None:
    """In the storage, drawn where it is not there yet; None where the course looks otherwise by now. Two statements."""
    course = with_square(Course.objects.filter(pk=key)).first()
    if course is None or square_name(course) != name:
        return None
    kept = CourseSquare.objects.filter(course=course, digest=_digest(course)).values_list("path", flat=True).first()
    return kept or _draw(course)


def _draw(course: Any) -> str:
    """What it replaces is left to the cleaning, as is that of two who draw at once."""
    content = draw_square(_face(course), picture=_cover(course.cover_path), fonts=settings.CERTIFICATE_FONTS)
    path = f"{course.organization_id}/{SQUARES.folder}/{course.pk}/{uuid7()}.jpg"
    store_file(ContentFile(content), path)
    drawn = {"digest": _digest(course), "path": path, "size_bytes": len(content)}
    CourseSquare.objects.update_or_create(course=course, defaults=drawn)
    return path


def _digest(course: Any) -> str:
    face = _face(course)
    told = (DRAWING, course.cover_path, face.title, face.organization, face.ground)
    return hashlib.sha256("\0".join(told).encode()).hexdigest()[:20]


def _face(course: Any) -> Face:
    organization = course.organization
    return Face(course.title, organization.name, organization.accent_color or OWN_ACCENT)


def _cover(path: str) -> Image.Image | None:
    """One that was lost or broke does not take the picture along."""
    if not path:
        return None
    try:
        with default_storage.open(path) as file:
            return decode_picture(cast(BinaryIO, file))
    except (FileNotFoundError, MediaError):
        return None
