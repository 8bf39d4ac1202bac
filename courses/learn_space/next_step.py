"""The one thing a learner's primary button says. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from courses.availability import Opening
from courses.learn_space.outline import OutlineRow, first_open, next_row, standing
from media_library.wording import clock_time, words_for_duration

RESUMABLE_FROM = 5.0  # seconds; before that a video just starts


@dataclass(frozen=True)
class NextStep:
    """`label` on the button, `item` it leads to, `hint` below it."""

    label: str
    item: OutlineRow
    hint: str = ""


def next_step(rows: Sequence[OutlineRow], *, last_item_id: UUID | None) -> NextStep | None:
    """Start, continue (at the second, in a video), review, or wait; None where there is nothing to learn yet."""
    item = next_row(rows, last_item_id)
    if item is None:
        return None
    if standing(rows).is_complete or item.is_settled:
        return NextStep(_("Review"), first_open(rows) or item, _("You have completed everything that counts."))
    if item.lock is not None:
        return NextStep(_wait_label(item.lock), item, f"{item.title}: {item.lock.words}")
    if last_item_id is None and not any(row.is_done or row.percent for row in rows):
        return NextStep(_("Start"), item, _("First: %(title)s") % {"title": item.title})
    return NextStep(_continue_label(item), item, _hint(item))


def _continue_label(item: OutlineRow) -> str:
    if _is_resumable(item):
        return _("Continue at %(time)s") % {"time": clock_time(item.position)}
    return _("Continue")


def _wait_label(lock: Opening) -> str:
    """When it opens by itself, that; else something has to be done first, as the hint says."""
    only = lock.reasons[0] if lock.opens_at is not None and len(lock.reasons) == 1 else _("See what opens the next one")
    return only.rstrip(".")


def _hint(item: OutlineRow) -> str:
    """What is next, and how long it still takes as far as anybody knows."""
    facts = {"title": item.title, "time": words_for_duration(item.seconds)}
    if not item.seconds:
        return _("Next: %(title)s") % facts
    if _is_resumable(item):
        facts["time"] = words_for_duration(max(0, item.seconds - (item.position or 0)))
        return _("Next: %(title)s, %(time)s left") % facts
    return _("Next: %(title)s, %(time)s") % facts


def _is_resumable(item: OutlineRow) -> bool:
    return item.type == "video" and (item.position or 0) >= RESUMABLE_FROM
