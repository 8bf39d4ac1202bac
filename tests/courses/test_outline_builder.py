"""The outline of a course in the back office: every verb, two editors at once, and what it costs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Organization, Role, User
from courses.models import (
    Assignment,
    Attempt,
    Chapter,
    Completion,
    ContentItem,
    Course,
    Enrollment,
    Quiz,
    Resource,
    Submission,
)
from courses.services.authoring import add_chapter, add_item, create_course, save_chapter, save_course, save_item
from courses.services.enrolling import enroll
from courses.services.publishing import unpublish_course
from tests.courses.conftest import Tides, make_media

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
COURSES = "/admin/courses/course"
PAGE_STATEMENTS, CHECK_STATEMENTS, MOVE_STATEMENTS = 16, 12, 27


class Builder:
    """The page of one course, as the browser uses it: it keeps the revision that the last answer named."""

    def __init__(self, client: Client, course: Course) -> None:
        self.client, self.course, self.revision = client, course, course.revision
        self.by = course.created_by

    def look(self) -> None:
        """Opens the page again."""
        self.revision = Course.objects.get(pk=self.course.pk).revision

    def __call__(self, verb: str, **values: Any) -> Any:
        sent = {name: value.pk if hasattr(value, "pk") else value for name, value in values.items()}
        body = {"do": verb, "revision": self.revision, **sent}
        answer = self.client.post(f"{COURSES}/{self.course.pk}/outline/", body)
        self.revision = answer.json().get("revision", self.revision)
        return answer


@pytest.fixture
def build(tides: Tides, alice: User, client_of: ClientOf, scope: Organization) -> Builder:
    tides.course.refresh_from_db()
    return Builder(client_of(alice), tides.course)


def shape(course: Course) -> list[tuple[str, list[str]]]:
    """Titles as they stand, positions checked to be 1, 2, 3 …"""
    chapters = list(course.chapters.order_by("position").prefetch_related("items"))
    assert [chapter.position for chapter in chapters] == list(range(1, len(chapters) + 1))
    for chapter in chapters:
        assert [item.position for item in chapter.items.all()] == list(range(1, chapter.items.count() + 1))
    return [(chapter.title, [item.title for item in chapter.items.all()]) for chapter in chapters]


def test_chapters_are_added_renamed_moved_and_copied(build: Builder, tides: Tides) -> None:
    build("add_chapter", title="Middle")
    middle = Chapter.objects.get(title="Middle")
    moved = build("step_chapter", chapter=middle, step=-1).json()
    build("rename_chapter", chapter=middle, title="<Middle & more>")
    retold = build("duplicate_chapter", chapter=middle).json()
    gone = build("delete_chapter", chapter=retold["focus"], confirmed="1").json()
    build("duplicate_chapter", chapter=tides.video.chapter_id)

    told = (moved["said"], moved["focus"], moved["place"], moved["chapters"], "outline" in moved)
    assert told == ("Moved “Middle” to place 2 of 3.", str(middle.pk), 2, {}, False)
    assert (list(retold["chapters"]), retold["place"]) == ([retold["focus"]], 3)
    assert "&lt;Middle &amp; more&gt; (copy)" in retold["chapters"][retold["focus"]]
    assert (gone["gone"], gone["focus"]) == (retold["focus"], str(tides.test.chapter_id))
    assert shape(tides.course) == [
        ("Beginnings", ["The film", "The words"]), ("Beginnings (copy)", ["The film", "The words"]),
        ("<Middle & more>", []), ("Endings", ["The quiz"]),
    ]  # fmt: skip


def test_items_step_through_chapters_and_move_to_any_place(build: Builder, tides: Tides) -> None:
    down = build("step_item", item=tides.text, step=1).json()
    assert shape(tides.course) == [("Beginnings", ["The film"]), ("Endings", ["The words", "The quiz"])]
    assert down["said"] == "Moved “The words” to place 1 of 2. It is in “Endings” now."
    assert set(down["chapters"]) == {str(tides.video.chapter_id), str(tides.test.chapter_id)}

    build("step_item", item=tides.text, step=-1)
    top = build("step_item", item=tides.video, step=-1).json()
    build("move_item", item=tides.video, chapter=tides.test.chapter_id, position=2)

    assert top["said"] == "Moved “The film” to place 1 of 2."
    assert shape(tides.course) == [("Beginnings", ["The words"]), ("Endings", ["The quiz", "The film"])]


def test_several_videos_are_added_in_the_order_of_choosing(build: Builder, tides: Tides) -> None:
    first, second = make_media("Zebra"), make_media("Ape")
    chapter = tides.test.chapter

    added = build("add_media", chapter=chapter, media=[first.pk, second.pk])
    again = build("add_media", chapter=chapter, media=[make_media("New").pk, first.pk])

    assert added.json()["said"] == "Added 2 items."
    assert (again.status_code, again.json()["error"]["message"]) == (400, "This media is already in the chapter.")
    assert shape(tides.course)[1] == ("Endings", ["The quiz", "Zebra", "Ape"])


def test_something_new_is_a_draft_and_leads_to_its_form(build: Builder, tides: Tides) -> None:
    chapter = tides.test.chapter
    went = {kind: build("add_item", chapter=chapter, type=kind, title=f"A {kind}").json()["go"]
            for kind in ("text", "quiz", "assignment")}  # fmt: skip

    text, quiz, assignment = (ContentItem.objects.get(title=f"A {kind}") for kind in went)
    assert went == {
        "text": f"/admin/courses/contentitem/{text.pk}/change/",
        "quiz": f"/admin/courses/quiz/{quiz.quiz_id}/change/",
        "assignment": f"/admin/courses/assignment/{assignment.assignment_id}/change/",
    }
    assert {item.state for item in (text, quiz, assignment)} == {"draft"}
    assert (Quiz.objects.get(title="A quiz").item, Assignment.objects.get().item) == (quiz, assignment)


def test_resource_is_a_link_or_a_file(build: Builder, tides: Tides) -> None:
    chapter = tides.test.chapter
    build("add_item", chapter=chapter, type="resource", title="Atlas", link="https://sea.test/atlas")
    build("add_item", chapter=chapter, type="resource", title="Sheet", file=SimpleUploadedFile("sheet.pdf", b"%PDF-1"))
    neither = build("add_item", chapter=chapter, type="resource", title="Nothing")

    assert (neither.status_code, neither.json()["error"]["code"]) == (400, "file_or_link")
    assert Resource.objects.get(title="Atlas").link == "https://sea.test/atlas"
    assert Resource.objects.get(title="Sheet").filename == "sheet.pdf"
    assert shape(tides.course)[1] == ("Endings", ["The quiz", "Atlas", "Sheet"])


def test_state_requirement_and_minutes_are_set(build: Builder, tides: Tides) -> None:
    answer = build("set_item", item=tides.text, state="draft", estimated_minutes="7")

    tides.text.refresh_from_db()
    assert (tides.text.state, tides.text.is_required, tides.text.estimated_minutes) == ("draft", False, 7)
    assert " · 7 min · optional <b>Draft</b>" in answer.json()["chapters"][str(tides.text.chapter_id)]


def test_what_cannot_be_done_yet_stays_a_draft(build: Builder, tides: Tides) -> None:
    build("add_item", chapter=tides.test.chapter, type="quiz", title="Hard one")
    item = ContentItem.objects.get(title="Hard one")

    answer = build("set_item", item=item, state="published", is_required="on")

    item.refresh_from_db()
    assert (answer.status_code, answer.json()["error"]["code"], item.state) == (409, "not_ready", "draft")


def test_deleting_asks_back_with_who_has_done_it(build: Builder, tides: Tides, bob: User) -> None:
    with_work = enroll(tides.course, user=bob)
    Completion.objects.create(enrollment=with_work, item=tides.text, reason="read")
    essay = Assignment.objects.create(title="Essay")
    work = add_item(tides.text.chapter, by=build.by, type="assignment", title="Essay", assignment=essay)
    Submission.objects.create(assignment=essay, enrollment=with_work, number=1, state="submitted")
    build.look()

    tried = build("delete_item", item=work).json()
    asked = build("delete_chapter", chapter=tides.text.chapter_id).json()
    harmless = build("delete_item", item=tides.test).json()
    build("delete_item", item=tides.text, confirmed="1")

    words = (
        "1 learner has worked in it; what they have completed there is deleted too. "
        "1 submission still waits for its grade."
    )
    assert (asked["confirm"], tried["confirm"]) == (f"Delete “Beginnings”? {words}", f"Delete “Essay”? {words}")
    assert harmless["confirm"] == "Delete “The quiz”?"
    assert shape(tides.course) == [("Beginnings", ["The film", "Essay"]), ("Endings", ["The quiz"])]


def test_what_was_held_goes_unless_somebody_worked_on_it(
    build: Builder, tides: Tides, bob: User, django_capture_on_commit_callbacks: Any
) -> None:
    path = default_storage.save("resources/sheet.bin", ContentFile(b"tides"))
    sheet = Resource.objects.create(title="Sheet", path=path, size_bytes=5)
    tried, untried = Quiz.objects.create(title="Tried"), Quiz.objects.create(title="Untried")
    Attempt.objects.create(quiz=tried, enrollment=enroll(tides.course, user=bob), number=1)
    chapter = add_chapter(tides.course, title="Extra")
    for held in ({"resource": sheet}, {"quiz": tried}, {"quiz": untried}):
        add_item(chapter, by=build.by, type=next(iter(held)), title="x", state="draft", **held)
    build.look()

    with django_capture_on_commit_callbacks(execute=True):
        build("delete_chapter", chapter=chapter, confirmed="1")

    lists = [build.client.get(f"/admin/courses/{name}/?in_course=no") for name in ("quiz", "assignment", "resource")]
    assert (Resource.objects.exists(), default_storage.exists(path)) == (False, False)
    assert [[str(one) for one in page.context["cl"].result_list] for page in lists] == [["Tried"], [], []]


def test_second_editor_is_told_who_was_quicker_and_sees_what_they_made(
    build: Builder, tides: Tides, client_of: ClientOf, organization: Organization
) -> None:
    eve = User.objects.create_user("eve@harbor.test", "x", name="Eve")
    Membership.objects.create(user=eve, organization=organization, role=Role.CREATOR)
    other = Builder(client_of(eve), tides.course)
    other("rename_item", item=tides.text, title="Eve's words")

    refused = build("rename_item", item=tides.text, title="Alice's words")
    kept = ContentItem.objects.get(pk=tides.text.pk).title
    again = build("rename_item", item=tides.text, title="Alice's words")

    answer = refused.json()
    assert (refused.status_code, answer["error"]["code"], kept) == (409, "outline_changed", "Eve's words")
    assert answer["error"]["message"].startswith("Eve has changed this outline meanwhile.")
    assert ("Eve&#x27;s words" in answer["outline"], again.status_code) == (True, 200)


@pytest.mark.django_db(transaction=True)
def test_revision_is_answered_before_anybody_else_can_change_the_outline(build: Builder, tides: Tides) -> None:
    held: list[bool] = []

    def look(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("SELECT") and '"courses_course"."revision"' in sql.split(" FROM ")[0]:
            held.append(connection.in_atomic_block)
        return execute(sql, *rest)

    with connection.execute_wrapper(look):
        build("rename_item", item=tides.text, title="Other words")

    assert held[-1]


def test_what_is_gone_brings_the_outline_as_it_is(build: Builder, tides: Tides) -> None:
    key = tides.text.pk
    tides.text.delete()

    answer = build("rename_item", item=key, title="x")

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "gone")
    assert "The film" in answer.json()["outline"]


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, "unknown_verb"), ({"do": "add_chapter", "title": "x"}, "invalid"),
     ({"do": "add_chapter", "title": "\x00", "revision": 1}, "invalid"),
     ({"do": "move_item", "item": "x", "revision": 1}, "invalid")],
)  # fmt: skip
def test_nonsense_is_refused(build: Builder, body: dict[str, Any], code: str) -> None:
    answer = build.client.post(f"{COURSES}/{build.course.pk}/outline/", body)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


def test_rows_of_another_course_or_organization_are_not_found(
    build: Builder, tides: Tides, foreign_tides: Tides, alice: User
) -> None:
    other = add_chapter(create_course(title="Other", by=alice), title="Elsewhere")
    stray = add_item(other, by=alice, type="text", title="Stray", text="x")

    answers = [
        build("rename_chapter", chapter=other, title="x"), build("rename_item", item=stray, title="x"),
        build("move_item", item=tides.text, chapter=other), build("rename_item", item=foreign_tides.text, title="x"),
        build("move_item", item=tides.text, chapter=foreign_tides.text.chapter_id),
    ]  # fmt: skip
    foreign = build("add_media", chapter=tides.test.chapter, media=[foreign_tides.media.pk])

    assert [answer.json()["error"]["code"] for answer in (*answers, foreign)] == [*["gone"] * 5, "invalid"]
    assert build.client.post(f"{COURSES}/{foreign_tides.course.pk}/outline/").status_code == 404


def test_learner_has_no_builder(tides: Tides, bob: User, client_of: ClientOf) -> None:
    pages = [client_of(bob).get(f"{COURSES}/{tides.course.pk}/{page}/") for page in ("outline", "picker", "checklist")]

    assert [page.status_code for page in pages] == [302, 302, 302]


def grow(course: Course, chapters: int, items: int) -> None:
    first = course.chapters.count()
    made = Chapter.objects.bulk_create(
        Chapter(course=course, title=f"Chapter {n} of the sea", position=first + n + 1) for n in range(chapters)
    )
    ContentItem.objects.bulk_create(
        ContentItem(chapter=chapter, type="text", title=f"Lesson {n} about tides", text="…", position=n + 1)
        for chapter in made
        for n in range(items)
    )


@pytest.mark.parametrize(("chapters", "items"), [(1, 2), (60, 20)])
def test_page_and_move_cost_the_same_for_any_size(
    build: Builder, tides: Tides, chapters: int, items: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    grow(tides.course, chapters, items)
    last = ContentItem.objects.of_course(tides.course).in_order().last()

    build.client.get(f"{COURSES}/{tides.course.pk}/change/")  # what a process looks up once

    with django_assert_num_queries(PAGE_STATEMENTS):
        page = build.client.get(f"{COURSES}/{tides.course.pk}/change/")
    with django_assert_num_queries(CHECK_STATEMENTS):
        build.client.get(f"{COURSES}/{tides.course.pk}/checklist/")
    with django_assert_num_queries(MOVE_STATEMENTS):
        moved = build("move_item", item=last, chapter=last.chapter_id, position=1)

    assert (page.status_code, page.content.count(b"data-type=")) == (200, 3 + chapters * items)
    assert (len(page.content) < 1_000_000, moved.status_code) == (True, 200)


@pytest.mark.parametrize("count", [1, 30])
def test_picker_shows_what_there_is_and_what_the_chapter_has(
    build: Builder, tides: Tides, count: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for n in range(count):
        make_media(f"Wave {n}", ready=n > 0)
    path = f"{COURSES}/{tides.course.pk}/picker/"

    with django_assert_num_queries(8):
        page = build.client.get(path, {"chapter": tides.video.chapter_id}).content.decode()
    found = build.client.get(path, {"chapter": tides.video.chapter_id, "q": "tides"}).content.decode()
    empty = build.client.get(path, {"chapter": tides.video.chapter_id, "q": "desert"}).content.decode()

    assert page.count('type="checkbox"') == min(24, count + 1)
    assert (found.count('type="checkbox"'), "in this chapter already" in found, "2:00" in found) == (1, True, True)
    assert "Nothing in the library is called that." in empty
    assert build.client.get(path, {"chapter": "x"}).status_code == 404


ITEM = {"title": "The words", "description": "", "text": "Other words.", "state": "published", "is_required": "on"}


def test_item_has_a_page_of_its_own_that_leads_back(build: Builder, tides: Tides) -> None:
    page = f"/admin/courses/contentitem/{tides.text.pk}/change/"

    saved = build.client.post(page, ITEM)
    empty = build.client.post(page, {**ITEM, "text": " "})

    tides.text.refresh_from_db()
    back = f"{COURSES}/{tides.course.pk}/change/#chapter-{tides.text.chapter_id}"
    assert (saved.status_code, saved.url, tides.text.text) == (302, back, "Other words.")
    assert empty.context["adminform"].form.errors == {"text": ["A text item needs its text."]}


def test_second_editor_of_a_form_is_told_and_keeps_what_they_typed(build: Builder, tides: Tides) -> None:
    page = f"{COURSES}/{tides.course.pk}/change/"
    opened = build.client.get(page).context["adminform"].form["opened_as"].value()
    form = {"level": "beginner", "access": "open", "slug": tides.course.slug, "opened_as": opened}

    first = build.client.post(page, {**form, "title": "First", "awards_certificate": "on"})
    second = build.client.post(page, {**form, "title": "Second", "awards_certificate": "on"})
    told = second.context["adminform"].form
    insisting = build.client.post(page, {**form, "title": "Second", "opened_as": told["opened_as"].value()})

    assert (first.status_code, second.status_code, insisting.status_code) == (302, 200, 302)
    assert (told["title"].value(), [fault.code for fault in told.non_field_errors().as_data()]) == (
        "Second", ["changed_meanwhile"],
    )  # fmt: skip
    assert Course.objects.get(pk=tides.course.pk).title == "Second"


def test_chapter_has_a_page_of_its_own(build: Builder, tides: Tides) -> None:
    chapter = tides.text.chapter
    build.client.post(f"/admin/courses/chapter/{chapter.pk}/change/", {"title": "Start", "description": "Read first."})

    chapter.refresh_from_db()
    assert (chapter.title, chapter.description) == ("Start", "Read first.")


def test_checklist_publishes_what_is_clean_and_takes_back_what_learners_keep(
    build: Builder, tides: Tides, bob: User
) -> None:
    enroll(tides.course, user=bob)
    page = f"{COURSES}/{tides.course.pk}/checklist/"

    unpublished = build.client.post(page, {"unpublish": "1"}, follow=True)
    quiet = build.client.post(page, {})
    published = build.client.post(page, {"publish": "1"}, follow=True)

    assert ("Everything is ready" in unpublished.content.decode(), quiet.status_code) == (True, 302)
    assert "What its 1 learner has done is kept" in published.content.decode()
    assert (Course.objects.get().is_published, Enrollment.objects.count()) == (True, 1)


def test_copy_of_a_course_is_opened(build: Builder, tides: Tides) -> None:
    answer = build.client.post(f"{COURSES}/{tides.course.pk}/duplicate/")

    copy = Course.objects.get(title="Tides and currents (copy)")
    assert answer.url == f"{COURSES}/{copy.pk}/change/#outline"


def test_revision_grows_with_every_change(build: Builder, tides: Tides, alice: User) -> None:
    before = tides.course.revision

    add_item(tides.test.chapter, by=alice, type="text", title="More", text="x")

    tides.course.refresh_from_db()
    assert tides.course.revision == before + 1


def test_item_form_tells_media_that_the_chapter_has(build: Builder, tides: Tides) -> None:
    twin = add_item(tides.text.chapter, by=build.by, type="video", title="Twin", media=make_media("Twin"))
    form = {"title": "Twin", "media": tides.media.pk, "state": "published", "is_required": "on"}

    answer = build.client.post(f"/admin/courses/contentitem/{twin.pk}/change/", form)

    assert answer.context["adminform"].form.errors == {"media": ["This media is already in the chapter."]}


def test_rows_read_before_others_changed_them_take_nothing_back(build: Builder, tides: Tides) -> None:
    item, chapter = ContentItem.objects.get(pk=tides.text.pk), Chapter.objects.get(pk=tides.text.chapter_id)
    course = Course.objects.get(pk=tides.course.pk)
    build("move_item", item=tides.text, chapter=tides.test.chapter_id, position=1)
    build("move_chapter", chapter=chapter, position=2)
    unpublish_course(Course.objects.get(), by=build.by)

    item.title, chapter.title, course.title = "Renamed", "Late", "Other"
    save_item(item, by=build.by)
    save_chapter(chapter, by=build.by)
    save_course(course)

    assert shape(tides.course) == [("Endings", ["Renamed", "The quiz"]), ("Late", ["The film"])]
    now = Course.objects.get()
    assert (now.title, now.is_published, now.revision > course.revision) == ("Other", False, True)


def test_form_of_an_item_holds_the_course_before_the_item(build: Builder, tides: Tides) -> None:
    opened = [
        build.client.get(f"/admin/courses/{page}/change/").context["adminform"].form["opened_as"].value()
        for page in (f"contentitem/{tides.text.pk}", f"chapter/{tides.text.chapter_id}")
    ]
    with CaptureQueriesContext(connection) as asked:
        build.client.post(f"/admin/courses/contentitem/{tides.text.pk}/change/", {**ITEM, "opened_as": opened[0]})
        form = {"title": "Start", "description": "", "opened_as": opened[1]}
        build.client.post(f"/admin/courses/chapter/{tides.text.chapter_id}/change/", form)

    locked = [one["sql"].split('FROM "')[1].split('"')[0] for one in asked if "FOR NO KEY UPDATE" in one["sql"]]
    course, saved = "courses_course", ("courses_contentitem", "courses_chapter")
    assert locked == [name for row in saved for name in (course, row, course)]


def test_chapters_of_a_video_are_typed_as_lines(build: Builder, tides: Tides) -> None:
    page = f"/admin/courses/contentitem/{tides.video.pk}/change/"
    form = {"title": "The film", "media": tides.media.pk, "state": "published", "is_required": "on"}

    build.client.post(page, {**form, "marks": "1:02:03 Ebb\n\n 0:40  High tide "})
    shown = build.client.get(page).context["adminform"].form["marks"].value()
    wrong = build.client.post(page, {**form, "marks": "0:40 High tide\nEbb\n1:99 x"})

    tides.video.refresh_from_db()
    assert tides.video.metadata == {
        "chapters": [{"at": 40.0, "title": "High tide"}, {"at": 3723.0, "title": "Ebb"}],
    }  # fmt: skip
    words = "write when it begins and what it is called, such as 12:40 High tide."
    assert shown == "0:40 High tide\n1:02:03 Ebb"
    assert wrong.context["adminform"].form.errors == {"marks": [f"Line 2: {words}", f"Line 3: {words}"]}


@pytest.mark.parametrize("accept", ["application/json", "text/html,*/*"])
def test_chapters_open_one_after_another_with_and_without_javascript(build: Builder, tides: Tides, accept: str) -> None:
    address, headers = f"{COURSES}/{tides.course.pk}/outline/", {"Accept": accept}
    first = build.client.post(address, {"do": "open_in_order", "revision": build.revision}, headers=headers)
    rules = tides.course.chapters.get(position=2).availability
    stale = build.client.post(address, {"do": "open_side_by_side", "revision": 1}, headers=headers, follow=True)
    build.look()
    build.client.post(address, {"do": "open_side_by_side", "revision": build.revision}, headers=headers)

    assert rules == {"match": "all", "rules": [{"kind": "after_previous"}]}
    assert tides.course.chapters.exclude(availability={}).count() == 0
    if accept == "application/json":
        assert first.json()["said"] == "1 chapter waits for the one before it from now on."
    else:
        assert first.url == f"{COURSES}/{tides.course.pk}/change/#outline"
        told = [str(one) for one in stale.context["messages"]]
        assert told[-1].startswith("Alice has changed this outline meanwhile.")
