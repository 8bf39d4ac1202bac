"""What can be done to an outline, by the names that the page sends."""

from collections.abc import Callable

from courses.admin.builder import chapter_verbs as chapters
from courses.admin.builder import forms
from courses.admin.builder import item_verbs as items
from courses.admin.builder.asked import Asked, Done

Verb = Callable[[Asked], Done]

VERBS: dict[str, tuple[type[forms.Change], Verb]] = {
    "add_chapter": (forms.NewChapter, chapters.add_chapter),
    "rename_chapter": (forms.ChapterTitle, chapters.rename_chapter),
    "move_chapter": (forms.ChapterPlace, chapters.move_chapter),
    "step_chapter": (forms.ChapterStep, chapters.step_chapter),
    "duplicate_chapter": (forms.OneChapter, chapters.duplicate_chapter),
    "delete_chapter": (forms.ChapterRemoval, chapters.delete_chapter),
    "open_in_order": (forms.Change, chapters.open_in_order),
    "open_side_by_side": (forms.Change, chapters.open_side_by_side),
    "add_item": (forms.NewItem, items.add_item),
    "add_media": (forms.NewMedia, items.add_media),
    "rename_item": (forms.ItemTitle, items.rename_item),
    "move_item": (forms.ItemPlace, items.move_item),
    "step_item": (forms.ItemStep, items.step_item),
    "set_item": (forms.ItemFacts, items.set_item),
    "duplicate_item": (forms.OneItem, items.duplicate_item),
    "delete_item": (forms.ItemRemoval, items.delete_item),
}
