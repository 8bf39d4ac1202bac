"""How far somebody is: one predicate, the same words everywhere, and the proof of it."""

import csv
import json
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Organization, User
from analytics.models import Event
from core.models import Job, OutgoingMail
from courses.models import (
    Certificate,
    Chapter,
    Completion,
    ContentItem,
    Course,
    CourseCompletion,
    Enrollment,
    Grade,
    ItemType,
    Reason,
)
from courses.progress.counting import Standing, standing_of
from courses.progress.item_standings import item_standings
from courses.progress.unmet import Facts, unmet_rule
from courses.services.assignments import write_assignment
from courses.services.attempts import take_quiz
from courses.services.authoring import save_item
from courses.services.enrolling import enroll, leave_course
from courses.services.marking import grade, release
from courses.services.progress import complete_item, excuse, take_back_excuse
from courses.services.proving import differences
from courses.services.publishing import publish_course, unpublish_course
from courses.services.quizzes import write_quiz
from courses.services.removing import delete_chapter, delete_item
from courses.services.settling import settle_course
from media_library.models import Media, WatchRecord
from media_library.services.watching import report_watching, start_session
from tests.conftest import member
from tests.courses.conftest import Tides, right_answers, watched, wrong_answers
from tests.courses.homework import Homework
from tests.courses.test_learning import in_threads

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
WATCHED_62 = "Watched 62 % of the 90 % that complete it."


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (Facts("video", watched=62.9, needed=90), WATCHED_62),
        (Facts("video", needed=70), "Watched 0 % of the 70 % that complete it."),
        (
            Facts("video", by_hand="length"),
            "Progress is by hand here: nobody knows yet how long this is, so that no part of it can be measured. "
            "Mark it as watched yourself.",
        ),
        (Facts("text"), "Mark it as done when you have read it."),
        (Facts("resource"), "Mark it as done when you have used it."),
        (Facts("quiz", pass_mark=60), "Not tried yet: 60 % pass."),
        (Facts("quiz", pass_mark=60, grade=Decimal("40.00")), "Scored 40 % of the 60 % that pass."),
        (Facts("quiz", pass_mark=60, grade=Decimal("59.99")), "Scored 59.99 % of the 60 % that pass."),
        (Facts("assignment"), "Not handed in yet."),
        (Facts("assignment", submission="draft"), "Not handed in yet."),
        (Facts("assignment", submission="submitted"), "Handed in: it waits to be graded."),
        (Facts("assignment", submission="graded"), "Handed in: it waits to be graded."),
        (Facts("assignment", submission="returned"), "Returned to you: hand it in again."),
        (
            Facts("assignment", submission="graded", is_released=True, grade=Decimal("30.00"), pass_mark=50),
            "Graded with 30 % of the 50 % that pass.",
        ),
        (Facts("video", reason="watched"), ""),
        (Facts("quiz", reason="excused"), ""),
    ],
)
def test_unmet_rule_says_what_and_by_how_much(facts: Facts, words: str) -> None:
    assert unmet_rule(facts) == words


def test_excused_and_optional_items_leave_the_denominator(
    tides: Tides, bobs_place: Enrollment, alice: User, scope: Organization
) -> None:
    complete_item(tides.text, enrollment=bobs_place, reason=Reason.READ)

    excuse(tides.video, enrollment=bobs_place, by=alice)
    with_excuse = standing_of(bobs_place.pk)
    ContentItem.objects.filter(pk=tides.test.pk).update(is_required=False)

    assert (with_excuse, standing_of(bobs_place.pk)) == (Standing(1, 2), Standing(1, 1))


def test_excuse_from_the_last_open_item_completes_the_course(
    tides: Tides, bobs_place: Enrollment, alice: User, scope: Organization
) -> None:
    for item in (tides.text, tides.test):
        complete_item(item, enrollment=bobs_place, reason=Reason.READ)

    excuse(tides.video, enrollment=bobs_place, by=alice)
    take_back_excuse(tides.video, enrollment=bobs_place, by=alice)

    assert (standing_of(bobs_place.pk), CourseCompletion.objects.count()) == (Standing(2, 3), 1)


def test_whoever_does_what_they_were_excused_from_has_done_it(
    tides: Tides, bobs_place: Enrollment, alice: User, scope: Organization
) -> None:
    excuse(tides.text, enrollment=bobs_place, by=alice)

    complete_item(tides.text, enrollment=bobs_place, reason=Reason.READ)

    assert Completion.objects.values_list("reason", "by").get() == ("read", None)


