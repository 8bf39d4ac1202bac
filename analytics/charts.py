"""Lines over a range as shapes that a template draws: percent of the width, percent of the height. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor, log10

MOST_TICKS = 5
WIDTH, HEIGHT = 1000.0, 100.0  # of the field in which lines are drawn, stretched to any size


@dataclass(frozen=True)
class Tick:
    """A mark of an axis: `at` is percent of the way, `anchor` how its words lie there."""

    at: float
    words: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Line:
    """`path` and `area` as SVG writes them; `is_main`: not the one it is compared with."""

    label: str
    path: str
    area: str
    is_main: bool


@dataclass(frozen=True)
class LineChart:
    """`title` says what it shows and `description` what can be seen in it, for who sees no lines."""

    name: str
    title: str
    description: str
    lines: list[Line]
    across: list[Tick]
    up: list[Tick]


@dataclass(frozen=True)
class Series:
    label: str
    values: Sequence[float]
    is_main: bool = True


def line_chart(
    name: str, title: str, description: str, series: Sequence[Series], *, labels: Sequence[str],
    words: Callable[[float], str], highest: float | None = None,
) -> LineChart:  # fmt: skip
    """`labels` belong to the values of a series; `words` say a height; `highest` fixes the scale."""
    top = highest or scale_top(max((value for one in series for value in one.values), default=0))
    return LineChart(
        name, title, description, [_line(one, top) for one in series], _across(labels),
        [Tick(100 - 100 * part / 4, words(top * part / 4)) for part in (2, 4)],
    )  # fmt: skip


def scale_top(value: float) -> float:
    """The next number that is easy to read and to halve: 2, 4, 6, 8, 10, 20, 40 …"""
    if value <= 2:
        return 2
    step = 10 ** floor(log10(value))
    return float(next(step * factor for factor in (1, 2, 4, 6, 8, 10) if step * factor >= value))


def _line(series: Series, top: float) -> Line:
    values = list(series.values)
    if len(values) == 1:
        values *= 2  # a single value is a level
    across = WIDTH / max(len(values) - 1, 1)
    points = [f"{n * across:.1f} {HEIGHT - HEIGHT * min(value / top, 1):.2f}" for n, value in enumerate(values)]
    path = "M" + "L".join(points) if points else ""
    return Line(series.label, path, f"{path}V{HEIGHT:g}H0Z" if path else "", series.is_main)


def _across(labels: Sequence[str]) -> list[Tick]:
    """The first, the last, and some between them, evenly."""
    last = len(labels) - 1
    if last < 1:
        return [Tick(0, label, "start") for label in labels]
    gaps = min(MOST_TICKS - 1, last)
    places = [round(last * n / gaps) for n in range(gaps + 1)]
    return [Tick(round(100 * at / last, 2), labels[at], _anchor(at, last)) for at in places]


def _anchor(at: int, last: int) -> str:
    return {0: "start", last: "end"}.get(at, "middle")
