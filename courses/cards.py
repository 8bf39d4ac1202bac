"""Courses as cards: everything a page of them shows, in the same number of statements for one or for many."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F

from courses.markdown import first_sentences
from courses.models import Completion, ContentItem, Course
from courses.outline import Standing
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
    done = _completed(shown)
    return [_card(course, sizes.get(course.pk, {}), done.get(course.enrollment_id, 0)) for course in shown]


def _completed(courses: list[Any]) -> dict[UUID, int]:
    """Completed required published items by enrollment."""
    mine = Completion.objects.filter(
        enrollment__in=[course.enrollment_id for course in courses if course.enrollment_id]
    )
    counting = mine.filter(item__is_required=True, item__state="published")
    counted = counting.order_by().values(of=F("enrollment_id")).annotate(completed=Count("pk"))
    return {row["of"]: row["completed"] for row in counted}


def _card(course: Any, size: dict[str, Any], completed: int) -> Card:
    standing = Standing(completed, size.get("required", 0)) if course.enrollment_id else None
    return Card(
        slug=course.slug, title=course.title, text=first_sentences(course.description),
        level=course.get_level_display(), items=size.get("items", 0),
        time=words_for_duration(size.get("seconds") or None),
        cover=version_of(course.cover_path), is_published=course.is_published, standing=standing,
        has_started=course.last_item_id is not None or completed > 0,
    )  # fmt: skip


def version_of(path: str) -> str:
    """Changes when the picture does."""
    return path.rsplit("/", 1)[-1].removesuffix(".jpg")[-12:]
