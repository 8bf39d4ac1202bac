"""A drawing board of 1280 x 720 units, whatever the pixels: shapes, waves, arrows and text for the demo slides.

It draws at three times the wanted size and shrinks at the end, because Pillow's own shapes have hard edges.
"""

import math
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

Point = tuple[float, float]

WIDTH = 1280
HEIGHT = 720
LEFT = 72  # where text begins
OVERSAMPLING = 3

# Found by name in the system's font folders.
REGULAR_FONT = "DejaVuSansCondensed.ttf"
BOLD_FONT = "DejaVuSansCondensed-Bold.ttf"

PAPER = "#f6f4ee"
INK = "#17344a"
SLATE = "#4d6675"
NIGHT = "#12304a"
DEEP = "#1b4f72"
SEA = "#2f7f9f"
SHALLOW = "#6db3c4"
FOAM = "#cfe6ea"
WHITE = "#ffffff"
MOON = "#ece6d3"
CRATER = "#d6cfb8"
SUN = "#f0b44a"
CORAL = "#cc5433"
LAND = "#8fa876"
LEAF = "#5f8a4c"
SAND = "#e6d3a8"
ROCK = "#b9a98c"


class Canvas:
    """One slide in the making. All positions, sizes and widths are in units of the 1280 x 720 board."""

    def __init__(self, *, height: int, background: str = PAPER) -> None:
        self._size = (height * 16 // 9, height)
        self._scale = OVERSAMPLING * height / HEIGHT
        self._image = Image.new("RGB", (round(WIDTH * self._scale), round(HEIGHT * self._scale)), background)
        self._draw = ImageDraw.Draw(self._image)

    def finished(self) -> Image.Image:
        """The picture at its wanted size in pixels, with smooth edges."""
        return self._image.resize(self._size, Image.Resampling.LANCZOS)

    def box(self, corner: Point, opposite: Point, *, fill: str, radius: float = 0) -> None:
        """A rectangle, its corners rounded by `radius`."""
        bounds = (*self._pixels(corner), *self._pixels(opposite))
        self._draw.rounded_rectangle(bounds, radius=radius * self._scale, fill=fill)

    def circle(self, center: Point, radius: float, *, fill: str | None = None, outline: str | None = None) -> None:
        """A disc, a ring of 4 units, or both."""
        self.ellipse(center, (radius, radius), fill=fill, outline=outline)

    def ellipse(self, center: Point, radii: Point, *, fill: str | None = None, outline: str | None = None) -> None:
        """An ellipse with the horizontal and the vertical radius."""
        (x, y), (across, down) = center, radii
        right, bottom = self._pixels((x + across, y + down))
        # Pillow's bounds are inclusive; without this a disc is a pixel wider than the line that it ends.
        bounds = (*self._pixels((x - across, y - down)), right - 1, bottom - 1)
        self._draw.ellipse(bounds, fill=fill, outline=outline, width=round(4 * self._scale))

    def polygon(self, points: Sequence[Point], *, fill: str) -> None:
        """A filled shape."""
        self._draw.polygon([self._pixels(point) for point in points], fill=fill)

    def line(self, points: Sequence[Point], *, color: str, width: float = 4) -> None:
        """A line through the points, round at its corners and ends."""
        pixels = [self._pixels(point) for point in points]
        self._draw.line(pixels, fill=color, width=round(width * self._scale))
        for point in points:  # Pillow's own joints leave seams between short pieces
            self.circle(point, width / 2, fill=color)

    def dashes(self, start: Point, end: Point, *, color: str, width: float = 3, dash: float = 12) -> None:
        """A straight dashed line."""
        (left, top), (right, bottom) = start, end
        count = max(1, round(math.dist(start, end) / (2 * dash)))
        for index in range(count):
            near, far = index / count, (index + 0.5) / count
            tail = (left + (right - left) * near, top + (bottom - top) * near)
            tip = (left + (right - left) * far, top + (bottom - top) * far)
            self.line((tail, tip), color=color, width=width)

    def arrow(self, points: Sequence[Point], *, color: str, width: float = 8) -> None:
        """A line through the points that ends in an arrow head at the last one."""
        head = 2.6 * width
        tip = points[-1]
        kept = [point for point in points[:-1] if math.dist(point, tip) > head * 0.8] or [points[0]]
        angle = math.atan2(tip[1] - kept[-1][1], tip[0] - kept[-1][0])
        self.line((*kept, _beside(tip, head * 0.8, angle)), color=color, width=width)
        wings = (_beside(tip, head, angle - 0.5), _beside(tip, head, angle + 0.5))
        self.polygon((tip, *wings), fill=color)

    def water(self, surface: Sequence[Point], *, fill: str, bottom: float = HEIGHT) -> None:
        """Everything between a surface, given from left to right, and `bottom`."""
        self.polygon((*surface, (surface[-1][0], bottom), (surface[0][0], bottom)), fill=fill)

    def text(
        self, position: Point, words: str, *, size: float = 32, color: str = INK, bold: bool = False, anchor: str = "mm"
    ) -> None:
        """One line of text; `anchor` is Pillow's two letters (`mm` centered, `lm` from the left)."""
        self._draw.text(self._pixels(position), words, font=self._font(size, bold=bold), fill=color, anchor=anchor)

    def wrapped(self, words: str, *, size: float, width: float, bold: bool = False) -> list[str]:
        """The words in lines no wider than `width`."""
        font = self._font(size, bold=bold)
        lines: list[str] = []
        for word in words.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and font.getlength(longer) <= width * self._scale:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def _pixels(self, point: Point) -> Point:
        return (point[0] * self._scale, point[1] * self._scale)

    def _font(self, size: float, *, bold: bool) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(BOLD_FONT if bold else REGULAR_FONT, round(size * self._scale))


def arc(center: Point, radius: float | Point, *, start: float, end: float) -> list[Point]:
    """Points along an ellipse, from and to an angle in degrees (0 is right, 90 is down)."""
    across, down = radius if isinstance(radius, tuple) else (radius, radius)
    steps = max(2, round(abs(end - start) / 3))
    angles = [math.radians(start + (end - start) * step / steps) for step in range(steps + 1)]
    return [(center[0] + across * math.cos(angle), center[1] + down * math.sin(angle)) for angle in angles]


def sine(
    level: float, *, height: float, length: float, phase: float = 0, left: float = 0, right: float = WIDTH
) -> list[Point]:
    """A wave around `level`: `height` trough to crest, `length` crest to crest, shifted by `phase` lengths."""
    xs = range(round(left), round(right) + 4, 4)
    return [(x, level - height / 2 * math.sin(math.tau * (x / length + phase))) for x in xs]


def curve(points: Sequence[Point]) -> list[Point]:
    """A smooth line through the points (a Catmull-Rom spline)."""
    padded = [points[0], *points, points[-1]]
    smooth = [points[0]]
    for before, start, end, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        smooth += [_between(before, start, end, after, step / 12) for step in range(1, 13)]
    return smooth


def _beside(tip: Point, distance: float, angle: float) -> Point:
    return (tip[0] - distance * math.cos(angle), tip[1] - distance * math.sin(angle))


def _between(before: Point, start: Point, end: Point, after: Point, share: float) -> Point:
    x, y = (_spline(*values, share) for values in zip(before, start, end, after, strict=True))
    return (x, y)


def _spline(before: float, start: float, end: float, after: float, share: float) -> float:
    slope = (end - before) * share
    bend = (2 * before - 5 * start + 4 * end - after) * share**2
    twist = (3 * start - before - 3 * end + after) * share**3
    return start + (slope + bend + twist) / 2
