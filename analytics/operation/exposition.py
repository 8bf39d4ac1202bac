"""Figures as Prometheus reads them: its text format, version 0.0.4.

Own code, because prometheus_client keeps counters in the memory of each process and writes the format of those; ours
are asked of the database at each scrape, and what is left of it are these lines.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
LABEL = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})
HELP = str.maketrans({"\\": r"\\", "\n": r"\n"})

Sample = tuple[Mapping[str, str], float]


@dataclass(frozen=True)
class Family:
    """A gauge: its name, what it says, and a value for each set of labels."""

    name: str
    about: str
    samples: Iterable[Sample]


def written(families: Iterable[Family]) -> str:
    return "".join(f"{line}\n" for family in families for line in _lines(family))


def _lines(family: Family) -> Iterable[str]:
    yield f"# HELP {family.name} {family.about.translate(HELP)}"
    yield f"# TYPE {family.name} gauge"
    for labels, value in family.samples:
        yield f"{family.name}{_labels(labels)} {_number(value)}"


def _labels(labels: Mapping[str, str]) -> str:
    pairs = ",".join(f'{name}="{value.translate(LABEL)}"' for name, value in labels.items())
    return f"{{{pairs}}}" if pairs else ""


def _number(value: float) -> str:
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return repr(float(value))
