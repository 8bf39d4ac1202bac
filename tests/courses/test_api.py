"""The integrator's door to courses."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Organization, User
from core.tenancy import organization_scope
from courses.models import Chapter, ContentItem, Course, Enrollment, Question, Quiz
from courses.services.authoring import add_chapter, add_item, create_course
from courses.services.progress import mark_done
from tests.courses.conftest import Tides, fill, make_media, right_answers

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
API = "/api/v1/harbor"
UNKNOWN = "01a1f8b8-5ecf-7565-ab4e-582e663e4fed"


def send(client: Client, method: str, path: str, body: Any = None) -> Any:
    return getattr(client, method)(f"{API}/{path}", body, content_type="application/json")


def test_courses_of_a_learner_are_the_published_ones(tides: Tides, bob: User, alice: User, client_of: ClientOf) -> None:
    with organization_scope(tides.course.organization_id):
        create_course(title="Half done", by=alice)

    counts = [send(client_of(user), "get", "courses/").json()["count"] for user in (bob, alice)]
    assert counts == [1, 2]


def test_courses_are_filtered_by_status_and_creator(tides: Tides, alice: User, client_of: ClientOf) -> None:
    client = client_of(alice)
    queries = ("?status=ready", "?status=failed", f"?creator={alice.pk}", f"?creator={UNKNOWN}")

    assert [send(client, "get", f"courses/{query}").json()["count"] for query in queries] == [1, 0, 1, 0]


@pytest.mark.parametrize("count", [1, 3])
def test_course_list_costs_the_same_for_any_number(
    many_courses: Callable[[int], list[Course]], alice: User, client_of: ClientOf, count: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    many_courses(count)
    client = client_of(alice)

    with django_assert_num_queries(6):
        send(client, "get", "courses/")


def test_maker_makes_and_changes_a_course(alice: User, client_of: ClientOf) -> None:
    client = client_of(alice)
    made = send(client, "post", "courses/", {"title": "Salt & water", "level": "advanced"})
    changed = send(client, "patch", f"courses/{made.json()['id']}/", {"title": "Salt"})

    assert (made.status_code, made.json()["slug"], made.json()["created_by"]) == (201, "salt-water", str(alice.pk))
    assert (changed.status_code, changed.json()["title"]) == (200, "Salt")


def test_taken_address_is_a_field_error(tides: Tides, alice: User, client_of: ClientOf) -> None:
    answer = send(client_of(alice), "post", "courses/", {"title": "Again", "slug": "tides-and-currents"})

    assert (answer.status_code, answer.json()["error"]["fields"]) == (
        400, {"slug": ["Another course already has this address."]},
    )  # fmt: skip


def test_course_with_learners_is_not_deleted(
    tides: Tides, bobs_place: Enrollment, alice: User, client_of: ClientOf
) -> None:
    answer = send(client_of(alice), "delete", f"courses/{tides.course.pk}/")

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "has_learners")


WRITES = [
    ("post", "courses/"), ("patch", "courses/{course}/"), ("delete", "courses/{course}/"),
    ("post", "courses/{course}/chapters/"), ("post", "courses/{course}/publish/"), ("patch", "chapters/{chapter}/"),
    ("post", "chapters/{chapter}/items/"), ("delete", "items/{item}/"), ("post", "quizzes/"), ("get", "quizzes/"),
    ("get", "quizzes/{quiz}/"),
]  # fmt: skip


def addresses(tides: Tides) -> dict[str, Any]:
    return {
        "course": tides.course.pk, "chapter": tides.video.chapter_id, "item": tides.video.pk, "quiz": tides.quiz.pk,
    }  # fmt: skip


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_learner_may_not_make(tides: Tides, bob: User, client_of: ClientOf, method: str, path: str) -> None:
    assert send(client_of(bob), method, path.format(**addresses(tides)), {}).status_code == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *WRITES, ("get", "courses/{course}/structure/"), ("get", "courses/{course}/progress/"),
        ("post", "courses/{course}/enrollments/"), ("post", "quizzes/{quiz}/attempts/"), ("get", "items/{item}/"),
    ],
)  # fmt: skip
def test_outsider_finds_nothing(tides: Tides, charlie: User, client_of: ClientOf, method: str, path: str) -> None:
    assert send(client_of(charlie), method, path.format(**addresses(tides)), {}).status_code == 404


def test_chapters_are_placed_and_renumbered(tides: Tides, alice: User, client_of: ClientOf) -> None:
    client = client_of(alice)
    made = send(client, "post", f"courses/{tides.course.pk}/chapters/", {"title": "Middle", "position": 2}).json()
    send(client, "delete", f"chapters/{tides.video.chapter_id}/")
    listed = send(client, "get", f"courses/{tides.course.pk}/chapters/").json()["results"]

    assert made["position"] == 2
    assert [(chapter["title"], chapter["position"]) for chapter in listed] == [("Middle", 1), ("Endings", 2)]


def test_item_is_moved_within_its_chapter(tides: Tides, alice: User, client_of: ClientOf) -> None:
    client = client_of(alice)
    answer = send(client, "patch", f"items/{tides.text.pk}/", {"position": 1})
    listed = send(client, "get", f"chapters/{tides.video.chapter_id}/items/").json()["results"]

    assert (answer.status_code, [item["title"] for item in listed]) == (200, ["The words", "The film"])


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"type": "video", "title": "x"}, {"media"}),
        ({"type": "video", "title": "x", "media": UNKNOWN}, {"media"}),
        ({"type": "video", "title": "x", "media": "nonsense"}, {"media"}),
        ({"type": "text", "title": "x", "text": "y", "estimated_minutes": 0}, {"estimated_minutes"}),
        ({"type": "essay", "title": ""}, {"type", "title"}),
        ({"type": "quiz", "title": "x", "quiz": UNKNOWN}, {"quiz"}),
    ],
)
def test_wrong_item_is_told_by_field(
    tides: Tides, alice: User, client_of: ClientOf, body: dict[str, Any], fields: set[str]
) -> None:
    answer = send(client_of(alice), "post", f"chapters/{tides.video.chapter_id}/items/", body)

    assert (answer.status_code, set(answer.json()["error"]["fields"])) == (400, fields)


def test_same_media_twice_in_a_chapter_is_a_field_error(tides: Tides, alice: User, client_of: ClientOf) -> None:
    body = {"type": "video", "title": "Again", "media": str(tides.media.pk)}
    answer = send(client_of(alice), "post", f"chapters/{tides.video.chapter_id}/items/", body)

    assert answer.json()["error"]["fields"] == {"media": ["This media is already in the chapter."]}


def test_foreign_media_is_no_media_here(tides: Tides, foreign_tides: Tides, alice: User, client_of: ClientOf) -> None:
    body = {"type": "video", "title": "Theirs", "media": str(foreign_tides.media.pk)}
    answer = send(client_of(alice), "post", f"chapters/{tides.video.chapter_id}/items/", body)

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["media"])


@pytest.mark.parametrize("items", [1, 60])
def test_structure_costs_the_same_for_any_size(
    tides: Tides, bobs_place: Enrollment, bob: User, alice: User, client_of: ClientOf, scope: Organization, items: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    fill(tides, alice, items)
    client = client_of(bob)

    with django_assert_num_queries(7):
        send(client, "get", f"courses/{tides.course.pk}/structure/")


def test_structure_is_the_whole_tree_with_own_completions(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    mark_done(tides.text, enrollment=bobs_place)

    chapters = send(client_of(bob), "get", f"courses/{tides.course.pk}/structure/").json()["chapters"]

    assert [(one["title"], [(item["title"], item["completed"]) for item in one["items"]]) for one in chapters] == [
        ("Beginnings", [("The film", False), ("The words", True)]),
        ("Endings", [("The quiz", False)]),
    ]


def test_publishing_answers_with_each_fault(alice: User, client_of: ClientOf, scope: Organization) -> None:
    course = create_course(title="Empty", by=alice)
    add_chapter(course, title="Nothing in it")

    answer = send(client_of(alice), "post", f"courses/{course.pk}/publish/")

    assert (answer.status_code, answer.json()["error"]["fields"]) == (
        409, {"chapters": ["The chapter “Nothing in it” is empty: add an item, or remove the chapter."]},
    )  # fmt: skip


def test_learner_enrolls_answers_and_reads_progress(tides: Tides, bob: User, client_of: ClientOf) -> None:
    client = client_of(bob)
    enrolled = send(client, "post", f"courses/{tides.course.pk}/enrollments/")
    with organization_scope(tides.course.organization_id):
        answers = right_answers(tides.quiz)
    attempt = send(client, "post", f"quizzes/{tides.quiz.pk}/attempts/", {"answers": answers})
    listed = send(client, "get", f"quizzes/{tides.quiz.pk}/attempts/").json()
    progress = send(client, "get", f"courses/{tides.course.pk}/progress/").json()

    assert (enrolled.status_code, attempt.status_code, attempt.json()["percent"]) == (201, 201, 100)
    assert (listed["count"], listed["results"][0]["review"][0]["feedback"]) == (
        1, "Feedback on Which way does the tide turn?",
    )  # fmt: skip
    assert progress == {"completed": 1, "total": 3, "percentage": 33}


def test_progress_and_attempts_need_an_enrollment(tides: Tides, bob: User, client_of: ClientOf) -> None:
    client = client_of(bob)
    paths = (f"courses/{tides.course.pk}/progress/", f"quizzes/{tides.quiz.pk}/attempts/", f"items/{tides.test.pk}/")

    assert [send(client, "get", path).status_code for path in paths] == [404, 404, 404]


def test_quiz_item_tells_a_learner_nothing_about_right_answers(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf
) -> None:
    sheet = send(client_of(bob), "get", f"items/{tides.test.pk}/").json()["quiz_sheet"]

    assert [set(question) for question in sheet["questions"]] == [{"id", "kind", "prompt", "options", "points"}] * 3
    assert {key for question in sheet["questions"] for option in question["options"] for key in option} == {
        "key",
        "text",
    }


@pytest.mark.parametrize("answers", [None, "x", ["x"], {"x": "y"}, {UNKNOWN: "y"}, {UNKNOWN: {"a": 1}}])
def test_nonsense_answers_are_refused(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, answers: Any
) -> None:
    answer = send(client_of(bob), "post", f"quizzes/{tides.quiz.pk}/attempts/", {"answers": answers})

    assert (answer.status_code, "error" in answer.json()) == (400, True)


QUESTION = {"prompt": "Why?", "points": 2, "options": [{"text": "Yes", "is_right": True}, {"text": "No"}]}


def test_maker_writes_a_quiz_with_its_questions(alice: User, client_of: ClientOf, scope: Organization) -> None:
    client = client_of(alice)
    made = send(client, "post", "quizzes/", {"title": "New", "questions": [QUESTION, {**QUESTION, "prompt": "How?"}]})
    kept = made.json()["questions"][1]
    changed = send(client, "patch", f"quizzes/{made.json()['id']}/", {"questions": [kept]})

    assert made.status_code == 201
    assert changed.json()["questions"] == [kept]
    assert list(Question.objects.values_list("prompt", "position")) == [("How?", 1)]


@pytest.mark.parametrize("options", [[], [{"text": "Yes", "is_right": True}], [{"text": "Yes"}, {"text": "No"}], ["x"]])
def test_ungradable_question_is_refused(
    alice: User, client_of: ClientOf, scope: Organization, options: list[Any]
) -> None:
    answer = send(client_of(alice), "post", "quizzes/", {"title": "x", "questions": [{**QUESTION, "options": options}]})

    assert (answer.status_code, Quiz.objects.count()) == (400, 0)


def test_quiz_in_use_is_not_deleted(tides: Tides, alice: User, client_of: ClientOf) -> None:
    assert send(client_of(alice), "delete", f"quizzes/{tides.quiz.pk}/").status_code == 409


def test_unready_media_is_no_obstacle_for_an_item(
    tides: Tides, alice: User, client_of: ClientOf, scope: Organization
) -> None:
    media = make_media("Later", ready=False)
    body = {"type": "video", "title": "Later", "media": str(media.pk)}
    answer = send(client_of(alice), "post", f"chapters/{tides.test.chapter_id}/items/", body)

    assert (answer.status_code, answer.json()["position"]) == (201, 2)
    assert (ContentItem.objects.count(), Chapter.objects.count()) == (4, 2)


def test_course_names_its_instructors_signer_and_revision(
    tides: Tides, bob: User, alice: User, client_of: ClientOf, scope: Organization
) -> None:
    client, path = client_of(alice), f"courses/{tides.course.pk}/"
    body = {"instructors": [str(alice.pk)], "certificate_signer": "Dr. Ebb"}

    made = send(client, "post", "courses/", {"title": "Salt", "instructors": [str(alice.pk)]}).json()
    changed = send(client, "patch", path, {**body, "revision": 999}).json()
    learner = send(client, "patch", path, {"instructors": [str(bob.pk)]})

    tides.course.refresh_from_db()
    assert (made["instructors"], made["revision"]) == ([str(alice.pk)], 1)
    assert {name: changed[name] for name in body} == body
    assert changed["revision"] == tides.course.revision
    assert (learner.status_code, list(learner.json()["error"]["fields"])) == (400, ["instructors"])


@pytest.mark.parametrize("metadata", [[], "text", None, 1])
def test_metadata_of_an_item_is_an_object(tides: Tides, alice: User, client_of: ClientOf, metadata: Any) -> None:
    answer = send(client_of(alice), "patch", f"items/{tides.text.pk}/", {"metadata": metadata})

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["metadata"])


def test_structure_tells_learners_of_no_empty_chapter(
    tides: Tides, bobs_place: Enrollment, bob: User, alice: User, client_of: ClientOf, scope: Organization
) -> None:
    chapter = add_chapter(tides.course, title="Unwritten")
    add_item(chapter, by=alice, type="text", title="Draft", state="draft")

    trees = [send(client_of(who), "get", f"courses/{tides.course.pk}/structure/").json() for who in (alice, bob)]

    titles = [[chapter["title"] for chapter in tree["chapters"]] for tree in trees]
    assert titles == [["Beginnings", "Endings", "Unwritten"], ["Beginnings", "Endings"]]


def test_chapters_open_one_after_another_or_all_at_once(
    tides: Tides, alice: User, client_of: ClientOf, scope: Organization
) -> None:
    client, path = client_of(alice), f"courses/{tides.course.pk}/opening/"

    ordered = send(client, "post", path, {"one_after_another": True})
    rules = tides.course.chapters.get(position=2).availability
    stale = send(client, "post", path, {"one_after_another": False, "revision": ordered.json()["revision"] - 1})
    free = send(client, "post", path, {"one_after_another": False, "revision": ordered.json()["revision"]})

    assert rules == {"match": "all", "rules": [{"kind": "after_previous"}]}
    assert (stale.json()["error"]["code"], free.status_code) == ("outline_changed", 200)
    assert tides.course.chapters.exclude(availability={}).count() == 0
