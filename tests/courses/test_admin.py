"""The creator's back office for courses."""

import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import Organization, User
from core.tenancy import organization_scope
from courses.models import Assignment, Chapter, Collection, Course, Enrollment, Question, Quiz, Resource
from courses.services.authoring import create_course
from media_library.usage import uses_of_images
from tests.courses.conftest import Tides, make_quiz

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


COURSE = {"title": "New course", "level": "beginner", "access": "open", "description": "", "objectives": "", "slug": ""}


def test_after_the_first_save_one_lands_on_the_outline(alice: User, client_of: ClientOf, scope: Organization) -> None:
    answer = client_of(alice).post(f"{ADMIN}/course/add/", COURSE)

    course = Course.objects.get()
    assert (course.slug, course.created_by, course.revision) == ("new-course", alice, 1)
    assert answer.url == f"{ADMIN}/course/{course.pk}/change/#outline"


def quiz_rows(*prompts: str, choices: str = "*Yes\nNo") -> dict[str, Any]:
    return rows("questions", *({"prompt": prompt, "choices": choices, "points": 1} for prompt in prompts))


def test_taken_address_is_a_field_error(tides: Tides, alice: User, client_of: ClientOf, scope: Organization) -> None:
    form = {**COURSE, "slug": tides.course.slug}
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
    client.post(f"{ADMIN}/course/add/", {**COURSE, "cover": picture()})

    answer = client.get("/harbor/courses/new-course/cover.jpg")

    shown = Image.open(io.BytesIO(b"".join(answer.streaming_content)))
    assert (answer.status_code, shown.format, shown.size) == (200, "JPEG", (1280, 720))


def test_picture_that_is_none_is_told_and_the_course_is_saved(
    alice: User, client_of: ClientOf, scope: Organization
) -> None:
    form = {**COURSE, "cover": SimpleUploadedFile("cover.png", b"no picture")}
    answer = client_of(alice).post(f"{ADMIN}/course/add/", form, follow=True)

    told = [str(message) for message in answer.context["messages"]][0]
    assert told == "This file is not a picture that can be read. Please use JPEG, PNG or WebP."
    assert Course.objects.get().thumbnail_path == ""


