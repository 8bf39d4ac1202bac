"""Positions without gaps and doubles, whatever a form or an integrator sent."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Case, Value, When

LAST = 1_000_000  # where a new row stands until it is numbered


def put_in_order(rows: models.QuerySet, keys: Iterable[UUID]) -> None:
    """Number these rows 1, 2, 3 … in the order of the keys; rows that are not named follow in their own order."""
    with transaction.atomic():
        standing = dict(rows.order_by("position", "pk").values_list("pk", "position"))
        named = [key for key in dict.fromkeys(keys) if key in standing]
        wanted = [*named, *(key for key in standing if key not in set(named))]
        moved = {key: place for place, key in enumerate(wanted, start=1) if standing[key] != place}
        if moved:
            places = [When(pk=key, then=Value(place)) for key, place in moved.items()]
            rows.filter(pk__in=moved).update(position=Case(*places, output_field=models.PositiveIntegerField()))


def renumber(rows: models.QuerySet) -> None:
    """Close gaps and part doubles; the older row goes first."""
    put_in_order(rows, [])


def move_to(rows: models.QuerySet, key: UUID, position: int | None) -> None:
    """Put one row at a place, counted from 1; None or a place beyond the end is the end."""
    keys = list(rows.exclude(pk=key).order_by("position", "pk").values_list("pk", flat=True))
    place = len(keys) if position is None else min(max(position - 1, 0), len(keys))
    keys.insert(place, key)
    put_in_order(rows, keys)


def place_once(rows: models.QuerySet, row: Any, **held: Any) -> Any:
    """Write a row of a list that holds each thing once, a new one at the end; answers the row that holds it now.

    `held` is the column of what it holds. The caller has the list locked.
    """
    double = rows.filter(**held).exclude(pk=row.pk).first()
    if double is not None:
        rows.filter(pk=row.pk).delete()
        return double
    is_new = row._state.adding
    row.save()
    if is_new:
        move_to(rows, row.pk, None)
    return row
