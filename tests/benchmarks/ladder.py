"""Everything that is done about a talk that has to be encoded ÷ the usual recipe for the same."""

from pathlib import Path
from typing import Any

from core.tenancy import organization_scope
from tests.benchmarks.ground import alternate, ratio, summary
from tests.benchmarks.people import found, maker
from tests.benchmarks.recipe import usual_recipe
from tests.benchmarks.talk import TOO_FEW_KEYFRAMES, bring, clear_line, record, seconds_for_all

ROUNDS = 1


def measure(data: Path) -> dict[str, Any]:
    return compare(record(data, keyframe_every=TOO_FEW_KEYFRAMES), data, aim=0.68)


def compare(source: Path, data: Path, *, aim: float) -> dict[str, Any]:
    organization = found()
    person = maker(organization)
    with organization_scope(organization):
        first, second = alternate(lambda: _all(source, person), usual_recipe(source, data), rounds=ROUNDS)
    return {
        "ratio": ratio(first, second), "aim": aim, "unit": "seconds", "jobs": summary(first), "usual": summary(second),
    }  # fmt: skip


def _all(source: Path, person: Any) -> float:
    """Check, renditions, MP4, thumbnails, sheet, sound at one loudness, words; the upload before is not counted."""
    clear_line()
    return seconds_for_all(bring(source, person))