@pytest.mark.parametrize(
    ("choices", "fault"),
    [
        ("Only one", b"Give at least two options"),
        ("Yes\nNo", b"Mark exactly one option"),
        ("", b"Give at least two options"),
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


def test_creator_types_a_question_of_each_kind_and_the_rules(
    alice: User, client_of: ClientOf, scope: Organization
) -> None:
    typed = rows(
        "questions",
        {"kind": "multiple_choice", "prompt": "Which?", "choices": "*A | Yes\n*B\nC", "points": 2},
        {"kind": "true_false", "prompt": "So?", "is_true": "false", "points": 1},
        {"kind": "short_text", "prompt": "Who?", "accepted": "Ann\nAnne", "points": 1},
        {"kind": "numeric", "prompt": "How many?", "value": "2,5", "tolerance": "0.1", "points": 1},
    )
    rules = {"pass_mark": 50, "time_limit_minutes": 9, "review": "last", "grade_method": "average"}
    client = client_of(alice)
    refused = client.post(f"{ADMIN}/quiz/add/", {"title": "Test", **rules, **rows(
        "questions", {"kind": "numeric", "prompt": "?", "value": "NaN", "points": 1})})  # fmt: skip
    client.post(f"{ADMIN}/quiz/add/", {"title": "Test", **rules, **typed})

    quiz = Quiz.objects.get()
    page = client.get(f"{ADMIN}/quiz/{quiz.pk}/change/").content.decode()
    assert b"Write a number, such as 2.5." in refused.content
    assert (quiz.time_limit_minutes, quiz.review, quiz.grade_method) == (9, "last", "average")
    assert [(one.kind, len(one.options)) for one in quiz.questions.all()] == [
        ("multiple_choice", 3), ("true_false", 0), ("short_text", 0), ("numeric", 0),
    ]  # fmt: skip
    assert [one.answer for one in quiz.questions.all()][1:] == [
        {"key": "false"}, {"accepted": ["Ann", "Anne"]}, {"value": "2.5", "tolerance": "0.1"},
    ]  # fmt: skip
    assert ("*A | Yes\n*B\nC" in page, "Ann\nAnne" in page) == (True, True)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("page", "statements"), [("course", 7), ("quiz", 7), ("enrollment", 9)])
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


def test_quiz_of_a_published_course_keeps_a_question(
    tides: Tides, alice: User, client_of: ClientOf, scope: Organization
) -> None:
    page = f"/admin/courses/quiz/{tides.quiz.pk}/change/"
    client = client_of(alice)
    shown = client.get(page).context["inline_admin_formsets"][0].formset
    kept = {f"questions-{n}-id": form.instance.pk for n, form in enumerate(shown.initial_forms)}
    gone = {f"questions-{n}-DELETE": "on" for n in range(3)}
    form = {"title": "Empty", "pass_mark": 60, **management("questions", 3, initial=3), **kept, **gone}

    answer = client.post(page, form)

    words = ["A published course needs this quiz: leave at least one question."]
    assert answer.context["adminform"].form.non_field_errors() == words
    assert tides.quiz.questions.count() == 3


def test_form_of_a_long_quiz_is_taken(tides: Tides, alice: User, client_of: ClientOf) -> None:
    page = f"/admin/courses/quiz/{tides.quiz.pk}/change/"
    many = {f"questions-{n}-{name}": "" for n in range(300) for name in range(14)}

    assert client_of(alice).post(page, {"title": "Long", **many}).status_code == 200


@pytest.mark.parametrize("kind", ["quiz", "assignment", "resource", "collection"])
def test_second_editor_is_told_on_every_form(alice: User, client_of: ClientOf, scope: Organization, kind: str) -> None:
    rows: dict[str, Any] = {
        "quiz": lambda: Quiz.objects.create(title="Old"),
        "assignment": lambda: Assignment.objects.create(title="Old"),
        "resource": lambda: Resource.objects.create(title="Old", link="https://sea.test/"),
        "collection": lambda: Collection.objects.create(title="Old", slug="old"),
    }
    row = rows[kind]()
    client, page = client_of(alice), f"/admin/courses/{kind}/{row.pk}/change/"
    opened = client.get(page).context["adminform"].form["opened_as"].value()
    type(row).objects.filter(pk=row.pk).update(title="Quicker")

    answer = client.post(page, {"title": "Slower", "opened_as": opened})

    codes = [fault.code for fault in answer.context["adminform"].form.non_field_errors().as_data()]
    row.refresh_from_db()
    assert ("changed_meanwhile" in codes, row.title) == (True, "Quicker")


def test_deleted_course_takes_its_picture_and_what_it_held_along(
    tides: Tides, alice: User, client_of: ClientOf, scope: Organization, django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    path = default_storage.save(f"{scope.pk}/courses/cover.jpg", ContentFile(b"x"))
    Course.objects.update(thumbnail_path=path)
    page = f"/admin/courses/course/{tides.course.pk}/delete/"

    with django_capture_on_commit_callbacks(execute=True):
        client_of(alice).post(page, {"post": "yes"})

    assert (Course.objects.count(), Quiz.objects.count(), default_storage.exists(path)) == (0, 0, False)


def test_image_in_a_collection_or_chapter_is_in_use(tides: Tides, scope: Organization) -> None:
    key = uuid4()
    shown = f"![Map](/harbor/images/{key}.webp)"
    sea = Collection.objects.create(title="Sea", slug="sea", description=shown)
    Chapter.objects.filter(title="Endings").update(description=shown)

    uses = uses_of_images([key])[key]

    assert sorted((use.kind, use.words) for use in uses) == [
        ("collection", "Sea"), ("course", "Tides and currents › Endings"),
    ]  # fmt: skip
    assert {use.address for use in uses} == {
        f"/admin/courses/collection/{sea.pk}/change/", f"/admin/courses/course/{tides.course.pk}/change/",
    }  # fmt: skip
