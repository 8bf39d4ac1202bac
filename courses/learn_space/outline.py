"""The outline of a course as HTML, and what follows from it. Pure.

It is the one long list of the hottest page: a Django template needs 3 ms for a hundred rows, this needs a tenth of one.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.availability import Opening
from courses.models.item import ItemType
from courses.progress.counting import Standing
from media_library.wording import clock_time, words_for_duration

KINDS = {kind.value: kind.label for kind in ItemType}
LABELS = {
    "completed": gettext_lazy("Completed"),
    "excused": gettext_lazy("Excused"),
    "in_progress": gettext_lazy("In progress"),
    "not_started": gettext_lazy("Not started"),
    "locked": gettext_lazy("Locked"),
}


class OutlineRow(NamedTuple):
    """An item as `lessons.read_outline` reads it; `duration` and `position` in seconds, `percent` 0–100."""

    chapter_id: UUID
    chapter_title: str
    id: UUID
    title: str
    type: str
    state: str
    is_required: bool
    minutes: int | None
    duration: float | None
    reason: str | None
    position: float | None
    percent: float | None
    counts: bool
    is_done: bool
    chapter_availability: Any = None  # rules as PostgreSQL writes JSON; None where there are none
    availability: Any = None
    lock: Opening | None = None  # when and why it is shut to this learner (courses.availability.gates)

    @property
    def learner_state(self) -> str:
        if self.is_done:
            return "completed"
        if self.lock is not None:
            return "locked"
        if self.reason is not None:
            return "excused"
        return "in_progress" if self.percent else "not_started"

    @property
    def is_settled(self) -> bool:
        """Nothing is left to do: done, or excused from."""
        return self.reason is not None

    @property
    def seconds(self) -> float:
        """How long the item takes, as far as anybody knows."""
        return self.duration or (self.minutes or 0) * 60


def standing(rows: Iterable[OutlineRow]) -> Standing:
    counting = [row.is_done for row in rows if row.counts]
    return Standing(sum(counting), len(counting))


def next_row(rows: Sequence[OutlineRow], last_item_id: UUID | None) -> OutlineRow | None:
    """Where learning goes on: the last visited item until it is settled, then the first open one after it, then any.

    Where all that is left is locked, it is what opens first; with nothing left the first open item; None only in an
    empty course.
    """
    start = next((index for index, row in enumerate(rows) if row.id == last_item_id), 0)
    left = [row for row in [*rows[start:], *rows[:start]] if not row.is_settled]
    return next((row for row in left if row.lock is None), None) or _opens_first(left) or first_open(rows)


def first_open(rows: Sequence[OutlineRow]) -> OutlineRow | None:
    return next((row for row in rows if row.lock is None), rows[0] if rows else None)


def _opens_first(locked: Sequence[OutlineRow]) -> OutlineRow | None:
    """What opens by itself, before what has to be earned; at a tie the first in order."""
    return min(locked, key=lambda row: (_opening_time(row) is None, _opening_time(row) or 0), default=None)


def _opening_time(row: OutlineRow) -> float | None:
    opens_at = row.lock.opens_at if row.lock else None
    return opens_at.timestamp() if opens_at else None


def neighbors(rows: Sequence[OutlineRow], item_id: UUID) -> tuple[OutlineRow | None, OutlineRow | None]:
    """The items before and after one."""
    here = next((index for index, row in enumerate(rows) if row.id == item_id), None)
    if here is None:
        return None, None
    return rows[here - 1] if here else None, rows[here + 1] if here + 1 < len(rows) else None


def total_seconds(rows: Iterable[OutlineRow]) -> float:
    return sum(row.seconds for row in rows)


def render_outline(
    rows: Sequence[OutlineRow], *, prefix: str = "", current: UUID | None = None, keyed: bool = True,
    about: Mapping[UUID, str] | None = None,
) -> SafeString:  # fmt: skip
    """The outline; an item's address is `prefix` plus its key and a slash. Without a prefix items are no links.

    `about` says more of chapters, as HTML by key.

    Where a script names the items by their links (course_progress.js), they need not be `keyed`: 100 keys are 5 kB.
    """
    words = _Words.now()
    parts = [_opening(words)]
    for number, (key, chapter) in enumerate(groupby(rows, key=_chapter_of), start=1):
        items = list(chapter)
        parts.append(_chapter_opening(number, items, (about or {}).get(key, "")))
        parts += [_item(row, prefix, row.id == current, keyed, words) for row in items]
        parts.append("</ol></details>")
    parts.append("</div>")
    return SafeString("\n".join(parts))


class _Words(NamedTuple):
    """In the language of the reader, looked up once for hundreds of rows; escaped."""

    states: dict[str, str]
    kinds: dict[str, str]
    optional: str
    draft: str
    minutes: str

    @classmethod
    def now(cls) -> "_Words":
        states = {state: escape(str(label)) for state, label in LABELS.items()}
        kinds = {kind: escape(str(label)) for kind, label in KINDS.items()}
        return cls(states, kinds, escape(_("optional")), escape(_("draft")), escape(_("%(count)d min")))


def _opening(words: _Words) -> str:
    labels = (
        f'data-label-completed="{words.states["completed"]}" data-label-in-progress="{words.states["in_progress"]}"'
    )
    return f'<div class="outline" {labels}>'


def _chapter_of(row: OutlineRow) -> UUID:
    return row.chapter_id


def _chapter_opening(number: int, items: list[OutlineRow], about: str) -> str:
    at, more = standing(items), f"<div class=prose>{about}</div>" if about else ""
    time = words_for_duration(total_seconds(items) or None)
    count = _("%(done)d of %(total)d") % {"done": at.completed, "total": at.total}
    return (
        f'<details class="outline__chapter" open><summary><span class="outline__title">{number}. '
        f'{escape(items[0].chapter_title)}</span><span class="outline__count">{escape(count)}'
        f'{" · " if time else ""}{time}</span></summary>{more}<ol class="outline__items">'
    )


def _item(row: OutlineRow, prefix: str, is_current: bool, keyed: bool, words: _Words) -> str:
    """One row; quotes and end tags that HTML allows to leave out are left out, because there may be hundreds."""
    state = row.learner_state
    key = f" data-item-id={row.id}" if keyed else ""
    if row.lock is not None:
        return _locked_item(row, row.lock, words, key, is_current)
    opening, closing = (f'a class=outline__link href="{prefix}{row.id}/"', "a") if prefix else (LINKLESS, "span")
    return (
        f"<li class=outline__item{key} data-state={state}{CURRENT if is_current else ''}><{opening}>"
        f"<span class=state></span><span>{escape(row.title)} "
        f"<span class=visually-hidden data-state-label>{words.states[state]}</span>"
        f"<span class=outline__kind>{_kind(row, words)}</span></span>{_time(row, words)}</{closing}>"
    )


def _locked_item(row: OutlineRow, lock: Opening, words: _Words, key: str, is_current: bool) -> str:
    """No link: it can be reached by the keyboard all the same, to be told when and why."""
    state = row.learner_state
    return (
        f"<li class=outline__item{key} data-state={state} data-locked{CURRENT if is_current else ''}>"
        f"<span class=outline__link tabindex=0><span class=state></span><span>{escape(row.title)} "
        f"<span class=visually-hidden data-state-label>{words.states[state]}</span>"
        f"<span class=outline__kind>{_kind(row, words)}</span>"
        f"<span class=outline__lock>{escape(lock.words)}</span></span>{_time(row, words)}</span>"
    )


CURRENT = " aria-current=true"
LINKLESS = "span class=outline__link"


def _kind(row: OutlineRow, words: _Words) -> str:
    kind = words.kinds[row.type]
    if not row.is_required:
        kind += f" · {words.optional}"
    return kind if row.state == "published" else f"{kind} · {words.draft}"


def _time(row: OutlineRow, words: _Words) -> str:
    minutes = words.minutes % {"count": row.minutes} if row.minutes else ""
    time = clock_time(row.duration) if row.duration else minutes
    return time and f"<span class=outline__time>{time}</span>"
