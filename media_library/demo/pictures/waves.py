"""The drawings of the talk about waves."""

import math

from media_library.demo.canvas import (
    CORAL,
    DEEP,
    INK,
    SAND,
    SEA,
    SHALLOW,
    SLATE,
    WHITE,
    WIDTH,
    Canvas,
    Point,
    arc,
    curve,
    sine,
)

# The outline of a toppling crest: up its back to the tip of the lip, and from there round the hollow to the beach.
CREST_BACK: tuple[Point, ...] = (
    (906, 468), (950, 454), (998, 412), (1044, 346), (1088, 288), (1136, 268), (1184, 292), (1206, 340), (1204, 392),
)  # fmt: skip
CREST_HOLLOW: tuple[Point, ...] = (
    (1204, 392), (1182, 348), (1144, 326), (1106, 342), (1088, 386), (1100, 428), (1140, 446), (1220, 442),
)  # fmt: skip


def ripples(canvas: Canvas) -> None:
    """Wind over water that is smooth at the left and ever rougher to the right."""
    for y, start, end in ((190, 110, 460), (250, 330, 760), (190, 640, 1100)):
        canvas.arrow(((start, y), (end, y)), color=CORAL, width=9)
    canvas.text((200, 250), "wind", size=38, bold=True, color=CORAL)
    surface = [(x, 430 - _growing_height(x) * math.sin(_growing_phase(x))) for x in range(0, WIDTH + 4, 4)]
    canvas.water(surface, fill=SHALLOW)
    canvas.line(surface, color=DEEP, width=7)
    for x, words in ((190, "smooth"), (620, "ripples"), (1080, "waves")):
        canvas.text((x, 572), words, size=38, bold=True)


def three_causes(canvas: Canvas) -> None:
    """Three cards: wind speed, time, and the open distance called fetch."""
    for index, (name, words) in enumerate((("Speed", "how hard it blows"), ("Time", "how long"), ("Fetch", "how far"))):
        x = 72 + index * 388
        canvas.box((x, 150), (x + 360, 620), fill=WHITE, radius=22)
        canvas.text((x + 180, 490), name, size=50, bold=True)
        canvas.text((x + 180, 554), words, size=34, color=SLATE)
    _wind(canvas, (252, 310))
    _clock(canvas, (640, 310))
    _open_water(canvas, (1028, 310))


def orbits(canvas: Canvas) -> None:
    """A wave in section: the paths of the drops shrink with depth."""
    left, right, level, length = 500.0, 1208.0, 290.0, 440.0
    surface = sine(level, height=70, length=length, phase=0.25 - 677 / length, left=left, right=right)
    canvas.water(surface, fill=SHALLOW, bottom=620)
    canvas.line(surface, color=DEEP, width=7)
    for x in (566, 677, 787, 897, 1007, 1117):
        for depth, radius in ((66, 31), (132, 19), (184, 11)):
            # Under a wave that travels to the right the drops turn clockwise.
            canvas.arrow(arc((x, level + depth), radius, start=-210, end=90), color=DEEP, width=2 + radius / 9)
    canvas.dashes((left, level + length / 2), (right, level + length / 2), color=INK)
    canvas.text(((left + right) / 2, level + 274), "nearly calm", size=38, bold=True)
    canvas.arrow(((800, 176), (1190, 176)), color=CORAL, width=11)
    canvas.text((995, 214), "energy", size=38, bold=True, color=CORAL)
    _floating_gull(canvas, (677, level - 40))


def swell(canvas: Canvas) -> None:
    """A storm at the left; the waves that left it, sorted by length."""
    _cloud(canvas, (190, 232))
    surface = [(x, 470 - _sorted_height(x) * math.sin(_sorted_phase(x))) for x in range(0, WIDTH + 4, 4)]
    canvas.water(surface, fill=SHALLOW)
    canvas.line(surface, color=DEEP, width=7)
    canvas.text((190, 578), "storm", size=38, bold=True)
    canvas.text((560, 578), "short: slow", size=38, bold=True)
    canvas.text((1020, 578), "long: fast", size=38, bold=True)
    canvas.arrow(((440, 350), (650, 350)), color=CORAL, width=9)
    canvas.arrow(((720, 350), (1200, 350)), color=CORAL, width=13)


