"""An organization's color as a stylesheet in which everything stays readable, whatever was picked.

Contrast by WCAG 2.2: 4.5 for text. The picked color keeps its hue and is mixed with black (for light pages) or with
white (for dark ones) until it passes on every ground it stands on.
"""

import re
from collections.abc import Sequence

Color = tuple[float, float, float]  # red, green, blue; 0–1 each, in sRGB

WRITTEN = re.compile("#[0-9a-fA-F]{6}")
ENOUGH = 4.6  # the rule says 4.5; colors are written in whole steps of 1/255
STEP = 0.02
BLACK, WHITE = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
HOVER = 0.12  # share of black or white that a filled button gains
# What accent text lies on, from static/css/tokens.css: page, surface, sunken, raised, hover.
LIGHT_GROUNDS = ("#faf9f6", "#ffffff", "#f3f1ec", "#f5f3ee")
DARK_GROUNDS = ("#111316", "#191c20", "#0c0e10", "#20242a", "#23272d")
ON_LIGHT, ON_DARK = "#ffffff", "#0c1113"  # letters on a filled button
LIGHT_TINT, DARK_TINT = 0.09, 0.16  # share of the color in the soft ground behind its own text


def parse_color(text: str) -> Color:
    """Raises ValueError for anything but `#rrggbb`."""
    if not WRITTEN.fullmatch(text):
        raise ValueError(f"{text!r} is no color.")
    red, green, blue = (int(text[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def format_color(color: Color) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in color)


def mix(color: Color, other: Color, share: float) -> Color:
    """`share` (0–1) of the other color."""
    red, green, blue = (a * (1 - share) + b * share for a, b in zip(color, other, strict=True))
    return red, green, blue


def contrast(one: Color, other: Color) -> float:
    """1–21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def accent_css(picked: str) -> str:
    """The accent tokens of tokens.css, for light and dark pages. Raises ValueError for anything but `#rrggbb`."""
    color = parse_color(picked)
    light, light_soft = _readable(color, towards=BLACK, grounds=[*LIGHT_GROUNDS, ON_LIGHT], tint=LIGHT_TINT, on=WHITE)
    surface = parse_color(DARK_GROUNDS[1])
    dark, dark_soft = _readable(color, towards=WHITE, grounds=[*DARK_GROUNDS, ON_DARK], tint=DARK_TINT, on=surface)
    tokens = {
        "--accent": (light, dark),
        "--accent-fill": (light, dark),
        "--accent-fill-hover": (mix(light, BLACK, HOVER), mix(dark, WHITE, HOVER)),
        "--accent-ink": (light, dark),
        "--accent-soft": (light_soft, dark_soft),
    }
    lines = [f"  {name}: light-dark({format_color(a)}, {format_color(b)});" for name, (a, b) in tokens.items()]
    return ":root {\n" + "\n".join(lines) + "\n}\n"


def _readable(color: Color, *, towards: Color, grounds: Sequence[str], tint: float, on: Color) -> tuple[Color, Color]:
    """The nearest color that passes on all grounds and on the soft one made of itself; both are answered."""
    fixed = [parse_color(ground) for ground in grounds]
    for step in range(int(1 / STEP) + 1):
        tried = mix(color, towards, step * STEP)
        soft = mix(on, tried, tint)
        if all(contrast(tried, ground) >= ENOUGH for ground in [*fixed, soft]):
            return tried, soft
    return towards, mix(on, towards, tint)


def _luminance(color: Color) -> float:
    red, green, blue = (_linear(part) for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
