"""Numbers of bytes as people type them."""

import re
from decimal import Decimal

from media_library.wording import UNITS

WRITTEN = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-z]*)", re.IGNORECASE)
#: As disks and browsers count them; the binary ones for who wants them.
FACTORS = {
    "": 1,
    **{unit.lower(): 1000**power for power, unit in enumerate(UNITS)},
    **{f"{letter}ib": 1024**power for power, letter in enumerate("kmgt", start=1)},
}


def parse_size(text: str) -> int:
    """`2 GB`, `1.5 TB`, `500 MiB` or plain bytes. Raises ValueError."""
    found = WRITTEN.fullmatch(text.strip())
    if found is None or found.group(2).lower() not in FACTORS:
        raise ValueError(text)
    return int(Decimal(found.group(1).replace(",", ".")) * FACTORS[found.group(2).lower()])


def written_size(size: int) -> str:
    """The shortest way to write exactly this number: `2 GB`, `2 GiB`, `1234567`."""
    named = {"gib": "GiB", "mib": "MiB", "kib": "KiB", "tib": "TiB", **{unit.lower(): unit for unit in UNITS}}
    exact = [(size // factor, named[unit]) for unit, factor in FACTORS.items() if unit in named and not size % factor]
    number, unit = min(exact, key=lambda one: one[0])
    return f"{number} {unit}" if unit != "B" else str(number)
