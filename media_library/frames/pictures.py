"""A frame as small as a grid shows it: made when asked for, kept by the browser, so that no second file can stray."""

import io

from django.core.files.storage import default_storage
from PIL import Image, UnidentifiedImageError

SMALL = (320, 320)  # pixels
DECODED = (320, 180)  # at least, of a wide picture
QUALITY = 72


def small_picture(path: str) -> bytes | None:
    """JPEG of about 10 kB. The decoder itself reads it at a fraction of its size, which takes few milliseconds.

    None of a file that is no such picture. Raises FileNotFoundError.
    """
    with default_storage.open(path) as file:
        try:
            picture = Image.open(io.BytesIO(file.read()), formats=["JPEG"])
            picture.draft("RGB", DECODED)
            picture.thumbnail(SMALL, Image.Resampling.BILINEAR)
        except (UnidentifiedImageError, OSError):
            return None
    small = io.BytesIO()
    picture.convert("RGB").save(small, "JPEG", quality=QUALITY)
    return small.getvalue()
