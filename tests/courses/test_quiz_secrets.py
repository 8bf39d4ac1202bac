"""What is right at a quiz leaves the server when its review is allowed, and not before: every address is asked."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from accounts.models import Organization, User
from analytics.models import Event
from core.holdings import Person
from courses.models import Attempt, Enrollment, Quiz
from courses.personal_data import Attempts
from courses.quizzes.choices import read_options
from courses.quizzes.questions import KINDS, Typed
from courses.services.attempts import save_answers, start_attempt, submit_attempt
from courses.services.quizzes import write_quiz
from tests.courses.conftest import Tides
from tests.walls.register import For, class_of
from tests.walls.routes import Route, routes
from tests.walls.sweep import taken_back, text_of

CANARY = "secret-canary"
OPTIONS = read_options(f"*This one | {CANARY}-told-right\nThat one | {CANARY}-told-wrong")
TYPED = {
    "single_choice": Typed(options=OPTIONS),
    "multiple_choice": Typed(options=OPTIONS),
    "true_false": Typed(is_true=True),
    "short_text": Typed(accepted=[f"{CANARY}-accepted"]),
    "numeric": Typed(value="31415.92653", tolerance="0.00731"),
}
SECRETS = {CANARY, "31415.92653", "0.00731"}
#: How a page or an answer of the API says that something is right or wrong.
VERDICTS = {"choice--right", "choice--wrong", "given--", "is_right", '"feedback"'}
UNKNOWN = UUID(int=0)


@pytest.fixture
def quiz(tides: Tides, scope: Organization) -> Quiz:
    contents = {kind: KINDS[kind].parse(typed) for kind, typed in TYPED.items()}
    questions = [
        {"kind": kind, "prompt": f"A {kind}?", "feedback": f"{CANARY}-feedback", "options": content.options,
         "answer": content.answer}
        for kind, content in contents.items()
    ]  # fmt: skip
    return write_quiz(tides.quiz, questions=questions)


def wrong(quiz: Quiz) -> dict[str, Any]:
    given: dict[str, Any] = {"true_false": "false", "short_text": "no", "numeric": "1"}
    answers = {}
    for question in quiz.questions.all():
        last = question.options[-1]["key"] if question.options else ""
        answers[str(question.pk)] = given.get(question.kind) or (last if question.kind == "single_choice" else [last])
    return answers


class Walk:
    """Everything of the organization that a learner may ask for, about this course."""

    def __init__(self, client: Client, tides: Tides, attempt: Attempt) -> None:
        self.client, self.tides, self.attempt = client, tides, attempt
        self.answered = 0

    def told(self, *, safe_only: bool = False) -> dict[str, set[str]]:
        """Secrets and verdicts by the request that was answered with them."""
        found = {}
        for words, path, method, body in self._requests(safe_only):
            with taken_back():
                response = self.client.generic(method, path, body, content_type="application/json")
                text = text_of(response)
            self.answered += response.status_code == 200
            if told := {word for word in SECRETS | VERDICTS if word in text}:
                found[words] = told
        return found

    def _requests(self, safe_only: bool) -> Iterator[tuple[str, str, str, str]]:
        for route in routes():
            if "organization" not in route.parts or route.is_admin:
                continue
            for method in ("GET",) if safe_only else ("GET", "POST", "PATCH"):
                if _may(route, method):
                    for path in self._paths(route):
                        yield f"{method} {path}", path, method, '{"answers": {}}' if method != "GET" else ""

    def _paths(self, route: Route) -> Iterator[str]:
        for item in self.tides.items if "item_id" in route.parts else [self.tides.test]:
            known = {
                "organization": "harbor", "course": self.tides.course.slug, "course_id": self.tides.course.pk,
                "item_id": item.pk, "quiz_id": self.tides.quiz.pk, "attempt_id": self.attempt.pk,
                "media_id": self.tides.media.pk, "chapter_id": item.chapter_id,
                "enrollment_id": self.attempt.enrollment_id, "format": "md",
            }  # fmt: skip
            yield route.fill({part: str(known.get(part, UNKNOWN)) for part in route.parts})


def _may(route: Route, method: str) -> bool:
    is_answered = not route.is_api or method in route.methods
    return is_answered and class_of(route, method) <= For.MEMBER


@pytest.fixture
def walk(
    quiz: Quiz, tides: Tides, bobs_place: Enrollment, bob: User, client_of: Callable[[User], Client]
) -> Callable[[str], Walk]:
    def begin(review: str) -> Walk:
        quiz.review = review
        write_quiz(quiz)
        attempt = save_answers(start_attempt(quiz, enrollment=bobs_place), wrong(quiz))
        return Walk(client_of(bob), tides, attempt)

    return begin


@pytest.mark.parametrize("review", ["never", "last"])
def test_nothing_tells_what_is_right_before_its_review_is_allowed(walk: Callable[[str], Walk], review: str) -> None:
    bobs = walk(review)

    running = bobs.told()
    submit_attempt(bobs.attempt)
    graded = bobs.told(safe_only=True)

    assert (running, graded) == ({}, {})
    assert bobs.answered > 40


def test_all_of_it_is_told_when_the_review_is_allowed_and_hidden_again_while_another_attempt_runs(
    walk: Callable[[str], Walk], quiz: Quiz, bobs_place: Enrollment
) -> None:
    bobs = walk("each")
    base = f"/harbor/courses/{bobs.tides.course.slug}/learn/{bobs.tides.test.pk}/"
    api = "/api/v1/harbor"

    running = bobs.told(safe_only=True)
    submit_attempt(bobs.attempt)
    allowed = bobs.told(safe_only=True)
    start_attempt(quiz, enrollment=bobs_place)
    again = bobs.told(safe_only=True)

    assert (running, again) == ({}, {})
    assert allowed == {
        f"GET {base}": SECRETS | VERDICTS - {"is_right"},
        f"GET {api}/quizzes/{quiz.pk}/attempts/": SECRETS | {"is_right", '"feedback"'},
        f"GET {api}/attempts/{bobs.attempt.pk}/": SECRETS | {"is_right", '"feedback"'},
    }


def test_export_and_events_say_nothing_about_right_answers(walk: Callable[[str], Walk], bob: User) -> None:
    submit_attempt(walk("each").attempt)

    person = Person(bob, frozenset({bob.email}), frozenset(), bob.pseudonym, bob.pseudonym)
    exported = list(Attempts().export(person))
    events = list(Event.objects.values_list("metadata", flat=True))

    assert (len(exported), exported[0]["state"], len(events) > 0) == (1, "graded", True)
    assert [word for word in SECRETS | {"This one"} if word in f"{exported}{events}"] == []
