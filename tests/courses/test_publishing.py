"""What keeps a course from being published: the same for page, API and back office."""

from collections.abc import Callable
from time import process_time
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from accounts.models import Organization, User
from core.errors import Refused
from courses.availability.reach import Chapter, Item, find_locked
from courses.models import Completion, ContentItem, Course, Enrollment, Question
from courses.quizzes.grading import question_fault
from courses.services.authoring import add_chapter, add_item, create_course, save_item
from courses.services.publishing import find_faults, place_instead, publish_course
from courses.services.rearranging import move_item, reorder
from media_library.models import Media, Publication
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


A, B, C, ONE, TWO, THREE, GONE = (uuid4() for _ in range(7))
DATE = {"kind": "date", "at": "2030-01-01T00:00:00+00:00"}
DAYS, PREVIOUS = {"kind": "days", "days": 3}, {"kind": "after_previous"}
WAITS_B, WAITS_C = {"kind": "after_item", "item": str(B)}, {"kind": "after_item", "item": str(C)}
WAITS_A = {"kind": "after_item", "item": str(A)}
WAITS_GONE = {"kind": "after_item", "item": str(GONE)}


@pytest.mark.parametrize(
    ("one", "a", "b", "two", "c", "locked"),
    [
        ({}, {}, {}, {}, {}, []),
        ({}, _either(DATE, DAYS, match="all"), _either(PREVIOUS), _either(PREVIOUS), _either(WAITS_B), []),
        ({}, _either(WAITS_C), _either(WAITS_B), {}, {}, [B]),
        ({}, _either(WAITS_B), _either(PREVIOUS), {}, {}, [A, B]),
        ({}, _either(WAITS_GONE), {}, {}, {}, []),
        ({}, _either(WAITS_GONE, DATE, match="all"), {}, {}, {}, []),
        ({}, _either(WAITS_GONE, WAITS_C, match="all"), {}, {}, _either(WAITS_A), [A, C]),
        (_either(WAITS_C), {}, {}, _either({"kind": "after_chapter", "chapter": str(ONE)}), {}, [ONE, TWO]),
        ({}, {}, {}, _either({"kind": "after_chapter", "chapter": str(GONE)}), {}, []),
        ({}, {"rules": [{"kind": "min_score", "item": str(B), "percent": 60}]}, {}, {}, {}, [A]),
        ({}, {"rules": [{"kind": "min_score", "item": str(C), "percent": 60}]}, {}, {}, {}, []),
        ({"note": "unreadable"}, {}, {}, {}, {}, [ONE]),
        ({}, {"rules": ["x"]}, [], {}, {}, [A, B]),
    ],
)
def test_what_never_opens_is_found(one: Any, a: Any, b: Any, two: Any, c: Any, locked: list[UUID]) -> None:
    course = [
        Chapter(ONE, "One", one, [Item(A, "A", "text", a), Item(B, "B", "text", b)]),
        Chapter(TWO, "Two", two, [Item(C, "C", "quiz", c)]),
    ]

    found = [found.item.id if found.item else found.chapter.id for found in find_locked(course)]

    assert found == locked


def test_what_counts_not_holds_nobody_back_as_at_the_gates() -> None:
    optional = Item(A, "A", "text", _either(WAITS_A), counts=False)
    course = [
        Chapter(ONE, "One", {}, [optional, Item(B, "B", "text", _either(PREVIOUS))]),
        Chapter(TWO, "Two", _either({"kind": "after_chapter", "chapter": str(THREE)}, PREVIOUS, match="all"), []),
        Chapter(THREE, "Three", _either(WAITS_A), []),
    ]

    assert [found.row.title for found in find_locked(course)] == ["A", "Three"]


@pytest.mark.parametrize("step", [1, -1])
def test_long_chain_of_rules_takes_one_way(step: int) -> None:
    keys = [uuid4() for _ in range(1_200)]
    follows = {key: _after(before) for before, key in zip(keys[::step], keys[::step][1:], strict=False)}
    course = [Chapter(ONE, "One", {}, [Item(key, "x", "text", follows.get(key, {})) for key in keys])]
    began = process_time()

    assert list(find_locked(course)) == []
    assert process_time() - began < 0.5


