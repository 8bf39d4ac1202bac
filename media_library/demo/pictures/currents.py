"""The drawings of the talk about the deep currents."""

from media_library.demo.canvas import (
    CORAL,
    DEEP,
    FOAM,
    INK,
    LAND,
    LEAF,
    MOON,
    NIGHT,
    ROCK,
    SEA,
    SHALLOW,
    SLATE,
    SUN,
    WHITE,
    WIDTH,
    Canvas,
    Point,
    arc,
    curve,
    sine,
)

# Coarse outlines as (longitude, latitude) in degrees, east and north positive, cut at the edges of the map.
NORTH_AMERICA: tuple[Point, ...] = (
    (-100, 62), (-78, 62), (-70, 59), (-64, 59), (-58, 53), (-66, 50), (-60, 47), (-66, 44), (-70, 42), (-74, 40),
    (-76, 35), (-81, 31), (-80, 26), (-82, 28), (-84, 30), (-90, 29), (-97, 27), (-97, 21), (-91, 19), (-87, 21),
    (-88, 16), (-83, 15), (-82, 8), (-84, 9), (-87, 13), (-94, 16), (-100, 17),
)  # fmt: skip
SOUTH_AMERICA: tuple[Point, ...] = ((-80, 10), (-75, 11), (-71, 12), (-62, 10), (-57, 10), (-57, 8), (-83, 8))
EUROPE_AND_AFRICA: tuple[Point, ...] = (
    (20, 70), (14, 68), (10, 64), (5, 61), (6, 58), (11, 59), (8, 54), (2, 51), (-4, 48), (-1, 44), (-9, 43),
    (-9, 37), (-6, 35), (-10, 31), (-16, 26), (-17, 15), (-14, 8), (20, 8),
)  # fmt: skip
GREENLAND: tuple[Point, ...] = ((-54, 70), (-51, 64), (-45, 60), (-40, 65), (-26, 69), (-24, 70))
ICELAND: tuple[Point, ...] = ((-24, 65), (-22, 66), (-16, 66), (-14, 65), (-19, 63), (-22, 64))
BRITAIN: tuple[Point, ...] = ((-5, 50), (1, 51), (0, 54), (-3, 58), (-6, 58), (-3, 54))
IRELAND: tuple[Point, ...] = ((-10, 52), (-6, 52), (-6, 55), (-9, 55))
WARM_STREAM: tuple[Point, ...] = (
    (-87, 23.4), (-82, 23.8), (-79, 27), (-78.5, 31), (-74, 35.5), (-65, 39), (-50, 42), (-35, 47), (-22, 53),
    (-10, 60), (1, 66),
)  # fmt: skip
MEDITERRANEAN: tuple[Point, ...] = (
    (-5, 36), (-1, 37.5), (0, 39.5), (3, 42.5), (9, 44), (12, 42), (16, 38.5), (20, 39.5), (20, 31.5), (15, 32),
    (10, 34), (10, 37), (0, 36),
)  # fmt: skip
CUBA: tuple[Point, ...] = ((-85, 22), (-80, 23), (-74, 20), (-78, 20))


def gulf_stream(canvas: Canvas) -> None:
    """The North Atlantic and the warm stream from Florida toward Norway."""
    canvas.box((500, 150), (1208, 620), fill=FOAM)
    for outline in (NORTH_AMERICA, SOUTH_AMERICA, EUROPE_AND_AFRICA, GREENLAND, ICELAND, BRITAIN, IRELAND, CUBA):
        canvas.polygon([_on_map(place) for place in outline], fill=LAND)
    canvas.polygon([_on_map(place) for place in MEDITERRANEAN], fill=FOAM)
    canvas.arrow(curve([_on_map(place) for place in WARM_STREAM]), color=CORAL, width=15)
    canvas.text(_on_map((-46, 34)), "Gulf Stream", size=38, bold=True, color=CORAL)
    canvas.text(_on_map((10.5, 49)), "Europe", size=32)
    canvas.text(_on_map((4, 21)), "Africa", size=32)
    canvas.text(_on_map((-87, 45)), "America", size=32)


