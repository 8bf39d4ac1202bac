"""The square picture of a course for apps that ask for one: its own over its title, or the title alone. Pure.

As Apple wants it: JPEG, RGB, 1400 pixels a side.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import typst
from PIL import Image, ImageOps

from accounts.accent import contrast, parse_color

PAGE = Path(__file__).with_name("square.typ")
SIDE, PICTURE_HEIGHT = 1400, 788  # pixels; a picture of 16:9 across the whole width
QUALITY = 88
LIGHT, DARK = "#ffffff", "#111316"


@dataclass(frozen=True)
class Face:
    """What is drawn; `ground` as #rrggbb."""

    title: str
    organization: str
    ground: str


def draw_square(face: Face, *, picture: Image.Image | None = None, fonts: Sequence[str] = ()) -> bytes:
    """A JPEG; `fonts` are folders with fonts for scripts that the built-in ones lack."""
    height = PICTURE_HEIGHT if picture is not None else 0
    ground = parse_color(face.ground)
    ink = max(LIGHT, DARK, key=lambda one: contrast(ground, parse_color(one)))
    drawn = _page({**asdict(face), "ink": ink, "side": SIDE, "picture_height": height}, fonts)
    if picture is not None:
        drawn.paste(ImageOps.fit(picture.convert("RGB"), (SIDE, PICTURE_HEIGHT)))
    buffer = io.BytesIO()
    drawn.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return buffer.getvalue()


def _page(data: dict[str, object], fonts: Sequence[str]) -> Image.Image:
    letters = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=list(fonts))
    page = typst.compile(
        PAGE.read_bytes(), format="png", ppi=72, sys_inputs={"data": json.dumps(data)}, font_paths=letters
    )
    return Image.open(io.BytesIO(page)).convert("RGB")
