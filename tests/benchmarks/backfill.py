"""Rolling up thirty days of ten million events, from nothing ÷ one scan that counts and sums all of them."""

from pathlib import Path
from typing import Any

from analytics.models import CourseDay, MediaDay
from analytics.services.rollup import roll_up
from core.tenancy import organization_scope
from tests.benchmarks.ground import alternate, ratio, summary
from tests.benchmarks.rollup import history, milliseconds, scanned

ROUNDS = 3
SCAN = "SELECT count(*), sum(seconds) FROM analytics_event WHERE organization_id = %(organization)s"


def measure(data: Path) -> dict[str, Any]:
    organization = history()

    def from_nothing() -> None:
        MediaDay.objects.all().delete()
        CourseDay.objects.all().delete()
        roll_up(organization, rebuild=True)

    with organization_scope(organization):
        ours, scan = alternate(
            lambda: milliseconds(from_nothing),
            lambda: milliseconds(lambda: scanned(SCAN, {"organization": organization.pk})),
            rounds=ROUNDS,
        )
        rows = MediaDay.objects.count(), CourseDay.objects.count()
    return {
        "ratio": ratio(ours, scan), "aim": 10, "unit": "ms", "ours": summary(ours), "scan": summary(scan), "rows": rows,
    }  # fmt: skip
