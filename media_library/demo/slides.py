"""Lays out a slide: headline, points, picture, and the band of water at its foot; and the cover of the course."""

from PIL import Image

from media_library.demo.canvas import CORAL, LEFT, SEA, WHITE, Canvas, sine
from media_library.demo.pictures import PICTURES
from media_library.demo.pictures.scenes import cover_sea
from media_library.demo.talks import COURSE_TITLE, TALKS, Slide, Talk


def draw_slides(talk: Talk) -> list[Image.Image]:
    """The pictures of a talk in order, the title slide first."""
    title, *contents = talk.slides
    return [_draw_title(talk, title), *(_draw_content(talk, slide) for slide in contents)]


def draw_cover() -> Image.Image:
    """The course cover, 1280 x 720 pixels."""
    canvas = Canvas(height=720)
    cover_sea(canvas)
    _write_title(canvas, COURSE_TITLE, above="A course in three talks", size=92)
    return canvas.finished()


def _draw_title(talk: Talk, slide: Slide) -> Image.Image:
    canvas = Canvas(height=talk.height)
    PICTURES[slide.picture](canvas)
    part = TALKS.index(talk) + 1
    _write_title(canvas, slide.headline, above=f"{COURSE_TITLE}  ·  {part} of {len(TALKS)}", size=76)
    return canvas.finished()


def _write_title(canvas: Canvas, title: str, *, above: str, size: float) -> None:
    lines = canvas.wrapped(title, size=size, width=600, bold=True)
    top = 330 - len(lines) * size * 0.6
    canvas.text((LEFT, top - 46), above, size=34, color=WHITE, anchor="lm")
    for index, line in enumerate(lines):
        canvas.text((LEFT, top + (index + 0.5) * size * 1.2), line, size=size, color=WHITE, bold=True, anchor="lm")


def _draw_content(talk: Talk, slide: Slide) -> Image.Image:
    canvas = Canvas(height=talk.height)
    canvas.text((LEFT, 84), slide.headline, size=58, bold=True, anchor="lm")
    PICTURES[slide.picture](canvas)
    _write_points(canvas, slide.points)
    canvas.water(sine(676, height=14, length=256), fill=SEA)
    return canvas.finished()


def _write_points(canvas: Canvas, points: tuple[str, ...]) -> None:
    top = 230.0
    for point in points:
        canvas.circle((LEFT + 12, top), 11, fill=CORAL)
        lines = canvas.wrapped(point, size=40, width=360)
        for index, line in enumerate(lines):
            canvas.text((LEFT + 42, top + index * 50), line, size=40, anchor="lm")
        top += len(lines) * 50 + 44
