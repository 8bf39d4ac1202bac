"""Attempts at a quiz through the doors: the page, with and without JavaScript, and the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from courses.models import Attempt, ContentItem, Enrollment, Quiz
from courses.services.attempts import save_answers, start_attempt, take_quiz
from courses.services.publishing import publish_course, unpublish_course
from courses.services.quizzes import write_quiz
from tests.courses.asking import answers_to, ask_of_each_kind, let_time_pass
from tests.courses.conftest import Tides, wrong_answers

ClientOf = Callable[[User], Client]


@pytest.fixture
def quiz(tides: Tides, scope: Organization) -> Quiz:
    """A question of each kind, three attempts, five minutes."""
    return ask_of_each_kind(tides.quiz, time_limit_minutes=5)


def page_of(tides: Tides, name: str = "lesson", **more: Any) -> str:
    where = {"organization": "harbor", "course": tides.course.slug, "item_id": tides.test.pk}
    return reverse(f"courses:{name}", kwargs={**where, **more})


def sheet_fields(quiz: Quiz, answers: dict[str, Any]) -> dict[str, Any]:
    asked = [str(question.pk) for question in quiz.questions.all()]
    return {"asked": asked, **{f"question-{key}": answer for key, answer in answers.items()}}


def test_learner_starts_saves_hands_in_and_sees_the_review_without_javascript(
    tides: Tides, quiz: Quiz, bobs_place: Enrollment, bob: User, client_of: ClientOf
) -> None:
    client, answers = client_of(bob), answers_to(quiz)
    before = client.get(page_of(tides)).context
    started = client.post(page_of(tides, "start_quiz"), follow=True)
    attempt = Attempt.objects.get()
    some = dict(list(answers.items())[:4])
    saved = client.post(page_of(tides, "save_quiz", attempt_id=attempt.pk), sheet_fields(quiz, some), follow=True)
    asked = client.post(page_of(tides, "submit_quiz", attempt_id=attempt.pk), sheet_fields(quiz, some), follow=True)
    done = client.post(page_of(tides, "submit_quiz", attempt_id=attempt.pk), {"confirmed": "yes"}, follow=True)

    assert (before["view"], before["question_total"], before["left"]) == ("start", 5, 3)
    assert (started.context["view"], started.context["seconds_left"] > 290) == ("sheet", True)
    assert [question.is_open for question in saved.context["sheet"]] == [False] * 4 + [True]
    assert (asked.context["view"], asked.context["open_numbers"]) == ("sheet", [5])
    assert (done.context["view"], done.context["points"], done.context["attempt"].passed) == ("result", "4", True)
    assert [question.verdict for question in done.context["sheet"]] == ["right"] * 4 + ["wrong"]
    assert [words in done.content.decode() for words in ("Told of two", "9.81 ± 0.02")] == [True, True]


def test_attempt_that_ran_out_passed_is_done_wherever_the_page_says_so(
    tides: Tides, quiz: Quiz, bobs_place: Enrollment, bob: User, client_of: ClientOf
) -> None:
    attempt = start_attempt(quiz, enrollment=bobs_place)
    save_answers(attempt, answers_to(quiz))
    let_time_pass(attempt, seconds=60)

    page = client_of(bob).get(page_of(tides))

    assert (page.context["view"], page.context["unmet"], page.context["lesson"].is_done) == ("result", "", True)
    assert (page.context["at"].completed, page.context["outline"].count("data-state=completed")) == (1, 1)


def test_autosave_answers_in_words_and_unticking_all_boxes_is_saved(
    tides: Tides, quiz: Quiz, bobs_place: Enrollment, bob: User, client_of: ClientOf
) -> None:
    client, answers = client_of(bob), answers_to(quiz)
    attempt = save_answers(start_attempt(quiz, enrollment=bobs_place), answers)
    [boxes] = quiz.questions.filter(kind="multiple_choice")
    [number] = quiz.questions.filter(kind="numeric")
    address = page_of(tides, "save_quiz", attempt_id=attempt.pk)
    as_json = {"headers": {"Accept": "application/json"}}

    saved = client.post(address, {"asked": str(boxes.pk)}, **as_json)
    fault = client.post(address, {"asked": str(number.pk), f"question-{number.pk}": "about ten"}, **as_json)
    let_time_pass(attempt, seconds=60)
    late = client.post(address, {"asked": str(boxes.pk)}, **as_json)

    assert (saved.status_code, saved.json()["saved"][:6]) == (200, "Saved ")
    assert fault.json()["error"]["message"] == "Question 5 was not saved: Write a number, such as 2.5."
    assert (late.status_code, late.json()["error"]["code"]) == (409, "attempt_over")
    assert Attempt.objects.get().answers == {key: said for key, said in answers.items() if key != str(boxes.pk)}


@pytest.mark.parametrize(
    ("review", "reviewed"),
    [("each", [True, True, True]), ("last", [False, False, True]), ("never", [False, False, False])],
)
def test_review_is_shown_by_the_policy(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization, review: str,
    reviewed: list[bool],
) -> None:  # fmt: skip
    tides.quiz.review = review
    write_quiz(tides.quiz)
    client, shown = client_of(bob), []

    for _ in range(3):
        take_quiz(tides.quiz, enrollment=bobs_place, answers=wrong_answers(tides.quiz))
        shown.append(client.get(page_of(tides)).context["is_reviewed"])

    assert shown == reviewed
    refusal = client.post(page_of(tides, "start_quiz"), follow=True)
    assert [str(message) for message in refusal.context["messages"]] == ["You have used all attempts at this quiz."]


@pytest.mark.parametrize("count", [1, 12])
def test_result_page_costs_the_same_for_any_number_of_attempts(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization, count: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    ask_of_each_kind(tides.quiz, max_attempts=None)
    for _ in range(count):
        take_quiz(tides.quiz, enrollment=bobs_place, answers=answers_to(tides.quiz))
    client = client_of(bob)

    with django_assert_num_queries(9):
        page = client.get(page_of(tides))

    assert len(page.context["list"]) == count


def test_second_press_of_submit_warns_only_where_something_was_not_saved(
    tides: Tides, quiz: Quiz, bobs_place: Enrollment, bob: User, client_of: ClientOf
) -> None:
    attempt, client, answers = start_attempt(quiz, enrollment=bobs_place), client_of(bob), answers_to(quiz)
    door = page_of(tides, "submit_quiz", attempt_id=attempt.pk)
    other = {**answers, next(key for key, one in answers.items() if one == "true"): "false"}

    pages = [client.post(door, sheet_fields(quiz, sent), follow=True) for sent in (answers, answers, other)]

    told = [[str(message) for message in page.context["messages"]] for page in pages]
    assert told == [[], [], ["This attempt is over. What was saved in time counts."]]
    assert Attempt.objects.get().points == 5


def test_preview_of_a_maker_stores_nothing(tides: Tides, quiz: Quiz, alice: User, client_of: ClientOf) -> None:
    client = client_of(alice)

    page = client.get(page_of(tides))
    start = client.post(page_of(tides, "start_quiz"))

    assert (page.context["view"], b"nothing is saved or handed in" in page.content) == ("preview", True)
    assert (start.status_code, Attempt.objects.count()) == (404, 0)


def send(client: Client, method: str, path: str, data: Any = None) -> Any:
    address = f"/api/v1/harbor/{path}"
    return getattr(client, method)(address, data, content_type="application/json")


def test_integrator_starts_saves_and_hands_in(
    tides: Tides, quiz: Quiz, bobs_place: Enrollment, bob: User, alice: User, client_of: ClientOf
) -> None:
    client, answers = client_of(bob), answers_to(quiz)
    started = send(client, "post", f"quizzes/{quiz.pk}/attempts/")
    path = f"attempts/{started.json()['id']}/"
    nonsense = send(client, "patch", path, {"answers": {list(answers)[-1]: "Infinity"}})
    saved = send(client, "patch", path, {"answers": answers})
    done, again = send(client, "post", f"{path}submit/"), send(client, "post", f"{path}submit/")
    late = send(client, "patch", path, {"answers": answers})
    report = send(client_of(alice), "get", f"quizzes/{quiz.pk}/results/").json()

    assert (started.status_code, len(started.json()["questions"]), started.json()["review"]) == (201, 5, None)
    assert started.json()["seconds_left"] in range(290, 301)
    assert (nonsense.status_code, list(nonsense.json()["error"]["fields"])) == (400, [f"answers.{list(answers)[-1]}"])
    assert (saved.json()["answers"], saved.json()["state"]) == (answers, "in_progress")
    assert (done.json()["points"], done.json()["passed"], again.json()) == (5.0, True, done.json())
    assert done.json()["review"][-1] == {
        "question": list(answers)[-1], "points": 1.0, "options": [], "accepted": ["9.81 ± 0.02"],
        "feedback": "Feedback on numeric",
    }  # fmt: skip
    assert (late.status_code, late.json()["error"]["code"]) == (409, "attempt_over")
    assert [(one["user"], one["percent"]) for one in report["results"]] == [(str(bob.pk), 100)]


def test_running_attempt_comes_to_its_end_where_its_quiz_was_taken_away(
    tides: Tides, quiz: Quiz, bobs_place: Enrollment, bob: User, alice: User, client_of: ClientOf
) -> None:
    client, answers = client_of(bob), answers_to(quiz)
    first = start_attempt(quiz, enrollment=bobs_place)
    unpublish_course(tides.course, by=alice)
    address = page_of(tides, "save_quiz", attempt_id=first.pk)

    saved = client.post(address, sheet_fields(quiz, answers), headers={"Accept": "application/json"})
    done = client.post(page_of(tides, "submit_quiz", attempt_id=first.pk), sheet_fields(quiz, answers), follow=True)
    over = client.post(address, sheet_fields(quiz, answers))
    publish_course(tides.course, by=alice)
    second = start_attempt(quiz, enrollment=bobs_place)
    ContentItem.objects.filter(pk=tides.test.pk).update(state="draft")
    kept = send(client, "patch", f"attempts/{second.pk}/", {"answers": answers})
    graded = send(client, "post", f"attempts/{second.pk}/submit/")

    assert (saved.status_code, done.redirect_chain, over.status_code) == (200, [("/harbor/my/", 302)], 404)
    assert (kept.status_code, graded.json()["points"]) == (200, 5.0)
    assert list(Attempt.objects.values_list("state", "points")) == [("graded", 5), ("graded", 5)]


def test_attempt_of_somebody_else_is_nowhere(
    tides: Tides, quiz: Quiz, bobs_place: Enrollment, alice: User, client_of: ClientOf
) -> None:
    path = f"attempts/{start_attempt(quiz, enrollment=bobs_place).pk}/"
    client = client_of(alice)

    statuses = [
        send(client, method, where, {"answers": {}}).status_code
        for method, where in (("get", path), ("patch", path), ("post", f"{path}submit/"))
    ]

    assert statuses == [404, 404, 404]


def test_maker_writes_and_rewrites_questions_of_all_kinds(
    alice: User, client_of: ClientOf, scope: Organization
) -> None:
    client = client_of(alice)
    questions = [
        {"kind": "multiple_choice", "prompt": "Which?", "options": [
            {"text": "A", "is_right": True, "feedback": "Yes"}, {"text": "B"}]},
        {"kind": "true_false", "prompt": "So?", "is_true": False},
        {"kind": "short_text", "prompt": "Who?", "accepted": ["Ann", "Anne"]},
        {"kind": "numeric", "prompt": "How many?", "value": "2,5", "tolerance": "0.1", "points": 3},
    ]  # fmt: skip
    made = send(client, "post", "quizzes/", {"title": "New", "time_limit_minutes": 9, "questions": questions}).json()

    kept = send(client, "put", f"quizzes/{made['id']}/", made)
    faults = send(client, "post", "quizzes/", {"title": "x", "questions": [{"kind": "numeric", "prompt": "?"}]})

    assert (kept.status_code, kept.json()) == (200, made)
    assert [(one["is_true"], one["accepted"], one["value"]) for one in made["questions"]] == [
        (None, [], ""), (False, [], ""), (None, ["Ann", "Anne"], ""), (None, [], "2.5"),
    ]  # fmt: skip
    assert (faults.status_code, faults.json()["error"]["fields"]) == (
        400, {"questions.0.value": ["Write a number, such as 2.5."]},
    )  # fmt: skip
