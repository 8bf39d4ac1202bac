"""The creator's back office for courses."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import Organization, User
from core.tenancy import organization_scope
from courses.models import Chapter, ContentItem, Course, Enrollment, Question, Quiz
from courses.services.authoring import create_course
from tests.courses.conftest import Tides, make_media, make_quiz

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
ADMIN = "/admin/courses"


def management(prefix: str, total: int, initial: int = 0) -> dict[str, Any]:
    return {
        f"{prefix}-TOTAL_FORMS": total, f"{prefix}-INITIAL_FORMS": initial, f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 1000,
    }  # fmt: skip


def rows(prefix: str, *forms: dict[str, Any], initial: int = 0) -> dict[str, Any]:
    fields = {f"{prefix}-{n}-{name}": value for n, form in enumerate(forms) for name, value in form.items()}
    return {**management(prefix, len(forms), initial), **fields}


COURSE = {"title": "New course", "level": "beginner", "description": "", "objectives": "", "slug": ""}
TEXT = {"title": "Words", "type": "text", "text": "Some words.", "state": "published", "is_required": "on"}


def test_creator_builds_a_course_of_video_text_and_quiz_and_publishes_it(
    alice: User, client_of: ClientOf, scope: Organization
) -> None:
    media, client = make_media(), client_of(alice)
    client.post(f"{ADMIN}/quiz/add/", {"title": "Test", "pass_mark": 60, **quiz_rows("One?", "Two?", "Three?")})
    quiz = Quiz.objects.get()
    items = rows(
        "chapters-0-items",
        {"title": "Film", "type": "video", "media": media.pk, "state": "published", "is_required": "on"},
        TEXT,
        {"title": "Quiz", "type": "quiz", "quiz": quiz.pk, "state": "published", "is_required": "on"},
    )
    form = {**COURSE, **rows("chapters", {"title": "First"}), **items, "courses_course_publish": "1"}

    answer = client.post(f"{ADMIN}/course/add/", form, follow=True)

    course = Course.objects.get()
    assert [str(message) for message in answer.context["messages"]][1] == "“New course” is published."
    assert (course.slug, course.is_published, course.created_by) == ("new-course", True, alice)
    assert list(ContentItem.objects.in_order().values_list("title", "position")) == [
        ("Film", 1), ("Words", 2), ("Quiz", 3),
    ]  # fmt: skip
    assert quiz.questions.count() == 3


def quiz_rows(*prompts: str, choices: str = "*Yes\nNo") -> dict[str, Any]:
    return rows("questions", *({"prompt": prompt, "choices": choices, "points": 1} for prompt in prompts))


@pytest.mark.parametrize("wishes", [("", "", ""), ("1", "1", "1"), ("0", "1", "2"), ("7", "7", "9")])
def test_positions_left_out_or_doubled_are_renumbered(
    alice: User, client_of: ClientOf, scope: Organization, wishes: tuple[str, ...]
) -> None:
    chapters = rows("chapters", *({"title": f"Chapter {n}", "position": wish} for n, wish in enumerate(wishes)))
    empty = {key: value for n in range(3) for key, value in management(f"chapters-{n}-items", 0).items()}

    client_of(alice).post(f"{ADMIN}/course/add/", {**COURSE, **chapters, **empty})

    assert list(Chapter.objects.values_list("title", "position")) == [
        ("Chapter 0", 1), ("Chapter 1", 2), ("Chapter 2", 3),
    ]  # fmt: skip


def test_dragged_items_keep_their_new_order(
    tides: Tides, alice: User, client_of: ClientOf, scope: Organization
) -> None:
    chapter = tides.video.chapter
    film = {"id": tides.video.pk, "chapter": chapter.pk, "title": "The film", "type": "video", "media": tides.media.pk}
    words = {"id": tides.text.pk, "chapter": chapter.pk, "title": "The words", "type": "text", "text": "Some words."}
    items = rows(
        "chapters-0-items",
        {**film, "state": "published", "position": 1},
        {**words, "state": "published", "position": 0},
        initial=2,
    )
    chapters = rows(
        "chapters", {"id": chapter.pk, "course": tides.course.pk, "title": "Beginnings", "position": 1}, initial=1
    )

    client_of(alice).post(
        f"{ADMIN}/course/{tides.course.pk}/change/", {**COURSE, "slug": tides.course.slug, **chapters, **items}
    )

    assert list(ContentItem.objects.filter(chapter=chapter).values_list("title", "position")) == [
        ("The words", 1), ("The film", 2),
    ]  # fmt: skip


def test_chapter_that_is_removed_leaves_no_gap(
    tides: Tides, alice: User, client_of: ClientOf, scope: Organization
) -> None:
    first, second = Chapter.objects.order_by("position")
    chapters = rows(
        "chapters",
        {"id": first.pk, "course": tides.course.pk, "title": "Beginnings", "position": 1, "DELETE": "on"},
        {"id": second.pk, "course": tides.course.pk, "title": "Endings", "position": 2},
        initial=2,
    )
    items = {**management("chapters-0-items", 0), **management("chapters-1-items", 0)}

    client_of(alice).post(
        f"{ADMIN}/course/{tides.course.pk}/change/", {**COURSE, "slug": tides.course.slug, **chapters, **items}
    )

    assert list(Chapter.objects.values_list("title", "position")) == [("Endings", 1)]


def test_item_without_what_its_type_needs_is_told_at_the_field(
    alice: User, client_of: ClientOf, scope: Organization
) -> None:
    items = rows("chapters-0-items", {"title": "Film", "type": "video", "state": "published"})
    answer = client_of(alice).post(f"{ADMIN}/course/add/", {**COURSE, **rows("chapters", {"title": "First"}), **items})

    assert (answer.status_code, b"A video item needs media: choose one from the library." in answer.content) == (
        200,
        True,
    )
    assert Course.objects.count() == 0


def test_same_media_twice_in_a_new_chapter_is_refused(alice: User, client_of: ClientOf, scope: Organization) -> None:
    film = {"title": "Film", "type": "video", "media": make_media().pk, "state": "published"}
    items = rows("chapters-0-items", film, film)

    answer = client_of(alice).post(f"{ADMIN}/course/add/", {**COURSE, **rows("chapters", {"title": "First"}), **items})

    assert (answer.status_code, ContentItem.objects.count()) == (200, 0)


def test_taken_address_is_a_field_error(tides: Tides, alice: User, client_of: ClientOf, scope: Organization) -> None:
    form = {**COURSE, "slug": tides.course.slug, **rows("chapters")}
    answer = client_of(alice).post(f"{ADMIN}/course/add/", form)

    assert answer.context["adminform"].form.errors == {"slug": ["Another course already has this address."]}


def test_publishing_what_is_not_ready_is_refused_in_words(
    alice: User, client_of: ClientOf, scope: Organization
) -> None:
    course = create_course(title="Empty", by=alice)

    answer = client_of(alice).post(
        f"{ADMIN}/course/", {"action": "publish_selected", "_selected_action": [course.pk]}, follow=True
    )

    assert [str(message) for message in answer.context["messages"]] == [
        "“Empty” was not published. Add a chapter with at least one item first."
    ]


def test_course_with_learners_cannot_be_deleted(
    tides: Tides, bobs_place: Enrollment, alice: User, client_of: ClientOf, scope: Organization
) -> None:
    answer = client_of(alice).post(f"{ADMIN}/course/{tides.course.pk}/delete/", {"post": "yes"})

    assert (answer.status_code, Course.objects.count()) == (403, 1)


def test_view_as_learner_leads_to_the_course(tides: Tides, alice: User, client_of: ClientOf) -> None:
    answer = client_of(alice).get(reverse("admin:courses_course_view_as_learner", args=[tides.course.pk]))

    assert (answer.status_code, answer.url) == (302, "/harbor/courses/tides-and-currents/")


def picture() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (1600, 900), "teal").save(content, "PNG")
    return SimpleUploadedFile("cover.png", content.getvalue(), "image/png")


def test_picture_of_a_course_is_encoded_anew_and_shown(alice: User, client_of: ClientOf, scope: Organization) -> None:
    client = client_of(alice)
    client.post(f"{ADMIN}/course/add/", {**COURSE, "cover": picture(), **rows("chapters")})

    answer = client.get("/harbor/courses/new-course/cover.jpg")

    shown = Image.open(io.BytesIO(b"".join(answer.streaming_content)))
    assert (answer.status_code, shown.format, shown.size) == (200, "JPEG", (1280, 720))


def test_picture_that_is_none_is_told_and_the_course_is_saved(
    alice: User, client_of: ClientOf, scope: Organization
) -> None:
    form = {**COURSE, "cover": SimpleUploadedFile("cover.png", b"no picture"), **rows("chapters")}
    answer = client_of(alice).post(f"{ADMIN}/course/add/", form, follow=True)

    told = [str(message) for message in answer.context["messages"]][0]
    assert told == "This file is not a picture that can be read. Please use JPEG, PNG or WebP."
    assert Course.objects.get().thumbnail_path == ""


@pytest.mark.parametrize(
    ("choices", "fault"),
    [
        ("Only one", b"Give at least two options"),
        ("Yes\nNo", b"Mark exactly one option"),
        ("", b"This field is required"),
    ],
)
def test_question_without_a_clear_answer_is_a_field_error(
    alice: User, client_of: ClientOf, scope: Organization, choices: str, fault: bytes
) -> None:
    form = {"title": "Test", "pass_mark": 60, **quiz_rows("Why?", choices=choices)}
    answer = client_of(alice).post(f"{ADMIN}/quiz/add/", form)

    assert (answer.status_code, fault in answer.content, Quiz.objects.count()) == (200, True, 0)


def test_editing_a_question_keeps_the_keys_of_its_options(
    alice: User, client_of: ClientOf, scope: Organization
) -> None:
    quiz = make_quiz(prompts=("Why?",))
    before = quiz.questions.get()
    form = rows(
        "questions",
        {"id": before.pk, "quiz": quiz.pk, "prompt": "Why so?", "points": 1, "position": 1,
         "choices": "The moon's way\n*The sun's way\nNo way"},
        initial=1,
    )  # fmt: skip

    client_of(alice).post(f"{ADMIN}/quiz/{quiz.pk}/change/", {"title": "Test", "pass_mark": 60, **form})

    after = Question.objects.get()
    assert (after.prompt, after.options, after.answer) == ("Why so?", before.options, {"key": before.options[1]["key"]})


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("page", "statements"), [("course", 7), ("quiz", 7), ("enrollment", 7)])
def test_list_costs_the_same_for_any_number_of_rows(
    many_courses: Callable[[int], list[Course]], alice: User, bob: User, client_of: ClientOf, page: str,
    statements: int, count: int, django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    courses = many_courses(count)
    with organization_scope(courses[0].organization_id):
        for course in courses:
            make_quiz(f"Quiz of {course}")
            Enrollment.objects.create(course=course, user=bob)
    client = client_of(alice)

    with django_assert_num_queries(statements):
        answer = client.get(f"{ADMIN}/{page}/")

    assert len(answer.context["cl"].result_list) == count


@pytest.mark.parametrize("page", ["course", "quiz"])
def test_outsider_finds_no_row_to_edit(tides: Tides, charlie: User, client_of: ClientOf, page: str) -> None:
    key = {"course": tides.course.pk, "quiz": tides.quiz.pk}[page]

    answer = client_of(charlie).get(f"{ADMIN}/{page}/{key}/change/")

    assert answer.status_code == 404


def test_learner_has_no_back_office(tides: Tides, bob: User, client_of: ClientOf) -> None:
    assert client_of(bob).get(f"{ADMIN}/course/").status_code == 302