@pytest.mark.django_db
def test_published_course_cannot_be_shut_for_ever(tides: Tides, alice: User, scope: Organization) -> None:
    def refused(change: Callable[[], Any]) -> str:
        with pytest.raises(Refused) as refusal:
            change()
        return refusal.value.code

    tides.video.availability = _after(tides.test.pk)
    save_item(tides.video, by=alice)
    tides.test.availability, tides.text.availability = _after(tides.video.pk), _both_ends(tides.test.chapter_id)

    circle = refused(lambda: save_item(tides.test, by=alice))
    save_item(tides.text, by=alice)
    into_itself = refused(lambda: move_item(tides.text, to=tides.test.chapter, position=None, by=alice))
    second = [*ContentItem.objects.filter(chapter=tides.test.chapter).values_list("pk", flat=True), tides.text.pk]
    order = [(tides.video.chapter_id, [tides.video.pk]), (tides.test.chapter_id, second)]
    at_once = refused(lambda: reorder(tides.course, order, by=alice))

    assert (circle, into_itself, at_once) == ("never_opens", "waits_for_itself", "waits_for_itself")
    assert ContentItem.objects.get(pk=tides.test.pk).availability == {}


@pytest.mark.django_db
def test_what_is_shown_in_a_published_course_can_be_done(
    tides: Tides, alice: User, client_of: ClientOf, scope: Organization
) -> None:
    client, chapter = client_of(alice), tides.test.chapter
    empty, old = make_quiz("Hard", prompts=()), make_media("Old")
    Media.objects.filter(pk=old.pk).update(publication=Publication.ARCHIVED)
    item = add_item(chapter, by=alice, type="quiz", title="Hard", quiz=empty, state="draft")
    form = {"title": "Hard", "quiz": empty.pk, "state": "published", "is_required": "on"}

    page = client.post(f"/admin/courses/contentitem/{item.pk}/change/", form)
    quiz = client.patch(f"/api/v1/harbor/items/{item.pk}/", {"state": "published"}, "application/json")
    body = {"type": "video", "title": "Old", "media": str(old.pk)}
    film = client.post(f"/api/v1/harbor/chapters/{chapter.pk}/items/", body, "application/json")

    assert page.context["adminform"].form.errors == {"state": ["The quiz “Hard” has no questions."]}
    assert [(one.status_code, one.json()["error"]["code"]) for one in (quiz, film)] == [(409, "not_ready")] * 2


@pytest.mark.django_db
def test_second_upload_gives_its_place_and_what_was_done_there(
    tides: Tides, bobs_place: Enrollment, alice: User, scope: Organization
) -> None:
    twin = make_media("Twin")
    double = add_item(tides.video.chapter, by=alice, type="video", title="Twin", media=twin, position=1)
    Completion.objects.create(enrollment=bobs_place, item=double, reason="watched")
    moved = add_item(tides.test.chapter, by=alice, type="video", title="Moved", media=twin)

    place_instead(twin, tides.media)

    places = ContentItem.objects.of_course(tides.course).in_order().values_list("title", "position", "media")
    assert list(places) == [
        ("The film", 1, tides.media.pk), ("The words", 2, None), ("The quiz", 1, None),
        (moved.title, 2, tides.media.pk),
    ]  # fmt: skip
    assert Completion.objects.get().item == tides.video


@pytest.mark.django_db
def test_faults_of_questions_are_told_by_their_kind(tides: Tides, scope: Organization) -> None:
    Question.objects.filter(quiz=tides.quiz, position=2).update(kind="numeric", options=[], answer={})

    assert [fault.words for fault in find_faults(tides.course)] == [
        f"The quiz “Quiz of Tides and currents”, question 2: {question_fault(tides.quiz.questions.get(position=2))}"
    ]


def _both_ends(chapter: UUID) -> dict[str, Any]:
    return {"match": "any", "rules": [DATE, {"kind": "after_chapter", "chapter": str(chapter)}]}