def sinking_water(canvas: Canvas) -> None:
    """Two ways for water to become heavy: it cools, or ice leaves it salty."""
    canvas.box((72, 300), (1208, 620), fill=SEA, radius=22)
    canvas.box((72, 300), (1208, 380), fill=SHALLOW)
    for x in (210, 300, 390):
        canvas.arrow(((x, 330), (x, 214)), color=CORAL, width=11)
    canvas.text((300, 182), "heat leaves", size=36, bold=True, color=CORAL)
    for x, width in ((720, 130), (866, 176), (1058, 110)):
        canvas.box((x, 262), (x + width, 326), fill=WHITE, radius=10)
    canvas.text((944, 216), "sea ice forms", size=36, bold=True)
    for x, y in ((750, 352), (800, 366), (850, 350), (905, 368), (960, 352), (1015, 366), (1075, 350), (1112, 364)):
        canvas.box((x - 7, y - 7), (x + 7, y + 7), fill=INK)
    canvas.text((1140, 358), "salt", size=32, anchor="lm")
    for x in (300, 944):
        canvas.arrow(((x, 402), (x, 560)), color=NIGHT, width=24)
    for x, words in ((300, "colder"), (944, "saltier")):
        canvas.text((x + 50, 470), words, size=40, bold=True, color=WHITE, anchor="lm")
    canvas.text((622, 560), "dense water sinks", size=40, bold=True, color=WHITE)


def overturning_loop(canvas: Canvas) -> None:
    """The Atlantic from south to north: warm water above, cold water below, sinking and rising at the ends."""
    canvas.box((72, 210), (1208, 620), fill=SEA, radius=22)
    canvas.box((72, 210), (1208, 290), fill=SHALLOW)
    shore = ((72, 190), (150, 196), (190, 260), (214, 400), (250, 560), (250, 620), (72, 620))
    canvas.polygon(shore, fill=ROCK)
    canvas.polygon([(WIDTH - x, y) for x, y in shore], fill=ROCK)
    canvas.arrow(((330, 258), (930, 258)), color=CORAL, width=17)
    canvas.arrow(curve(((950, 266), (1010, 320), (1016, 400), (980, 490), (900, 548))), color=NIGHT, width=17)
    canvas.arrow(((870, 560), (410, 560)), color=NIGHT, width=17)
    canvas.arrow(curve(((386, 548), (312, 490), (276, 400), (280, 330), (322, 276))), color=NIGHT, width=17)
    canvas.text((640, 322), "warm, near the surface", size=38, bold=True, color=WHITE)
    canvas.text((640, 504), "cold, along the bottom", size=38, bold=True, color=WHITE)
    canvas.text((640, 412), "about 1,000 years", size=54, bold=True, color=WHITE)
    canvas.text((170, 168), "Antarctica", size=34, bold=True)
    canvas.text((1112, 168), "Greenland", size=34, bold=True)


def plankton_bloom(canvas: Canvas) -> None:
    """Nutrients rise from the dark into the light, where plankton and fish live."""
    canvas.box((500, 150), (1208, 620), fill=DEEP, radius=22)
    canvas.box((500, 150), (1208, 400), fill=SHALLOW, radius=22)
    canvas.box((500, 370), (1208, 450), fill=SEA)
    for x in (620, 720, 820):
        canvas.arrow(((x, 590), (x, 400)), color=SUN, width=13)
    for index in range(30):
        # Multiples of irrational numbers scatter evenly, and alike on every run.
        place = (550 + 350 * (index * 0.7549 % 1), 190 + 170 * (index * 0.5698 % 1))
        canvas.circle(place, 7 + index % 3 * 3, fill=LEAF if index % 2 else LAND)
    for center, size in (((1020, 260), 62), ((1120, 330), 48), ((980, 350), 40)):
        _fish(canvas, center, size)
    canvas.text((1130, 196), "light", size=40, bold=True)
    canvas.text((1030, 550), "nutrients", size=40, bold=True, color=SUN)