def test_edit_that_leaves_nothing_open_completes_the_course(
    tides: Tides, bobs_place: Enrollment, scope: Organization
) -> None:
    complete_item(tides.text, enrollment=bobs_place, reason=Reason.READ)
    ContentItem.objects.exclude(pk=tides.text.pk).update(is_required=False)

    settled = settle_course(tides.course), settle_course(tides.course)

    assert (settled, CourseCompletion.objects.get().counted) == ((1, 0), [str(tides.text.pk)])


def test_deleting_the_last_open_item_completes_the_course_soon(
    tides: Tides, bobs_place: Enrollment, alice: User, scope: Organization, work_off: Callable[[], int]
) -> None:
    for item in (tides.video, tides.text):
        complete_item(item, enrollment=bobs_place, reason=Reason.READ)
    delete_item(tides.test, by=alice)
    save_item(tides.text, by=alice)
    Job.objects.filter(kind="settle_course").update(available_at=timezone.now())

    work_off()

    assert (Job.objects.filter(kind="settle_course").count(), CourseCompletion.objects.count()) == (1, 1)


def test_what_an_unpublished_course_lost_completes_it_once_it_is_published(
    tides: Tides, bobs_place: Enrollment, alice: User, scope: Organization, settle_soon: Callable[[], None]
) -> None:
    for item in (tides.video, tides.text):
        complete_item(item, enrollment=bobs_place, reason=Reason.READ)
    Job.objects.filter(kind="settle_course").delete()
    unpublish_course(tides.course, by=alice)
    delete_item(tides.test, by=alice)
    delete_chapter(Chapter.objects.get(title="Endings"), by=alice)
    publish_course(tides.course, by=alice)

    settle_soon()

    assert (Certificate.objects.count(), proof()) == (1, (0, []))


def test_whoever_returns_to_a_course_in_which_nothing_is_left_has_completed_it(
    tides: Tides, bobs_place: Enrollment, bob: User, scope: Organization
) -> None:
    for item in (tides.video, tides.text):
        complete_item(item, enrollment=bobs_place, reason=Reason.READ)
    leave_course(tides.course, user=bob)
    ContentItem.objects.filter(pk=tides.test.pk).update(is_required=False)
    settle_course(tides.course)
    while_away = CourseCompletion.objects.count()

    enroll(tides.course, user=bob)

    assert (while_away, Certificate.objects.count(), proof()) == (0, 1, (0, []))


def test_rules_that_ask_for_less_complete_what_was_done_before(
    tides: Tides, bobs_place: Enrollment, scope: Organization, settle_soon: Callable[[], None]
) -> None:
    one_wrong = {**right_answers(tides.quiz), str(tides.quiz.questions.first().pk): None}
    tides.quiz.pass_mark = 80
    write_quiz(tides.quiz)
    for answers in (one_wrong, {}):
        take_quiz(tides.quiz, enrollment=bobs_place, answers=answers)
    before = _graded()
    tides.quiz.pass_mark, tides.quiz.grade_method = 60, "average"
    write_quiz(tides.quiz)
    settle_soon()
    on_average = _graded()
    tides.quiz.grade_method = "first"
    write_quiz(tides.quiz)
    settle_soon()
    by_the_first = _graded()
    tides.quiz.pass_mark, tides.quiz.grade_method = 80, "last"
    write_quiz(tides.quiz)
    settle_soon()

    assert (before, on_average) == ((Decimal("66.66"), []), (Decimal("33.33"), []))
    assert (by_the_first, _graded()) == ((Decimal("66.66"), ["passed"]), (Decimal(0), ["passed"]))
    assert (Event.objects.filter(type="item_completed").count(), proof()) == (1, (0, []))


def _graded() -> tuple[Decimal, list[str]]:
    return Grade.objects.get().percent, list(Completion.objects.values_list("reason", flat=True))


def test_assignment_that_asks_for_less_is_done_by_who_reached_that(
    homework: Homework, alice: User, scope: Organization, settle_soon: Callable[[], None]
) -> None:
    assignment = homework.ask(pass_mark=75)
    release(grade(homework.handed_in(), points=Decimal(20), feedback="", by=alice), by=alice)
    later = enroll(homework.course, user=alice)
    homework.handed_in(by=later)
    told = OutgoingMail.objects.count()

    assignment.pass_mark = 50
    write_assignment(assignment)
    settle_soon()
    by_mark = list(Completion.objects.values_list("enrollment", "reason"))
    assignment.pass_mark = None
    write_assignment(assignment)
    settle_soon()

    assert by_mark == [(homework.place.pk, "graded")]
    assert set(Completion.objects.values_list("enrollment", "reason")) == {*by_mark, (later.pk, "handed_in")}
    assert (OutgoingMail.objects.count(), proof()) == (told, (0, []))


