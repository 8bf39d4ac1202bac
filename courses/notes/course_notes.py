"""A learner's own notes of one course, in the order in which the course is taught."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from courses.models import Course, Note
from courses.models.item import ItemState
from courses.notes.files import NoteLine
from courses.services.notes import notes_of


def course_notes(course: Course, *, user: Any, words: str = "") -> QuerySet[Note]:
    """With `title`, what the item is called now or was when it went, and `is_open` whether it is still there to open.

    Notes of items that are gone come last.
    """
    mine = notes_of(user).filter(course=course.pk).annotate(
        title=Coalesce("item__title", "item_title"),
        is_open=Q(item__state=ItemState.PUBLISHED, item__isnull=False),
    )  # fmt: skip
    for word in words.split():
        mine = mine.filter(Q(text__icontains=word) | Q(title__icontains=word))
    chapter = F("item__chapter__position").asc(nulls_last=True)
    return mine.order_by(chapter, "item__position", "title", "item_id", F("at").asc(nulls_last=True), "created_at")


def by_item(notes: Iterable[Any]) -> list[list[Any]]:
    """Those of one item together; what its title is does not tell an item from others."""
    return [list(group) for _key, group in groupby(notes, key=lambda note: (note.item_id, note.title))]


def note_line(note: Any, lessons: str) -> NoteLine:
    """For a file; `lessons` is the address below which the course's lessons lie."""
    second = "" if note.at is None else f"?t={int(note.at)}"
    link = f"{lessons}{note.item_id}/{second}" if note.is_open else ""
    return NoteLine(note.item_id, note.title, note.at, note.text, link, note.created_at)
