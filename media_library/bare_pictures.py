"""Whether a picture is already as this site would have written it: pixels and nothing else. Pure.

Such a file may be kept to the byte; any other is encoded anew before it is shown to anybody.
"""

import io
import struct

from PIL import Image, UnidentifiedImageError

WEBP_PARTS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
JPEG_END = b"\xff\xd9"
BROKEN = (
    OSError, ValueError, SyntaxError, EOFError, struct.error, UnidentifiedImageError, Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)  # fmt: skip


def bare_webp_size(content: bytes, *, largest: tuple[int, int]) -> tuple[int, int] | None:
    """Its size in pixels; None for what is no still WebP within `largest`, or says anything besides."""
    if not _has_only_pixels(content):
        return None
    return _size(content, "WEBP", largest)


def is_bare_jpeg(content: bytes, *, size: tuple[int, int]) -> bool:
    """A JPEG of that size without metadata and comments."""
    if not content.endswith(JPEG_END) or _size(content, "JPEG", size) != size:
        return False
    with Image.open(io.BytesIO(content), formats=("JPEG",)) as image:
        return [name for name, _told in getattr(image, "applist", [])] == ["APP0"] and image.mode == "RGB"


def _size(content: bytes, form: str, largest: tuple[int, int]) -> tuple[int, int] | None:
    try:
        with Image.open(io.BytesIO(content), formats=(form,)) as image:
            if image.width > largest[0] or image.height > largest[1] or getattr(image, "n_frames", 1) != 1:
                return None
            image.load()
            return image.size
    except BROKEN:
        return None


def _has_only_pixels(content: bytes) -> bool:
    """RIFF: a name, a length and so many bytes, part after part, to the very end."""
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or len(content) != 8 + _length(content, 4):
        return False
    at = 12
    while at + 8 <= len(content):
        if content[at : at + 4] not in WEBP_PARTS:
            return False
        at += 8 + _length(content, at + 4)
    return at == len(content)


def _length(content: bytes, at: int) -> int:
    """Parts begin at even places."""
    length: int = struct.unpack_from("<I", content, at)[0]
    return length + length % 2
