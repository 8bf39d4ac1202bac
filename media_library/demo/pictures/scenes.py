"""The wide scenes behind the titles and on the course cover."""

from media_library.demo.canvas import (
    CORAL,
    CRATER,
    DEEP,
    FOAM,
    HEIGHT,
    INK,
    MOON,
    NIGHT,
    SEA,
    SHALLOW,
    SUN,
    WHITE,
    WIDTH,
    Canvas,
    Point,
    arc,
    curve,
    sine,
)


def draw_moon(canvas: Canvas, center: Point, radius: float) -> None:
    """A full Moon with three craters."""
    canvas.circle(center, radius, fill=MOON)
    for across, down, size in ((-0.3, -0.25, 0.24), (0.32, 0.1, 0.17), (-0.12, 0.42, 0.13)):
        canvas.circle((center[0] + across * radius, center[1] + down * radius), size * radius, fill=CRATER)


def draw_gull(canvas: Canvas, center: Point, size: float, *, color: str = WHITE) -> None:
    """A gull in flight: two bent wings."""
    (x, y) = center
    left = arc((x - size / 2, y), (size / 2, size * 0.4), start=190, end=360)
    right = arc((x + size / 2, y), (size / 2, size * 0.4), start=180, end=350)
    canvas.line((*left, *right), color=color, width=size * 0.1)


def moonlit_sea(canvas: Canvas) -> None:
    """Night, a full Moon, and a calm sea."""
    _sky(canvas, NIGHT)
    for star in ((700, 90), (820, 210), (905, 70), (1190, 110), (1210, 330), (760, 330), (640, 190)):
        canvas.circle(star, 3, fill=FOAM)
    draw_moon(canvas, (1030, 210), 104)
    _swells(canvas, level=520, height=26, colors=(DEEP, "#25658a", SEA))
    for y, half in ((556, 80), (584, 56), (612, 70), (640, 38)):
        canvas.line(((1030 - half, y), (1030 + half, y)), color=MOON, width=5)


def windy_sea(canvas: Canvas) -> None:
    """Day, a low sun, gulls, wind and a rolling sea."""
    _sky(canvas, DEEP)
    canvas.circle((1050, 250), 92, fill=SUN)
    for center, size in (((830, 170), 56), ((925, 120), 40), ((1160, 110), 46)):
        draw_gull(canvas, center, size)
    _swells(canvas, level=500, height=70, colors=("#256a8d", SEA, SHALLOW))


def deep_sea(canvas: Canvas) -> None:
    """A cut through the sea: a thin bright surface above ever darker water, and one slow current."""
    _sky(canvas, FOAM)
    for index, (level, color) in enumerate(((56, SHALLOW), (130, SEA), (270, DEEP), (470, NIGHT))):
        canvas.water(sine(level, height=16, length=427, phase=index * 0.3), fill=color)
    warm = curve(((760, 236), (880, 214), (1000, 228), (1100, 252), (1164, 310), (1180, 390)))
    cold = curve(((1180, 390), (1168, 470), (1104, 540), (1000, 574), (880, 566), (740, 582)))
    canvas.arrow(cold, color=SHALLOW, width=14)
    canvas.line(warm, color=CORAL, width=14)


def cover_sea(canvas: Canvas) -> None:
    """The course in one picture: the Moon above, waves between, the deep below."""
    moonlit_sea(canvas)
    draw_gull(canvas, (830, 250), 60)
    draw_gull(canvas, (760, 300), 40)


def _sky(canvas: Canvas, color: str) -> None:
    canvas.box((0, 0), (WIDTH, HEIGHT), fill=color)


def _swells(canvas: Canvas, *, level: float, height: float, colors: tuple[str, ...]) -> None:
    for index, color in enumerate(colors):
        surface = sine(level + index * 62, height=height, length=320 + 80 * index, phase=index * 0.37)
        canvas.water(surface, fill=color)
    canvas.water(sine(level + len(colors) * 62, height=height * 0.7, length=640, phase=0.1), fill=INK)
