"""How an organization looks: its logo."""

import io
import struct
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from accounts.models import Organization
from core.errors import Refused
from core.identifiers import uuid7

FORMATS = ("PNG", "JPEG", "WEBP")  # judged by content; a drawing in SVG can hold scripts
LARGEST_FILE = 2 * 1024 * 1024  # bytes
MOST_PIXELS = 16_000_000  # read from the header, before anything is decoded
LARGEST_SIDE = 512  # pixels of what is kept


def store_logo(organization: Organization, picture: BinaryIO) -> str:
    """Keep a picture, encoded anew as PNG with nothing of the file left, under a name of its own; answers its path.

    The old one stays until `forget_logo`. Raises Refused: too_large_picture, not_a_picture.
    """
    encoded = _encode(picture)
    return default_storage.save(f"{organization.pk}/branding/{uuid7()}.png", ContentFile(encoded))


def forget_logo(path: str) -> None:
    """Delete a logo that is shown no more, when that is sure."""
    if path:
        transaction.on_commit(lambda: default_storage.delete(path))


def _encode(picture: BinaryIO) -> bytes:
    content = picture.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise _refused("too_large_picture", _("The file is larger than 2 MB."))
    buffer = io.BytesIO()
    _decode(content).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _decode(content: bytes) -> Image.Image:
    """The first frame, upright, at most 512 pixels each way, with what is transparent."""
    try:
        image = Image.open(io.BytesIO(content), formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise _refused("too_large_picture", _("The picture has too many pixels."))
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _refused("too_large_picture", _("The picture has too many pixels.")) from error
    except (OSError, ValueError, SyntaxError, struct.error) as error:
        raise _refused("not_a_picture", _("This is no picture we can read. Give a PNG, JPEG or WebP file.")) from error
    upright.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    return upright


def _refused(code: str, words: str) -> Refused:
    return Refused(code, words, fields={"logo": [words]})
