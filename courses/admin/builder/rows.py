"""The outline of a course in the back office, as HTML. As lean as courses.learn_space.outline, for the same reason.

Places in the outline are numbered by the style sheet, so that a move changes nothing but the rows that moved. What a
button is about stands in `data-id` of its row; static/js/builder.js does the rest.
"""

from collections import defaultdict
from collections.abc import Iterable
from html import escape
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import ContentItem, Course, ItemType
from media_library.wording import clock_time


class ItemRow(NamedTuple):
    """`duration` in seconds; `plays` is None of what is no media."""

    chapter_id: UUID
    id: UUID
    title: str
    type: str
    state: str
    is_required: bool
    minutes: int | None
    watched_from: int | None
    availability: dict[str, Any]
    duration: float | None
    plays: bool | None


class ChapterRow(NamedTuple):
    id: UUID
    title: str
    availability: dict[str, Any]
    items: list[ItemRow]


COLUMNS = (
    "chapter_id", "pk", "title", "type", "state", "is_required", "estimated_minutes", "watched_from",
    "availability", "media__duration", "media__rendition", "media__described_at", "media",
)  # fmt: skip


def read_rows(course: Course, chapters: Iterable[UUID] | None = None) -> list[ChapterRow]:
    """All chapters of the course or some, each with its items. Two statements."""
    some = {} if chapters is None else {"pk__in": list(chapters)}
    found = course.chapters.filter(**some).order_by("position").values_list("pk", "title", "availability")
    items: dict[UUID, list[ItemRow]] = defaultdict(list)
    rows = ContentItem.objects.of_course(course).filter(**{f"chapter__{name}": value for name, value in some.items()})
    for *plain, rendition, described, media in rows.order_by("position").values_list(*COLUMNS):
        row = ItemRow._make([*plain, None if media is None else bool(rendition or described)])
        items[row.chapter_id].append(row)
    return [ChapterRow(*chapter, items[chapter[0]]) for chapter in found]


def draw_outline(chapters: Iterable[ChapterRow]) -> SafeString:
    words = _Words()
    return SafeString("".join(_chapter(chapter, words) for chapter in chapters))


def draw_chapters(chapters: Iterable[ChapterRow]) -> dict[str, str]:
    """Each by its key, to stand where the old one stood."""
    words = _Words()
    return {str(chapter.id): _chapter(chapter, words) for chapter in chapters}


class _Words:
    """Translated once, not a thousand times."""

    def __init__(self) -> None:
        self.kinds = {kind.value: str(kind.label) for kind in ItemType}
        self.draft, self.optional, self.waits = _("Draft"), _("optional"), _("opens later")
        self.watched = _("watched from %d %%")
        self.unready, self.minutes = _("not ready to play"), _("%d min")
        self.buttons = "".join(
            f'<button data-do={do} aria-label="{label}">{sign}</button>'
            for do, label, sign in (("up", _("Move up"), "↑"), ("down", _("Move down"), "↓"), ("menu", _("More"), "⋯"))
        )
        self.edit, self.add, self.rename = _("Edit"), _("Add an item"), _("Rename")


def _chapter(chapter: ChapterRow, words: _Words) -> str:
    count = ngettext("%d item", "%d items", len(chapter.items)) % len(chapter.items)
    waits = f" · {words.waits}" if chapter.availability else ""
    items = "".join(_item(row, words) for row in chapter.items)
    return (
        f'<section class=b-chapter data-id={chapter.id} id="chapter-{chapter.id}"><header class=b-row>'
        f"<i class=b-grip></i><h3 class=b-name><button data-do=rename "
        f'title="{words.rename}">{escape(chapter.title)}</button></h3><span class=b-facts>{count}{waits}</span>'
        f"<span class=b-tools><button class=b-more data-do=add>{words.add}</button>"
        f'<a href="../../../chapter/{chapter.id}/change/">{words.edit}</a>{words.buttons}</span></header>'
        f"<ol class=b-items>{items}</ol></section>"
    )


def _item(row: ItemRow, words: _Words) -> str:
    """End tags that HTML allows to leave out are left out."""
    return (
        f'<li class="b-item b-row" data-id={row.id} data-type={row.type} data-state={row.state} '
        f"data-required={int(row.is_required)} data-minutes={row.minutes or ''}><i class=b-grip></i>"
        f"<span class=b-name><button data-do=rename>{escape(row.title)}</button></span>"
        f"<span class=b-facts>{_facts(row, words)}</span><span class=b-tools>"
        f'<a href="../../../contentitem/{row.id}/change/">{words.edit}</a>{words.buttons}</span>'
    )


def _facts(row: ItemRow, words: _Words) -> str:
    facts = [words.kinds[row.type]]
    if row.duration or row.minutes:
        facts.append(clock_time(row.duration) if row.duration else words.minutes % row.minutes)
    if row.watched_from:
        facts.append(words.watched % row.watched_from)
    facts += [word for word, is_so in (
        (words.optional, not row.is_required), (words.waits, bool(row.availability)),
    ) if is_so]  # fmt: skip
    text = " · ".join(facts)
    marks = "".join(f" <b>{word}</b>" for word, is_so in (
        (words.draft, row.state == "draft"), (words.unready, row.plays is False),
    ) if is_so)  # fmt: skip
    return text + marks