def breaker(canvas: Canvas) -> None:
    """Waves come in from the left over a rising seabed, steepen, and the last one topples."""
    surface = [*_shoaling_surface(), *_breaking_crest()]
    canvas.water(surface, fill=SHALLOW)
    canvas.water(curve(((0, 620), (420, 590), (820, 530), (1080, 474), (1280, 412))), fill=SAND)
    canvas.line(surface, color=DEEP, width=7)
    for x, y in ((1150, 442), (1176, 428), (1204, 438), (1228, 428), (1190, 446)):
        canvas.circle((x, y), 14, fill=WHITE)
    canvas.text((200, 236), "deep: long", size=38)
    canvas.text((640, 236), "shallow: steep", size=38)
    canvas.text((1130, 212), "breaker", size=42, bold=True, color=CORAL)
    canvas.text((980, 590), "rising seabed", size=38, bold=True)
    for start, end in ((90, 310), (560, 720)):
        canvas.arrow(((start, 290), (end, 290)), color=CORAL, width=9)


def _wind(canvas: Canvas, center: Point) -> None:
    (x, y) = center
    for down, start, end in ((-62, -110, 70), (0, -130, 120), (62, -80, 90)):
        canvas.arrow(((x + start, y + down), (x + end, y + down)), color=SEA, width=11)


def _clock(canvas: Canvas, center: Point) -> None:
    (x, y) = center
    canvas.circle(center, 106, fill=SEA)
    canvas.circle(center, 90, fill=WHITE)
    canvas.line(((x, y - 62), (x, y), (x + 44, y + 30)), color=INK, width=10)


def _open_water(canvas: Canvas, center: Point) -> None:
    (x, y) = center
    surface = sine(y + 10, height=40, length=86, left=x - 140, right=x + 140)
    canvas.water(surface, fill=SHALLOW, bottom=y + 90)
    canvas.line(surface, color=DEEP, width=6)
    canvas.arrow(((x, y - 60), (x - 140, y - 60)), color=CORAL, width=9)
    canvas.arrow(((x, y - 60), (x + 140, y - 60)), color=CORAL, width=9)


def _floating_gull(canvas: Canvas, center: Point) -> None:
    (x, y) = center
    canvas.polygon(((x - 62, y - 22), (x - 20, y - 18), (x - 24, y + 6)), fill=SLATE)
    canvas.ellipse((x, y - 8), (42, 20), fill=WHITE, outline=SLATE)
    canvas.circle((x + 36, y - 32), 17, fill=WHITE, outline=SLATE)
    canvas.polygon(((x + 50, y - 36), (x + 76, y - 28), (x + 50, y - 23)), fill=CORAL)
    canvas.circle((x + 40, y - 35), 4, fill=INK)


def _cloud(canvas: Canvas, center: Point) -> None:
    (x, y) = center
    for across, down, radius in ((-84, 16, 48), (-24, -16, 66), (50, -2, 58), (104, 22, 40)):
        canvas.circle((x + across, y + down), radius, fill=SLATE)
    canvas.box((x - 96, y + 10), (x + 112, y + 64), fill=SLATE, radius=26)
    for across in (-70, 0, 70):
        canvas.line(((x + across, y + 86), (x + across - 22, y + 138)), color=SEA, width=7)


def _sorted_phase(x: float) -> float:
    # Where a dispersed wave train is long, its phase runs slowly: the rate falls with the distance from the storm.
    return 46 * math.log1p(x / 260)


def _sorted_height(x: float) -> float:
    return 22 + 16 * math.sin(math.pi * min(1.0, x / WIDTH))


def _growing_height(x: float) -> float:
    return 46 * (x / WIDTH) ** 2


def _growing_phase(x: float) -> float:
    return 34 * math.log1p(x / 300)


def _shoaling_surface() -> list[Point]:
    return [(x, 420 - _shoaling_height(x) * math.sin(_shoaling_phase(x))) for x in range(0, 904, 4)]


def _shoaling_height(x: float) -> float:
    return 24 + 24 * (x / 900) ** 3


def _shoaling_phase(x: float) -> float:
    return math.tau * (x / 400 + 0.5 * (x / 900) ** 3)


def _breaking_crest() -> list[Point]:
    return [*curve(CREST_BACK), *curve(CREST_HOLLOW)]