def argo_float(canvas: Canvas) -> None:
    """The path of a float: down to drift, deeper, up to report."""
    canvas.box((500, 150), (1208, 620), fill=SEA, radius=22)
    canvas.box((500, 150), (1208, 250), fill=FOAM, radius=22)
    canvas.water(sine(250, height=14, length=118, left=500, right=1208), fill=SHALLOW, bottom=330)
    canvas.box((500, 420), (1208, 620), fill=DEEP, radius=22)
    canvas.box((500, 420), (1208, 450), fill=DEEP)
    path = ((640, 268), (640, 420), (860, 420), (860, 570), (1040, 570), (1040, 288))
    canvas.arrow(path, color=SUN, width=9)
    _float(canvas, (640, 262))
    _float(canvas, (1040, 262))
    _satellite(canvas, (1140, 196))
    canvas.text((578, 420), "1 km", size=38, bold=True, color=WHITE)
    canvas.text((790, 570), "2 km", size=38, bold=True, color=WHITE)


def thousand_years(canvas: Canvas) -> None:
    """From a castle to a modern town, and between them a drop of water on its way."""
    for x in (190, 1090):
        canvas.ellipse((x, 470), (250, 50), fill=LAND)
    canvas.water(sine(476, height=18, length=284), fill=SHALLOW)
    canvas.water(sine(570, height=18, length=427, phase=0.4), fill=SEA)
    _castle(canvas, (190, 440))
    _town(canvas, (1090, 440))
    canvas.arrow(arc((640, 420), (330, 180), start=158, end=22), color=DEEP, width=11)
    _drop(canvas, (640, 596), 36)
    canvas.text((640, 250), "about 1,000 years", size=58, bold=True, color=CORAL)
    canvas.text((640, 326), "from air to air", size=42, color=SLATE)


def _on_map(place: Point) -> Point:
    longitude, latitude = place
    return (500 + (longitude + 100) * 5.9, 150 + (70 - latitude) * 7.58)


def _fish(canvas: Canvas, center: Point, size: float) -> None:
    (x, y) = center
    fin = x + size * 1.2
    canvas.polygon(((x + size * 0.7, y), (fin, y - size * 0.4), (fin, y + size * 0.4)), fill=CORAL)
    canvas.ellipse(center, (size * 0.85, size * 0.42), fill=CORAL)
    canvas.circle((x - size * 0.45, y - size * 0.08), size * 0.09, fill=WHITE)


def _float(canvas: Canvas, center: Point) -> None:
    (x, y) = center
    canvas.line(((x, y - 24), (x, y - 66)), color=INK, width=5)
    canvas.box((x - 16, y - 26), (x + 16, y + 52), fill=SUN, radius=14)
    canvas.box((x - 16, y + 2), (x + 16, y + 14), fill=INK)


def _satellite(canvas: Canvas, center: Point) -> None:
    (x, y) = center
    canvas.box((x - 16, y - 16), (x + 16, y + 16), fill=SLATE, radius=4)
    for side in (-1, 1):
        canvas.box((x + side * 38 - 17, y - 10), (x + side * 38 + 17, y + 10), fill=DEEP)


def _castle(canvas: Canvas, base: Point) -> None:
    (x, ground) = base
    canvas.box((x - 100, ground - 110), (x + 100, ground + 10), fill=ROCK)
    for tower in (x - 100, x + 100):
        canvas.box((tower - 30, ground - 180), (tower + 30, ground + 10), fill=SLATE)
        canvas.polygon(((tower - 40, ground - 180), (tower + 40, ground - 180), (tower, ground - 240)), fill=CORAL)
    for step in range(-60, 61, 40):
        canvas.box((x + step - 10, ground - 130), (x + step + 10, ground - 108), fill=ROCK)
    canvas.water(arc((x, ground - 44), 28, start=180, end=360), fill=INK, bottom=ground + 10)


def _town(canvas: Canvas, base: Point) -> None:
    (x, ground) = base
    for across, width, height, color in ((-96, 74, 150, SLATE), (-14, 84, 236, DEEP), (78, 70, 180, SLATE)):
        left = x + across
        canvas.box((left - width / 2, ground - height), (left + width / 2, ground + 10), fill=color)
        for row in range(int(height // 40)):
            y = ground - height + 16 + row * 38
            for column in (-18, 8):
                canvas.box((left + column, y), (left + column + 12, y + 18), fill=MOON)


def _drop(canvas: Canvas, center: Point, radius: float) -> None:
    (x, y) = center
    canvas.polygon(((x, y - radius * 2.1), *arc(center, radius, start=-25, end=205)), fill=FOAM)
