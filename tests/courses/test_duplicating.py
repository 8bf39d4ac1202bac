"""Copies: everything of the maker's, nothing of the learners'."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import Organization, User
from analytics.models import Event
from core.errors import Refused
from courses.models import Assignment, Chapter, Completion, ContentItem, Course, Enrollment, Question, Resource
from courses.services.authoring import add_item, save_item
from courses.services.duplicating import duplicate_chapter, duplicate_course, duplicate_item
from courses.services.publishing import find_faults
from tests.courses.conftest import Tides, make_quiz

pytestmark = pytest.mark.django_db
STATEMENTS = 27


def after(item: ContentItem) -> dict[str, Any]:
    return {"match": "all", "rules": [{"kind": "after_item", "item": str(item.pk)}]}


def with_everything(tides: Tides, by: User) -> None:
    """An assignment, a file and a link, and a rule that names an item."""
    path = default_storage.save(f"{tides.course.organization_id}/resources/a.pdf", ContentFile(b"pages"))
    chapter = tides.test.chapter
    file = Resource.objects.create(title="Sheet", path=path, filename="sheet.pdf", size_bytes=5, opened=3)
    link = Resource.objects.create(title="Atlas", link="https://sea.test/")
    add_item(chapter, by=by, type="assignment", title="Essay", assignment=Assignment.objects.create(title="Essay"))
    add_item(chapter, by=by, type="resource", title="Sheet", resource=file)
    add_item(chapter, by=by, type="resource", title="Atlas", resource=link)
    tides.test.availability = after(tides.text)
    save_item(tides.test, by=by)


def test_copy_of_a_course_is_a_draft_with_all_that_was_made(
    tides: Tides, bobs_place: Enrollment, alice: User, scope: Organization
) -> None:
    with_everything(tides, alice)
    Completion.objects.create(enrollment=bobs_place, item=tides.text, reason="read")
    tides.course.instructors.add(alice)

    copy = duplicate_course(Course.objects.get(pk=tides.course.pk), by=alice)

    items = {item.title: item for item in ContentItem.objects.of_course(copy).in_order()}
    assert (copy.title, copy.slug, copy.is_published) == ("Tides and currents (copy)", "tides-and-currents-copy", False)
    assert (copy.published_at, copy.status, list(copy.instructors.all())) == (None, "draft", [alice])
    assert [one.title for one in copy.chapters.order_by("position")] == ["Beginnings", "Endings"]
    assert list(items) == ["The film", "The words", "The quiz", "Essay", "Sheet", "Atlas"]
    assert (items["The film"].media, items["The words"].text) == (tides.media, tides.text.text)
    assert items["The quiz"].availability == after(items["The words"])
    assert (copy.enrollments.count(), Completion.objects.count()) == (0, 1)
    assert list(find_faults(copy)) == []
    placed = Event.objects.filter(type="video_added_to_course", course_id=copy.pk)
    assert list(placed.values_list("media_id", flat=True)) == [tides.media.pk]


def test_what_is_held_is_copied_row_by_row(tides: Tides, alice: User, scope: Organization) -> None:
    with_everything(tides, alice)

    copy = duplicate_course(tides.course, by=alice)

    items = {item.title: item for item in ContentItem.objects.of_course(copy).in_order()}
    quiz, sheet = items["The quiz"].quiz, items["Sheet"].resource
    shown = ("prompt", "options", "answer", "feedback", "points", "position")
    assert (quiz.pk != tides.quiz.pk, Question.objects.count()) == (True, 6)
    assert list(quiz.questions.values_list(*shown)) == list(tides.quiz.questions.values_list(*shown))
    assert (sheet.filename, sheet.opened, Assignment.objects.count(), Resource.objects.count()) == (
        "sheet.pdf",
        0,
        2,
        4,
    )
    Resource.objects.exclude(pk=sheet.pk).filter(title="Sheet").get()
    default_storage.delete(Resource.objects.exclude(pk=sheet.pk).get(title="Sheet").path)
    with default_storage.open(sheet.path) as kept:
        assert kept.read() == b"pages"


def test_copy_of_a_chapter_stands_behind_it_with_drafts(tides: Tides, alice: User, scope: Organization) -> None:
    tides.text.availability = after(tides.video)
    save_item(tides.text, by=alice)

    copy = duplicate_chapter(Chapter.objects.get(pk=tides.text.chapter_id), by=alice)

    items = {item.title: item for item in copy.items.all()}
    titles = Chapter.objects.order_by("position").values_list("title", flat=True)
    assert list(titles) == ["Beginnings", "Beginnings (copy)", "Endings"]
    assert {item.state for item in items.values()} == {"draft"}
    assert items["The words"].availability == after(items["The film"])


def test_rule_about_what_was_not_copied_stays(tides: Tides, alice: User, scope: Organization) -> None:
    tides.test.availability = after(tides.text)
    save_item(tides.test, by=alice)

    copy = duplicate_item(tides.test, by=alice)

    assert (copy.title, copy.state, copy.availability) == ("The quiz (copy)", "draft", after(tides.text))
    assert (copy.quiz_id != tides.quiz.pk, copy.quiz.questions.count()) == (True, 3)


def test_video_is_not_doubled_in_its_chapter(tides: Tides, alice: User, scope: Organization) -> None:
    with pytest.raises(Refused, match="already in the chapter"):
        duplicate_item(tides.video, by=alice)


def test_lost_file_leaves_nothing_half_copied(tides: Tides, alice: User, scope: Organization) -> None:
    with_everything(tides, alice)
    default_storage.delete(Resource.objects.get(title="Sheet").path)

    with pytest.raises(Refused) as refusal:
        duplicate_course(tides.course, by=alice)

    assert (refusal.value.code, Course.objects.count(), Resource.objects.count()) == ("file_missing", 1, 2)


@pytest.mark.parametrize("count", [1, 40])
def test_copying_costs_the_same_for_any_size(
    tides: Tides, alice: User, scope: Organization, count: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for n in range(count):
        chapter = Chapter.objects.create(course=tides.course, title=f"Chapter {n}", position=n + 3)
        ContentItem.objects.create(chapter=chapter, type="quiz", title="Q", quiz=make_quiz(f"Q {n}"), position=1)
        essay = Assignment.objects.create(title="Essay")
        ContentItem.objects.create(chapter=chapter, type="assignment", title="E", assignment=essay, position=2)

    with django_assert_num_queries(STATEMENTS):
        duplicate_course(tides.course, by=alice)
