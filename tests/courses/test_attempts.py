"""Attempts at a quiz: starting, saving, handing in, deadlines, what counts, what may be seen."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Organization, User
from analytics.models import Event
from core.errors import Refused
from core.jobs import enqueue
from core.tenancy import organization_scope
from courses.jobs import grade_overdue_attempts
from courses.models import Attempt, AttemptState, Completion, Enrollment, Grade, Quiz
from courses.services.attempts import (
    attempts_at,
    grade_overdue,
    save_answers,
    start_attempt,
    submit_attempt,
    take_quiz,
)
from courses.services.proving import differences
from courses.services.quizzes import write_quiz
from tests.courses.asking import answers_to, ask_of_each_kind, fields_of, let_time_pass
from tests.courses.conftest import Tides, right_answers, wrong_answers
from tests.courses.test_learning import in_threads


@pytest.fixture
def quiz(tides: Tides, scope: Organization) -> Quiz:
    """A question of each kind, three attempts, five minutes."""
    return ask_of_each_kind(tides.quiz, time_limit_minutes=5)


def refused(verb: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refusal:
        verb()
    return refusal.value.code


def test_attempt_is_a_row_from_its_start_on_with_its_own_copy(quiz: Quiz, bobs_place: Enrollment) -> None:
    answers = answers_to(quiz)
    attempt = start_attempt(quiz, enrollment=bobs_place)
    quiz.pass_mark, quiz.time_limit_minutes = 100, 1
    write_quiz(quiz, questions=[fields_of("true_false")])

    again = start_attempt(quiz, enrollment=bobs_place)
    graded = submit_attempt(save_answers(again, answers))

    assert (again.pk, again.number, again.state) == (attempt.pk, 1, "in_progress")
    assert (again.deadline_at - again.started_at).total_seconds() == 300
    assert again.rules == {"pass_mark": 60, "time_limit_minutes": 5, "review": "each"}
    assert (graded.points, graded.points_possible, graded.percent, graded.passed) == (5, 5, 100, True)


def test_saving_keeps_what_was_saved_before_and_takes_back_what_is_sent_empty(
    quiz: Quiz, bobs_place: Enrollment
) -> None:
    (one, said), (other, more), *_ = answers_to(quiz).items()
    attempt = start_attempt(quiz, enrollment=bobs_place)

    save_answers(attempt, {one: said})
    save_answers(attempt, {other: more})
    both = Attempt.objects.get().answers
    saved = save_answers(attempt, {one: None})

    assert (both, saved.answers, saved.saved_at is not None) == ({one: said, other: more}, {other: more}, True)


def test_what_cannot_be_read_is_refused_and_nothing_of_it_saved(quiz: Quiz, bobs_place: Enrollment) -> None:
    attempt = start_attempt(quiz, enrollment=bobs_place)
    good = answers_to(quiz)
    number = list(good)[-1]

    codes = [
        refused(lambda: save_answers(attempt, {**good, number: "NaN"})),
        refused(lambda: save_answers(attempt, {**good, "nowhere": "x"})),
        refused(lambda: save_answers(attempt, {**good, next(iter(good)): "nowhere"})),
    ]

    assert codes == ["unreadable_answer", "unknown_answer", "unknown_answer"]
    assert Attempt.objects.get().answers == {}


def test_answers_within_the_grace_count_and_later_ones_do_not(quiz: Quiz, bobs_place: Enrollment) -> None:
    attempt = start_attempt(quiz, enrollment=bobs_place)
    answers = answers_to(quiz)
    in_time = dict(list(answers.items())[:3])
    let_time_pass(attempt, seconds=3)
    save_answers(attempt, in_time)
    let_time_pass(attempt, seconds=6)

    code = refused(lambda: save_answers(attempt, answers))
    graded = submit_attempt(attempt)

    assert (code, graded.answers, graded.points, graded.submitted_at) == (
        "attempt_over", in_time, 3, graded.deadline_at,
    )  # fmt: skip


def test_overdue_attempts_are_graded_when_anybody_looks(quiz: Quiz, bobs_place: Enrollment) -> None:
    let_time_pass(start_attempt(quiz, enrollment=bobs_place), seconds=60)

    [seen] = attempts_at(quiz.pk, enrollment_id=bobs_place.pk)
    following = start_attempt(quiz, enrollment=bobs_place)

    assert (seen.state, seen.percent, following.number) == ("graded", 0, 2)


def test_overdue_attempts_nobody_looks_at_are_graded_by_the_job(
    quiz: Quiz, bobs_place: Enrollment, foreign_tides: Tides, charlie: User, work_off: Callable[[], int]
) -> None:
    from_here = save_answers(start_attempt(quiz, enrollment=bobs_place), answers_to(quiz))
    let_time_pass(from_here, seconds=60)

    with organization_scope(foreign_tides.course.organization_id):
        elsewhere = start_attempt(
            ask_of_each_kind(foreign_tides.quiz, time_limit_minutes=1),
            enrollment=Enrollment.objects.create(course=foreign_tides.course, user=charlie),
        )
        let_time_pass(elsewhere, seconds=60)
    with organization_scope(None):
        enqueue(grade_overdue_attempts.__name__, key="now")
    work_off()

    from_here.refresh_from_db()
    assert (from_here.state, from_here.points, grade_overdue()) == ("graded", 5, 0)
    with organization_scope(foreign_tides.course.organization_id):
        assert Attempt.objects.get().state == "graded"


def test_attempt_that_cannot_be_graded_keeps_no_other_waiting(
    quiz: Quiz, bobs_place: Enrollment, alice: User, tides: Tides
) -> None:
    places = [bobs_place, Enrollment.objects.create(course=tides.course, user=alice)]
    broken, sound = (start_attempt(quiz, enrollment=place) for place in places)
    for attempt in (broken, sound):
        let_time_pass(attempt, seconds=60)
    Attempt.objects.filter(pk=broken.pk).update(questions=[{"kind": "riddle"}])

    graded = grade_overdue()

    states = [Attempt.objects.get(pk=one.pk).state for one in (broken, sound)]
    assert (graded, states) == (1, ["in_progress", "graded"])


def test_average_of_thirds_is_exact(tides: Tides, bobs_place: Enrollment, scope: Organization) -> None:
    quiz = tides.quiz
    quiz.grade_method, quiz.pass_mark = "average", 50
    options = {"options": [{"key": key, "text": key} for key in "abcd"], "answer": {"keys": ["a", "b", "c"]}}
    write_quiz(quiz, questions=[{"kind": "multiple_choice", "prompt": "Which?", **options, "points": 1}])
    question = str(quiz.questions.get().pk)

    for answer in (["a"], ["a", "b"]):
        take_quiz(quiz, enrollment=bobs_place, answers={question: answer})

    kept = [str(one.points) for one in Attempt.objects.order_by("number")]
    assert (kept, Grade.objects.get().percent, Completion.objects.count()) == (["0.33", "0.66"], Decimal(50), 1)
    assert list(differences(tides.course)) == []


def test_handing_in_again_answers_the_same_result_and_saving_is_over(quiz: Quiz, bobs_place: Enrollment) -> None:
    answers = answers_to(quiz)
    attempt = save_answers(start_attempt(quiz, enrollment=bobs_place), answers)

    first, second = submit_attempt(attempt), submit_attempt(attempt)

    assert (first.points, second.points, second.submitted_at) == (5, 5, first.submitted_at)
    assert refused(lambda: save_answers(attempt, answers)) == "attempt_over"
    assert Event.objects.filter(type="quiz_submitted").count() == 1


@pytest.mark.parametrize(
    ("method", "percent", "completions"),
    [("highest", "100.00", 1), ("first", "0.00", 0), ("last", "33.33", 1), ("average", "44.44", 0)],
)
def test_the_grade_is_made_by_the_method(
    tides: Tides, bobs_place: Enrollment, scope: Organization, method: str, percent: str, completions: int
) -> None:
    """Passed when the second attempt was the last one, the item stays done."""
    tides.quiz.grade_method = method
    write_quiz(tides.quiz)
    right, wrong = right_answers(tides.quiz), wrong_answers(tides.quiz)
    one_right = {**wrong, **dict(list(right.items())[:1])}

    for answers in (wrong, right, one_right):
        take_quiz(tides.quiz, enrollment=bobs_place, answers=answers)

    assert (Grade.objects.get().percent, Completion.objects.count()) == (Decimal(percent), completions)


def test_shuffled_questions_stay_as_they_are_for_the_attempt(quiz: Quiz, bobs_place: Enrollment) -> None:
    ask_of_each_kind(quiz, shuffles_questions=True, shuffles_options=True, max_attempts=None)

    seen = set()
    for _ in range(8):
        attempt = start_attempt(quiz, enrollment=bobs_place)
        assert start_attempt(quiz, enrollment=bobs_place).questions == attempt.questions
        seen.add(tuple(copy["id"] for copy in attempt.questions))
        graded = submit_attempt(save_answers(attempt, answers_to(quiz)))
        assert graded.percent == 100

    assert len(seen) > 1


@pytest.mark.django_db(transaction=True)
def test_fifty_submits_from_two_tabs_are_one_grading(
    tides: Tides, bobs_place: Enrollment, organization: Organization
) -> None:
    with organization_scope(organization):
        attempt = save_answers(start_attempt(tides.quiz, enrollment=bobs_place), right_answers(tides.quiz))
        outcomes = in_threads(50, lambda: submit_attempt(attempt))

        assert Counter(outcomes) == {"done": 50}
        assert list(Attempt.objects.values_list("number", "state", "points")) == [(1, AttemptState.GRADED, 3)]
        assert (Grade.objects.count(), Completion.objects.count()) == (1, 1)
        assert Event.objects.filter(type="quiz_submitted").count() == 1
