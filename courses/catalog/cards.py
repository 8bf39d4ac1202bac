"""Courses as cards: everything a page of them shows, in the same number of statements for one or for many."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from courses.markdown import first_sentences
from courses.models import ContentItem, Course
from courses.progress.counting import Standing, standings_of
from media_library.wording import words_for_duration


@dataclass(frozen=True)
class Card:
    """`cover` is the version of the picture, empty without one; `standing` is None for who is not enrolled."""

    slug: str
    title: str
    text: str
    level: str
    items: int
    time: str
    cover: str
    is_published: bool
    standing: Standing | None
    has_started: bool


def make_cards(courses: Iterable[Course]) -> list[Card]:
    """Of courses read `with_cover` and `with_enrollment_of` a learner. Two statements more."""
    shown: list[Any] = list(courses)
    sizes = {size["course"]: size for size in ContentItem.objects.filter(chapter__course__in=shown).sizes()}
    standings = standings_of(course.enrollment_id for course in shown if course.enrollment_id)
    return [_card(course, sizes.get(course.pk, {}), standings.get(course.enrollment_id)) for course in shown]


def _card(course: Any, size: dict[str, Any], standing: Standing | None) -> Card:
    return Card(
        slug=course.slug, title=course.title, text=first_sentences(course.description),
        level=course.get_level_display(), items=size.get("items", 0),
        time=words_for_duration(size.get("seconds") or None),
        cover=version_of(course.cover_path), is_published=course.is_published, standing=standing,
        has_started=course.last_item_id is not None or bool(standing and standing.completed),
    )  # fmt: skip


def cover_path_of(course: Course) -> str:
    """The picture of one course in the storage, empty without one. One statement."""
    shown = Course.objects.filter(pk=course.pk).with_cover(ContentItem.objects.with_picture())
    return str(shown.values_list("cover_path", flat=True).get())


def version_of(path: str) -> str:
    """Changes when the picture does."""
    return path.rsplit("/", 1)[-1].removesuffix(".jpg")[-12:]
