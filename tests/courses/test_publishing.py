"""What keeps a course from being published: the same for page, API and back office."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from accounts.models import Organization, User
from courses.availability.reach import Chapter, Item, find_locked
from courses.models import ContentItem, Course
from courses.services.authoring import add_chapter, add_item, create_course
from courses.services.publishing import find_faults, publish_course
from tests.courses.conftest import Tides, make_media, make_quiz

ClientOf = Callable[[User], Client]


@pytest.mark.django_db
def test_page_api_and_service_say_the_same(alice: User, client_of: ClientOf, scope: Organization) -> None:
    course, client = create_course(title="Half done", by=alice), client_of(alice)
    full, _empty = add_chapter(course, title="Full"), add_chapter(course, title="Empty")
    add_item(full, by=alice, type="video", title="Film", media=make_media("Later", ready=False))
    quiz = add_item(full, by=alice, type="quiz", title="Test", quiz=make_quiz("Hard", prompts=()))
    late = add_item(full, by=alice, type="text", title="Late", text="x")
    first = add_item(full, by=alice, type="text", title="First", text="x", availability=_after(late.pk))
    ContentItem.objects.filter(pk=late.pk).update(availability=_after(first.pk))

    words = [fault.words for fault in find_faults(course)]
    page = client.get(f"/admin/courses/course/{course.pk}/checklist/")
    api = client.post(f"/api/v1/harbor/courses/{course.pk}/publish/").json()["error"]

    assert words == [
        "“Film” cannot be played yet: wait until “Later” is ready, or make the item a draft.",
        "The quiz “Hard” has no questions.",
        "The chapter “Empty” is empty: add an item, or remove the chapter.",
        "“Late” cannot open for anybody. It waits for “First”, which never opens before it.",
        "“First” cannot open for anybody. It waits for “Late”, which never opens before it.",
    ]
    assert ([one["words"] for one in page.context["faults"]], api["fields"]) == (words, {"chapters": words})
    assert page.context["faults"][1]["url"] == f"/admin/courses/contentitem/{quiz.pk}/change/"
    assert (b"disabled" in page.content, api["code"], Course.objects.get().is_published) == (
        True, "not_publishable", False,
    )  # fmt: skip


@pytest.mark.django_db
def test_drafts_keep_nobody_from_publishing(tides: Tides, alice: User, scope: Organization) -> None:
    add_item(tides.text.chapter, by=alice, type="text", title="To be written", state="draft")

    publish_course(tides.course, by=alice)

    assert list(find_faults(tides.course)) == []


def _after(key: UUID) -> dict[str, Any]:
    return {"match": "all", "rules": [{"kind": "after_item", "item": str(key)}]}


def _either(*rules: dict[str, Any], match: str = "any") -> dict[str, Any]:
    return {"match": match, "rules": list(rules)}


A, B, C, ONE, TWO, GONE = (uuid4() for _ in range(6))
DATE = {"kind": "date", "at": "2030-01-01T00:00:00+00:00"}
DAYS, PREVIOUS = {"kind": "days", "days": 3}, {"kind": "after_previous"}
WAITS_B, WAITS_C = {"kind": "after_item", "item": str(B)}, {"kind": "after_item", "item": str(C)}
WAITS_GONE = {"kind": "after_item", "item": str(GONE)}


@pytest.mark.parametrize(
    ("one", "a", "b", "two", "c", "locked"),
    [
        ({}, {}, {}, {}, {}, []),
        ({}, _either(DATE, DAYS, match="all"), _either(PREVIOUS), _either(PREVIOUS), _either(WAITS_B), []),
        ({}, _either(WAITS_C), _either(WAITS_B), {}, {}, [B]),
        ({}, _either(WAITS_B), _either(PREVIOUS), {}, {}, [A, B]),
        ({}, _either(WAITS_GONE), {}, {}, {}, [A]),
        ({}, _either(WAITS_GONE, DATE), {}, {}, {}, []),
        ({}, _either(WAITS_GONE, DATE, match="all"), {}, {}, {}, [A]),
        (_either(WAITS_C), {}, {}, _either({"kind": "after_chapter", "chapter": str(ONE)}), {}, [ONE, TWO]),
        ({}, {}, {}, _either({"kind": "after_chapter", "chapter": str(GONE)}), {}, [TWO]),
        ({}, {"rules": [{"kind": "min_score", "item": str(B), "percent": 60}]}, {}, {}, {}, [A]),
        ({}, {"rules": [{"kind": "min_score", "item": str(C), "percent": 60}]}, {}, {}, {}, []),
        ({"note": "unreadable"}, {"rules": ["x"]}, {}, {}, {}, []),
    ],
)
def test_what_never_opens_is_found(one: Any, a: Any, b: Any, two: Any, c: Any, locked: list[UUID]) -> None:
    course = [
        Chapter(ONE, "One", one, [Item(A, "A", "text", a), Item(B, "B", "text", b)]),
        Chapter(TWO, "Two", two, [Item(C, "C", "quiz", c)]),
    ]

    found = [found.item.id if found.item else found.chapter.id for found in find_locked(course)]

    assert found == locked


def test_draft_holds_nobody_back() -> None:
    course = [Chapter(ONE, "One", {}, [Item(A, "A", "text", _either(WAITS_GONE))])]

    assert list(find_locked(course, drafts=[GONE])) == []
