"""Pairs of uploads begun at the same moment that together exceed the allowance: exactly one of each is accepted."""

import threading
from pathlib import Path
from typing import Any

from django.db import connection

from core.errors import Refused
from core.tenancy import organization_scope, scoped_thread
from media_library.models import Upload
from media_library.services.allowance import allowance_of
from media_library.services.site import change_site_configuration
from media_library.services.uploads import Announced, cancel_upload, start_upload
from tests.benchmarks.people import found, maker

PAIRS = 50
ALLOWED = 1_000_000  # bytes


def measure(data: Path) -> dict[str, Any]:
    organization = found()
    return refused_pairs(organization, maker(organization), pairs=PAIRS)


def refused_pairs(organization: Any, person: Any, *, pairs: int) -> dict[str, int]:
    """How many uploads were accepted and refused, and after how many pairs the sum was that of what was accepted."""
    with organization_scope(organization):
        change_site_configuration(by=person, weekly_allowance=ALLOWED, largest_file=ALLOWED)
        rounds = [_race(person) for _ in range(pairs)]
    outcomes = [outcome for pair, _ in rounds for outcome in pair]
    return {
        "pairs": pairs,
        "accepted": outcomes.count("accepted"),
        "refused": outcomes.count("allowance_used_up"),
        "used_is_right": sum(is_right for _, is_right in rounds),
    }


def _race(person: Any) -> tuple[list[str], bool]:
    outcomes: list[str] = []
    together = threading.Barrier(2)
    threads = [scoped_thread(_begin, person, together, outcomes) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    used = allowance_of(person).used
    for upload in Upload.objects.filter(state="receiving"):
        cancel_upload(upload, by=person)
    return outcomes, used == ALLOWED * 6 // 10


def _begin(person: Any, together: threading.Barrier, outcomes: list[str]) -> None:
    try:
        together.wait()
        start_upload(Announced("talk.mp4", ALLOWED * 6 // 10), by=person)
        outcomes.append("accepted")
    except Refused as refusal:
        outcomes.append(refusal.code)
    finally:
        connection.close()
