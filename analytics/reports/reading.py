"""How statements of reports are asked, and of whose things."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from analytics.reports.periods import Period
from core.tenancy import current_organization_id


@dataclass(frozen=True)
class Whose:
    """Which days a report is about: a condition on their rows, and its values."""

    condition: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


EVERYBODYS = Whose()


def read(statement: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows by the names of their columns; `organization` is the one in scope."""
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": current_organization_id(), **values})
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def read_days(statement: str, whose: Whose, period: Period) -> list[dict[str, Any]]:
    """`{which}` in the statement becomes the condition."""
    values = {**whose.values, "first": period.first, "last": period.last}
    return read(statement.format(which=whose.condition), values)


def percent(part: float, whole: float) -> float:
    """0–100, to the tenth; 0 of nothing."""
    return round(100 * part / whole, 1) if whole else 0.0
