"""Puts passages in the place of those that were cut before: what says the same stays the row it is."""

import hashlib
from collections import defaultdict, deque
from collections.abc import Iterator
from typing import Any

from django.db.models import F, QuerySet

from knowledge.models import Passage

#: Where a passage stands; the rest is what it says.
PLACE = ("position", "start", "end", "first_cue", "end_cue", "speaker", "page", "heading")
OUT_OF_THE_WAY = 1_000_000  # positions that no passage has


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def store_passages(before: QuerySet[Passage], passages: list[Passage]) -> None:
    """Remove what is not said any more, move what stays, add what is new. `before`: all of one media or item, locked
    by the caller. What stays keeps its meaning.
    """
    stored = list(before.order_by("position"))
    pairs = list(_paired(stored, passages))
    stay = {old.pk for old, _new in pairs}
    Passage.objects.filter(pk__in=[old.pk for old in stored if old.pk not in stay]).delete()
    _move([(old, new) for old, new in pairs if _place(old) != _place(new)])
    said = {id(new) for _old, new in pairs}
    Passage.objects.bulk_create([passage for passage in passages if id(passage) not in said])


def _paired(stored: list[Passage], passages: list[Passage]) -> Iterator[tuple[Passage, Passage]]:
    """Each new passage with the row that says the same already; those that say it twice in their order."""
    rows: dict[tuple[str, str], deque[Passage]] = defaultdict(deque)
    for row in stored:
        rows[_saying(row)].append(row)
    for passage in passages:
        if same := rows[_saying(passage)]:
            yield same.popleft(), passage


def _saying(passage: Passage) -> tuple[str, str]:
    return passage.content_hash, passage.search_config


def _place(passage: Passage) -> tuple[Any, ...]:
    return tuple(getattr(passage, name) for name in PLACE)


def _move(pairs: list[tuple[Passage, Passage]]) -> None:
    """Out of the way first: no two may stand in the same place, not even for a moment."""
    if not pairs:
        return
    for old, new in pairs:
        for name in PLACE:
            setattr(old, name, getattr(new, name))
    moved = [old for old, _new in pairs]
    Passage.objects.filter(pk__in=[old.pk for old in moved]).update(position=F("position") + OUT_OF_THE_WAY)
    Passage.objects.bulk_update(moved, PLACE, batch_size=500)
