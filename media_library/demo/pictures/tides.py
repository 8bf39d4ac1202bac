"""The drawings of the talk about tides."""

import math

from media_library.demo.canvas import (
    CORAL,
    DEEP,
    INK,
    LAND,
    LEFT,
    MOON,
    ROCK,
    SEA,
    SHALLOW,
    SLATE,
    SUN,
    WHITE,
    Canvas,
    Point,
    arc,
)
from media_library.demo.pictures.scenes import draw_moon


def uneven_pull(canvas: Canvas) -> None:
    """Three arrows toward the Moon, longer the nearer they are to it."""
    _earth(canvas, (450, 385), 140)
    draw_moon(canvas, (1100, 385), 74)
    canvas.text((1100, 500), "Moon", size=34, bold=True)
    for x, reach, width in ((310, 70, 10), (450, 108, 13), (590, 190, 16)):
        canvas.circle((x, 385), 11, fill=CORAL)
        canvas.arrow(((x, 385), (x + reach, 385)), color=CORAL, width=width)
    canvas.text((166, 340), "far side", size=38, bold=True)
    canvas.text((166, 430), "weaker", size=38, color=CORAL)
    canvas.text((740, 318), "near side", size=38, bold=True)
    canvas.text((740, 452), "stronger", size=38, color=CORAL)


def two_bulges(canvas: Canvas) -> None:
    """The Earth in an ocean drawn out toward the Moon and away from it."""
    center = (520, 380)
    canvas.ellipse(center, (250, 146), fill=SHALLOW)
    _globe(canvas, center, 130)
    draw_moon(canvas, (1110, 380), 74)
    canvas.text((1110, 495), "Moon", size=34, bold=True)
    canvas.dashes((792, 380), (1010, 380), color=SLATE)
    canvas.text((164, 380), "high tide", size=36, bold=True, color=DEEP)
    canvas.text((882, 340), "high tide", size=36, bold=True, color=DEEP)
    canvas.text((520, 204), "low tide", size=36, color=SLATE)
    canvas.text((520, 558), "low tide", size=36, color=SLATE)


def turning_earth(canvas: Canvas) -> None:
    """Left the Earth seen from above the North Pole, right the water level in a harbor through a day."""
    center = (260, 390)
    canvas.ellipse(center, (188, 116), fill=SHALLOW)
    _globe(canvas, center, 104)
    canvas.circle((364, 390), 13, fill=CORAL)
    # Seen from above the North Pole, the Earth turns counter-clockwise.
    canvas.arrow(arc(center, 150, start=-20, end=-110), color=CORAL, width=9)
    canvas.text((260, 570), "seen from the north", size=34, color=SLATE)
    _tide_curve(canvas, left=560, right=1200, level=430)


def spring_and_neap(canvas: Canvas) -> None:
    """Sun, Earth and Moon in a line, and at a right angle."""
    _alignment(canvas, left=64, name="Spring tide", words="in line: strong", stretch=(112, 62), moon=(452, 350))
    _alignment(canvas, left=664, name="Neap tide", words="right angle: gentle", stretch=(76, 86), moon=(276, 208))


def tidal_ranges(canvas: Canvas) -> None:
    """How far the sea rises in three places, to scale, beside a house of five stories."""
    ground, meter = 590.0, 24.0
    canvas.text((LEFT, 190), "From low water to high water", size=38, color=SLATE, anchor="lm")
    for x, name, meters in ((210, "Mediterranean", 0.3), (500, "Open ocean", 1.0), (800, "Bay of Fundy", 16.0)):
        top = ground - meters * meter
        canvas.box((x - 80, top), (x + 80, ground), fill=SEA)
        canvas.text((x, ground + 34), name, size=32, color=SLATE)
        canvas.text((x, top - 34), f"{meters:g} m", size=42, bold=True)
    _five_story_house(canvas, left=980, ground=ground, height=16 * meter)
    canvas.line(((72, ground), (1208, ground)), color=INK, width=4)


def _globe(canvas: Canvas, center: Point, radius: float) -> None:
    (x, y) = center
    canvas.circle(center, radius, fill=SEA)
    for across, down, wide, high in ((-0.25, -0.35, 0.42, 0.26), (0.3, 0.2, 0.3, 0.4), (-0.35, 0.45, 0.24, 0.2)):
        land = (x + across * radius, y + down * radius)
        canvas.ellipse(land, (wide * radius, high * radius), fill=LAND)


def _earth(canvas: Canvas, center: Point, radius: float) -> None:
    canvas.circle(center, radius + 16, fill=SHALLOW)
    _globe(canvas, center, radius)


def _tide_curve(canvas: Canvas, *, left: float, right: float, level: float) -> None:
    period = (right - left) / 2
    curve = [(x, level - 90 * math.sin(math.tau * (x - left) / period)) for x in range(int(left), int(right) + 4, 4)]
    canvas.water(curve, fill=SHALLOW, bottom=level + 120)
    canvas.line(curve, color=DEEP, width=7)
    crests = (left + period / 4, left + period * 5 / 4)
    for x in crests:
        canvas.circle((x, level - 90), 12, fill=CORAL)
        canvas.dashes((x, level - 112), (x, level - 186), color=CORAL)
    canvas.arrow(((crests[0] + 14, level - 170), (crests[1] - 6, level - 170)), color=CORAL, width=6)
    canvas.text((sum(crests) / 2, level - 212), "12 h 25 min", size=46, bold=True, color=CORAL)
    canvas.text(((left + right) / 2, level + 156), "water level in a harbor", size=34, color=SLATE)


def _alignment(canvas: Canvas, *, left: float, name: str, words: str, stretch: Point, moon: Point) -> None:
    canvas.box((left, 150), (left + 552, 620), fill=WHITE, radius=22)
    canvas.circle((left + 74, 350), 46, fill=SUN)
    canvas.text((left + 74, 428), "Sun", size=34)
    earth = (left + 276, 350)
    canvas.ellipse(earth, stretch, fill=SHALLOW)
    _globe(canvas, earth, 54)
    place = (left + moon[0], moon[1])
    draw_moon(canvas, place, 34)
    _name_moon(canvas, place, beside=moon[0] == earth[0] - left)
    canvas.text((left + 276, 502), name, size=44, bold=True)
    canvas.text((left + 276, 560), words, size=34, color=CORAL)


def _name_moon(canvas: Canvas, place: Point, *, beside: bool) -> None:
    across, down = (92, 0) if beside else (0, 68)
    canvas.text((place[0] + across, place[1] + down), "Moon", size=34)


def _five_story_house(canvas: Canvas, *, left: float, ground: float, height: float) -> None:
    story = height / 5
    canvas.box((left, ground - height), (left + 170, ground), fill=ROCK)
    for floor in range(5):
        for column in range(3):
            x, y = left + 22 + column * 48, ground - (floor + 1) * story + 20
            canvas.box((x, y), (x + 30, y + 36), fill=MOON, radius=3)
    canvas.text((left + 85, ground + 34), "five stories", size=32, color=SLATE)
