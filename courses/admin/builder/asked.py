"""What a verb of the builder is asked, and what it says that was done."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from courses.models import Chapter, ContentItem, Course
from courses.services import rearranging


@dataclass(frozen=True)
class Asked:
    """Who asks for what in which course; `data` is the cleaned form."""

    course: Course
    data: dict[str, Any]
    by: Any

    @property
    def revision(self) -> int:
        return int(self.data["revision"])

    @property
    def chapter(self) -> Chapter:
        return self.chapter_of(self.data["chapter"])

    def chapter_of(self, key: UUID) -> Chapter:
        found: Chapter = get_object_or_404(Chapter, course=self.course, pk=key)
        return found

    @property
    def item(self) -> ContentItem:
        items = ContentItem.objects.of_course(self.course).select_related("chapter__course", "media", "quiz")
        found: ContentItem = get_object_or_404(items, pk=self.data["item"])
        return found


@dataclass(frozen=True)
class Done:
    """`said` is read out; `focus` is the row to go on with; `chapters` are those to draw anew, None: all.

    `place` is where the chapter `focus` stands now, from 1; `gone` is a chapter that was deleted.
    `confirm` asks back before anything is done, `go` is where the person goes on.
    """

    said: str = ""
    focus: UUID | None = None
    chapters: Collection[UUID] | None = None
    place: int | None = None
    gone: UUID | None = None
    confirm: str = ""
    go: str = ""


def moved(title: str, place: rearranging.Place) -> str:
    words = _("Moved “%(title)s” to place %(number)d of %(total)d.")
    return words % {"title": title, "number": place.number, "total": place.total}


def renamed(title: str) -> str:
    return _("It is called “%(title)s” now.") % {"title": title}


def deleted(title: str) -> str:
    return _("Deleted “%(title)s”.") % {"title": title}