@pytest.fixture
def settle_soon(work_off: Callable[[], int]) -> Callable[[], None]:
    """As if a minute had gone by."""

    def settle() -> None:
        Job.objects.filter(kind="settle_course").update(available_at=timezone.now())
        work_off()
        Job.objects.filter(kind="settle_course").delete()

    return settle


def test_every_place_says_the_same(
    tides: Tides, bobs_place: Enrollment, alice: User, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    watched(tides.media, bob, percent=62)
    complete_item(tides.text, enrollment=bobs_place, reason=Reason.READ)
    learner, owner = client_of(bob), client_of(alice)

    page = learner.get("/harbor/courses/tides-and-currents/progress/").content.decode()
    back_office = owner.get(f"/admin/courses/enrollment/{bobs_place.pk}/change/").content.decode()
    api = learner.get(f"/api/v1/harbor/enrollments/{bobs_place.pk}/items/").json()
    counted = owner.get(f"/api/v1/harbor/courses/{tides.course.pk}/learners/").json()["results"]
    file = list(csv.DictReader(lines(owner.get(f"/admin/learners/{tides.course.pk}.csv"))))

    sentences = [WATCHED_62, "", "Not tried yet: 60 % pass."]
    assert [row["unmet"] for row in api] == sentences
    assert [[words in one for words in sentences] for one in (page, back_office)] == [[True] * 3] * 2
    assert ["1 of 3 lessons that count · 33 %" in page, "1 of 3 that count · 33 %" in back_office] == [True, True]
    assert [(row["completed"], row["total"], row["percentage"]) for row in counted] == [(1, 3, 33)]
    assert [(row["completed"], row["total"], row["percentage"]) for row in file] == [("1", "3", "33")]


def test_progress_page_says_what_is_locked_and_offers_only_what_there_is(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    rules = {"match": "all", "rules": [{"kind": "after_item", "item": str(tides.video.pk)}]}
    ContentItem.objects.filter(pk=tides.text.pk).update(availability=rules)
    Course.objects.update(awards_certificate=False)
    CourseCompletion.objects.create(enrollment=bobs_place)

    page = client_of(bob).get("/harbor/courses/tides-and-currents/progress/").content.decode()

    parts = ("To do</span>", "Locked</span>", "Complete “The film” first.", f"/learn/{tides.text.pk}/")
    assert [page.count(part) for part in parts] == [2, 1, 1, 0]
    assert ("You completed this course" in page, "Your certificate" in page) == (True, False)


def lines(answer: Any) -> StringIO:
    return StringIO(b"".join(answer).decode())


def test_owner_excuses_in_the_back_office(
    tides: Tides, bobs_place: Enrollment, alice: User, client_of: ClientOf, scope: Organization
) -> None:
    client, address = client_of(alice), f"/admin/excuse/{bobs_place.pk}/"

    client.post(address, {"item": tides.video.pk})
    excused = [one.state for one in item_standings(bobs_place)]
    client.post(address, {"item": tides.video.pk, "back": "1"})

    assert excused == ["excused", "open", "open"]
    assert [one.state for one in item_standings(bobs_place)] == ["open", "open", "open"]
    assert client.post(address, {"item": "nonsense"}).status_code == 404


def test_excuses_of_the_api_are_for_makers(
    tides: Tides, foreign_tides: Tides, bobs_place: Enrollment, alice: User, bob: User, charlie: User,
    client_of: ClientOf, scope: Organization,
) -> None:  # fmt: skip
    address = f"/api/v1/harbor/enrollments/{bobs_place.pk}/items/{{}}/excuse/"

    answers = [
        client_of(who).put(address.format(item.pk)).status_code
        for who, item in (
            (alice, tides.video),
            (bob, tides.video),
            (charlie, tides.video),
            (alice, foreign_tides.video),
        )
    ]

    assert answers == [204, 403, 404, 404]


def test_item_standings_take_one_statement(
    tides: Tides, bobs_place: Enrollment, scope: Organization, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        item_standings(bobs_place)


@pytest.mark.parametrize("learners", [1, 30])
def test_learners_of_a_course_take_the_same_statements(
    learners: int, tides: Tides, alice: User, client_of: ClientOf, scope: Organization, django_assert_num_queries: Any
) -> None:
    for number in range(learners):
        enroll(tides.course, user=member(f"learner-{number}@harbor.test", scope, "learner"))
    client = client_of(alice)

    with django_assert_num_queries(7):
        shown = client.get(f"/api/v1/harbor/courses/{tides.course.pk}/learners/?page_size=100").json()

    assert shown["count"] == learners


def proof(*arguments: str) -> tuple[int, list[dict[str, Any]]]:
    output, code = StringIO(), 0
    try:
        call_command("prove_progress", "--json", *arguments, stdout=output, stderr=StringIO())
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, [json.loads(line) for line in output.getvalue().splitlines()]


@pytest.mark.django_db(transaction=True)
def test_twenty_reports_of_two_tabs_at_once_complete_the_item_once(
    tides: Tides, bobs_place: Enrollment, bob: User, scope: Organization
) -> None:
    Media.objects.filter(pk=tides.media.pk).update(
        duration=7
    )  # of two tabs twice as many are counted: fewer than are credited at the start
    tabs = [start_session(Media.objects.get(pk=tides.media.pk), user=bob) for _number in range(2)]
    waiting = [(tabs[number % 2].pk, number // 2 % 7) for number in range(20)]  # each second by both

    def report() -> None:
        session, second = waiting.pop()
        report_watching(session, user=bob, intervals=[[second, second + 1]], position=second + 1)

    outcomes = in_threads(20, report)

    assert outcomes == ["done"] * 20
    assert WatchRecord.objects.get().seconds == [(0, 7)]
    assert list(Completion.objects.values_list("item", "reason")) == [(tides.video.pk, "watched")]
    assert (standing_of(bobs_place.pk), list(differences(tides.course))) == (Standing(1, 3), [])


def test_proof_finds_nothing_where_all_is_right(tides: Tides, bobs_place: Enrollment, scope: Organization) -> None:
    for item in tides.items:
        complete_item(item, enrollment=bobs_place, reason=Reason.READ)

    assert proof() == (0, [])


def test_proof_names_each_difference(tides: Tides, bobs_place: Enrollment, bob: User, scope: Organization) -> None:
    watched(tides.media, bob)
    Completion.objects.create(enrollment=bobs_place, item=tides.text, reason=Reason.READ)
    Grade.objects.create(enrollment=bobs_place, item=tides.test, percent=50)
    CourseCompletion.objects.create(enrollment=bobs_place)
    ContentItem.objects.filter(pk=tides.text.pk).update(position=5)

    code, found = proof("--organization", "harbor")

    assert (code, sorted((row["what"], row["stored"], row["recomputed"]) for row in found)) == (1, [
        ("certificate", "none", "completed"),
        ("completion of “The film”", "none", "watched"),
        ("grade of “The quiz”", "50.00", "None"),
        ("places in “Beginnings”", "[1, 5]", "[1, 2]"),
    ])  # fmt: skip


def test_proof_looks_at_what_was_passed_and_handed_in(
    tides: Tides, homework: Homework, bobs_place: Enrollment, alice: User, scope: Organization
) -> None:
    take_quiz(tides.quiz, enrollment=bobs_place, answers=right_answers(tides.quiz))
    release(grade(homework.handed_in(), points=Decimal(20), feedback="", by=alice), by=alice)
    clean = proof()
    Completion.objects.all().delete()
    Grade.objects.all().delete()

    _code, found = proof()

    assert (clean, sorted((row["what"], row["stored"], row["recomputed"]) for row in found)) == ((0, []), [
        ("completion of “The quiz”", "none", "passed"),
        ("completion of “Your essay”", "none", "handed in"),
        ("grade of “The quiz”", "None", "100"),
        ("grade of “Your essay”", "None", "50.00"),
    ])  # fmt: skip


@pytest.mark.parametrize("method", ["highest", "last", "first", "average"])
def test_proof_agrees_with_what_attempts_earned(
    method: str, tides: Tides, bobs_place: Enrollment, scope: Organization
) -> None:
    tides.quiz.grade_method = method
    tides.quiz.save()
    first = tides.quiz.questions.first()
    for answers in ({**right_answers(tides.quiz), str(first.pk): wrong_answers(tides.quiz)[str(first.pk)]}, {}):
        take_quiz(tides.quiz, enrollment=bobs_place, answers=answers)

    assert proof() == (0, [])


def test_proof_recomputes_grades(tides: Tides, bobs_place: Enrollment, scope: Organization) -> None:
    bobs_place.attempts.create(quiz=tides.quiz, number=1, points=2, points_possible=3)
    item = ContentItem.objects.get(type=ItemType.QUIZ)
    Grade.objects.create(enrollment=bobs_place, item=item, percent=50)

    assert [(row["stored"], row["recomputed"]) for row in proof()[1]] == [("50.00", "66.66"), ("none", "passed")]
