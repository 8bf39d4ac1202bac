"""Where an accepted draft goes: the chapters that a person is offered, few at a time however many there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q, QuerySet

from courses.models import Chapter, ContentItem
from knowledge.models import Draft

OFFERED, RECENT, MOST_WORDS = 30, 12, 8


@dataclass(frozen=True)
class Offers:
    """Chapters in the order of their courses, each with the title of its course; `has_more`: not all are among them."""

    courses: Sequence[tuple[str, Sequence[Chapter]]]
    has_more: bool


def offered_chapters(draft: Draft, *, words: str, chosen: str) -> Offers:
    """What `words` find in titles of courses and chapters; without any, the courses that show the media, else those
    that were changed last. The `chosen` one, a key, stands first where it is not among them. At most three statements.
    """
    found, most = (_found(words), OFFERED) if words.split() else _likely(draft)
    rows = list(found[: most + 1])
    shown = rows[:most]
    if chosen and chosen not in {str(one.pk) for one in shown}:
        shown = [*_chapters().filter(pk=chosen), *shown]
    return Offers(_by_course(shown), len(rows) > most)


def _found(words: str) -> QuerySet[Chapter]:
    """Each word, wherever it stands."""
    chapters = _chapters()
    for word in words.split()[:MOST_WORDS]:
        chapters = chapters.filter(Q(title__icontains=word) | Q(course__title__icontains=word))
    return chapters.order_by("course__title", "course", "position")


def _likely(draft: Draft) -> tuple[QuerySet[Chapter], int]:
    """And how many of them at most."""
    showing = set(ContentItem.objects.filter(media=draft.media_id).values_list("chapter__course", flat=True))
    if showing:
        return _chapters().filter(course__in=showing).order_by("course__title", "course", "position"), OFFERED
    return _chapters().order_by("-course__updated_at", "course", "position"), RECENT


def _chapters() -> QuerySet[Chapter]:
    chapters: QuerySet[Chapter] = Chapter.objects.select_related("course")
    return chapters.only("title", "position", "course", "course__title")


def _by_course(chapters: Iterable[Chapter]) -> list[tuple[str, list[Chapter]]]:
    groups = groupby(chapters, key=lambda chapter: chapter.course)
    return [(course.title, list(held)) for course, held in groups]
