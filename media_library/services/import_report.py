"""What became of an import, row by row, for whoever waits for all of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from media_library.importing import Given
from media_library.models import ImportRow, RowState
from media_library.services.import_rows import settle_waiting
from media_library.services.importing import preview_import, start_import


@dataclass(frozen=True)
class Outcome:
    """Of one row; `media` is what it became, or what was here already."""

    position: int
    address: str
    state: str
    code: str
    message: str
    media: UUID | None


def foreseen(given: Given) -> list[Outcome]:
    """Nothing is written. Raises Refused like `preview_import`."""
    return [
        Outcome(
            one.row.position, one.row.address, one.state, one.code, one.message, one.media.pk if one.media else None
        )  # fmt: skip
        for one in preview_import(given.rows)
    ]


def bring_all(given: Given, *, by: Any, tell: Callable[[], object]) -> list[Outcome]:
    """Import and stay until it is done; `tell` is called before each row that took work.

    Goes out to the network. Rows that a host puts off are left waiting to the job. Raises Refused like `start_import`.
    """
    batch = start_import(given.rows, format=given.format, name=given.name, by=by)
    settle_waiting(batch.pk, is_last=False, before_each=tell)
    return [
        Outcome(row.position, row.address, row.state, row.code, row.message, row.media_id)
        for row in ImportRow.objects.filter(batch=batch)
    ]


def is_all_refused(outcomes: list[Outcome]) -> bool:
    return all(one.state == RowState.REFUSED for one in outcomes)
