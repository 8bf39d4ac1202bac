"""Everything that is done about a talk that plays as it is ÷ the usual recipe, which encodes it all the same."""

from pathlib import Path
from typing import Any

from tests.benchmarks.ladder import compare
from tests.benchmarks.talk import COMPLIANT, record


def measure(data: Path) -> dict[str, Any]:
    return compare(record(data, keyframe_every=COMPLIANT), data, aim=0.42)
