"""Thumbnails: a frame of a film or a picture that a creator chose, always encoded anew."""

import io
import struct
from pathlib import Path
from typing import BinaryIO

import ffmpeg
from PIL import Image, ImageOps

from .child import Confinement, capture
from .command import CLEAN, compile_command, open_source
from .errors import MediaError
from .run import refuse_failure
from .sniff import Container

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PICTURE_PIXELS = 40_000_000
SIZE = (1280, 720)
# A picture that fills the frame looks best; one that would lose more than this share is shown whole instead.
MOST_CUT_AWAY = 0.13
BACKGROUND = (16, 16, 20)
QUALITY = 82
FRAME_BYTES = 30_000_000


def thumbnail_moment(duration: float) -> float:
    """Second of the frame that stands for a film: the first one, or the middle of a film shorter than 2 s."""
    return min(1.0, duration / 2)


def grab_frame(source: Path, container: Container, *, at: float, to: Path, time_limit: float = 60) -> None:
    """Write the frame at second `at`, else the first that can be decoded, as a 1280x720 JPEG.

    Raises MediaError: no_frames, timed_out.
    """
    frame = read_frame(source, container, at, time_limit) or read_frame(source, container, 0.0, time_limit)
    if not frame:
        raise MediaError("no_frames", detail=f"no frame at second {at:.1f} or at the start")
    save_thumbnail(io.BytesIO(frame), to=to)


def read_frame(source: Path, container: Container, at: float, time_limit: float) -> bytes:
    """One frame as PNG with square pixels, within 1280 pixels each way; empty if there is none."""
    picture = open_source(source, container, start=at)["V:0"].filter("scale", "iw*sar", "ih").filter("setsar", 1)
    picture = picture.filter("scale", 1280, 1280, force_original_aspect_ratio="decrease")
    options = {"format": "image2pipe", "c:v": "png", "frames:v": 1, "an": None, "sn": None, **CLEAN}
    argv = compile_command(ffmpeg.output(picture, "pipe:1", **options))
    confinement = Confinement(file_size=0, cpu=int(time_limit))
    ended, output = capture(argv, confinement=confinement, time_limit=time_limit, limit=FRAME_BYTES)
    if not output:
        return b""
    refuse_failure(ended)
    return output


def save_thumbnail(picture: BinaryIO, *, to: Path) -> None:
    """Write a JPEG, PNG or WebP picture as a 1280x720 progressive JPEG without any of its metadata.

    Raises MediaError: not_a_picture, too_large_picture.
    """
    frame_for_cards(decode_picture(picture)).save(to, "JPEG", quality=QUALITY, progressive=True, optimize=True)


def decode_picture(picture: BinaryIO) -> Image.Image:
    """The first frame, upright, in RGB; transparent parts take the background's color.

    Raises MediaError: not_a_picture, too_large_picture.
    """
    upright = open_upright(picture)[0]
    return Image.alpha_composite(Image.new("RGBA", upright.size, BACKGROUND), upright).convert("RGB")


def open_upright(picture: BinaryIO, *, formats: tuple[str, ...] = FORMATS) -> tuple[Image.Image, str]:
    """The first frame, upright, in RGBA; and the format it came in.

    Raises MediaError: not_a_picture, too_large_picture.
    """
    try:
        image = Image.open(picture, formats=formats)
        if image.width * image.height > MAX_PICTURE_PIXELS:
            raise MediaError("too_large_picture", detail=f"{image.width}x{image.height}")
        return ImageOps.exif_transpose(image).convert("RGBA"), image.format or ""
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise MediaError("too_large_picture", detail=str(error)) from error
    except (OSError, ValueError, SyntaxError, EOFError, struct.error) as error:
        raise MediaError("not_a_picture", detail=str(error)) from error


def frame_for_cards(image: Image.Image) -> Image.Image:
    """The picture at 16:9: filling the frame where little is cut away, else whole on a dark ground."""
    ratio = (image.width / image.height) / (SIZE[0] / SIZE[1])
    if 1 - min(ratio, 1 / ratio) <= MOST_CUT_AWAY:
        return ImageOps.fit(image, SIZE)
    return ImageOps.pad(image, SIZE, color=BACKGROUND)
