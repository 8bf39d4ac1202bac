"""Grading: the queue in the back office, what a release does, and what is written down of it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Organization, Role, User
from analytics.models import Event
from core.errors import Refused
from core.models import AuditEntry, OutgoingMail
from courses.models import Completion, Grade, Submission
from courses.progress.item_standings import item_standings
from courses.services.enrolling import enroll
from courses.services.marking import grade, release, release_all, return_for_rework
from courses.services.submissions import attach_file, save_draft
from tests.conftest import member
from tests.courses.homework import Homework, given

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
QUEUE = "/admin/courses/submission/"
QUEUE_STATEMENTS = 9
PAGE_STATEMENTS = 9


def acts() -> list[tuple[str, str]]:
    found = AuditEntry.objects.filter(model="courses.Submission").order_by("id")
    return list(found.values_list("action", "detail"))


def percents() -> list[Decimal]:
    return list(Grade.objects.values_list("percent", flat=True))


def hand_in_many(homework: Homework, organization: Organization, count: int) -> list[Submission]:
    learners = [member(f"learner{n}@harbor.test", organization, Role.LEARNER) for n in range(count)]
    return [homework.handed_in(f"Work {one.email}", by=enroll(homework.course, user=one)) for one in learners]


def change(submission: Submission) -> str:
    return f"{QUEUE}{submission.pk}/change/"


def test_release_shows_completes_and_tells(
    homework: Homework, scope: Organization, alice: User, work_off: Callable[[], int]
) -> None:
    homework.ask(pass_mark=75)
    submission = homework.handed_in()

    grade(submission, points=Decimal(29), feedback="Nearly.", by=alice)
    before = (percents(), OutgoingMail.objects.count())
    first, again = release(submission, by=alice), release(submission, by=alice)
    failed = (percents(), Completion.objects.count())
    work_off()
    grade(submission, points=Decimal(30), feedback="Well done.", by=alice)

    assert (before, first, again) == (([], 0), True, False)
    assert failed == ([Decimal("72.50")], 0)
    assert (percents(), list(Completion.objects.values_list("reason", flat=True))) == ([Decimal(75)], ["graded"])
    assert acts() == [("graded", ""), ("released", ""), ("regraded", "29 → 30 of 40 points")]
    assert [(one.to, one.subject) for one in mail.outbox] == [
        (["bob@harbor.test"], "Your work at “Your essay” was graded")
    ]
    assert ("/harbor/courses/homework/learn/" in mail.outbox[0].body, " point" in mail.outbox[0].body) == (True, False)


def test_grade_that_is_no_other_is_no_news_and_feedback_left_out_stays(
    homework: Homework, scope: Organization, alice: User, client_of: ClientOf
) -> None:
    submission = homework.handed_in()
    grade(submission, points=Decimal(30), feedback="Well done.", by=alice)
    release(submission, by=alice)
    before = (acts(), OutgoingMail.objects.count(), Event.objects.filter(type="assignment_graded").count())
    client, door = client_of(alice), f"/api/v1/harbor/submissions/{submission.pk}/grade/"

    client.post(change(submission), {"points": "30.00", "feedback": "Well done.", "opened_in": scope.pk})
    same = client.post(door, {"points": "30"}, content_type="application/json").json()
    after = (acts(), OutgoingMail.objects.count(), Event.objects.filter(type="assignment_graded").count())
    other = client.post(door, {"points": "31"}, content_type="application/json").json()

    assert (after, same["feedback"]) == (before, "Well done.")
    assert (other["feedback"], acts()[-1]) == ("Well done.", ("regraded", "30 → 31 of 40 points"))


def test_returned_work_comes_back_under_the_next_number(
    homework: Homework, scope: Organization, alice: User, work_off: Callable[[], int]
) -> None:
    homework.ask(max_submissions=1)
    first = homework.handed_in("Rough")

    return_for_rework(first, feedback="Cite your sources.", by=alice)
    work_off()
    second = homework.handed_in("Better")
    rows = list(Submission.objects.values_list("number", "state", "text", "feedback", "points"))

    assert second.number == 2
    assert rows == [(2, "submitted", "Better", "", None), (1, "returned", "Rough", "Cite your sources.", None)]
    assert [one.subject for one in mail.outbox] == ["Your work at “Your essay” was returned"]


def test_what_was_answered_last_says_what_is_unmet_whatever_is_being_drafted(
    homework: Homework, scope: Organization, alice: User, bob: User, client_of: ClientOf
) -> None:
    homework.ask(pass_mark=50)
    learner, told = client_of(bob), []

    def look() -> None:
        page, api = learner.get(homework.page(homework.essay)), item_standings(homework.place)[0].unmet
        told.append((page.context["unmet"], api))

    return_for_rework(homework.handed_in(), feedback="Cite.", by=alice)
    look()
    failed = homework.handed_in("Better")
    grade(failed, points=Decimal(12), feedback="", by=alice)
    release(failed, by=alice)
    save_draft(homework.assignment, enrollment=homework.place, text="Better still")
    look()

    assert told == [
        ("Returned to you: hand it in again.",) * 2,
        ("Graded with 30 % of the 50 % that pass.",) * 2,
    ]


def test_best_released_grade_counts(homework: Homework, scope: Organization, alice: User) -> None:
    for points in (30, 20):
        one = homework.handed_in(f"For {points}")
        grade(one, points=Decimal(points), feedback="", by=alice)
        release(one, by=alice)
    best = percents()

    grade(Submission.objects.get(number=1), points=Decimal(10), feedback="", by=alice)

    assert (best, percents()) == ([Decimal(75)], [Decimal(50)])


@pytest.mark.parametrize(
    ("verb", "code"),
    [
        (lambda one, by: grade(one, points=Decimal("-0.01"), feedback="", by=by), "points_out_of_range"),
        (lambda one, by: grade(one, points=Decimal("40.01"), feedback="", by=by), "points_out_of_range"),
        (lambda one, by: grade(one, points=Decimal("Infinity"), feedback="", by=by), "points_out_of_range"),
        (lambda one, by: release(one, by=by), "not_graded"),
        (lambda one, by: return_for_rework(one, feedback=" ", by=by), "feedback_missing"),
    ],
)
def test_refusals(verb: Any, code: str, homework: Homework, scope: Organization, alice: User) -> None:
    with pytest.raises(Refused) as refusal:
        verb(homework.handed_in(), alice)

    assert (refusal.value.code, Submission.objects.get().state) == (code, "submitted")


def test_draft_and_returned_work_are_not_graded(homework: Homework, scope: Organization, alice: User) -> None:
    draft = save_draft(homework.assignment, enrollment=homework.place, text="x")
    codes = []
    for one in (draft, return_for_rework(homework.handed_in(), feedback="Again", by=alice)):
        Submission.objects.filter(pk=draft.pk, state="submitted").update(state="draft")
        with pytest.raises(Refused) as refusal:
            grade(one, points=Decimal(1), feedback="", by=alice)
        codes.append(refusal.value.code)

    assert codes == ["was_returned", "was_returned"]


def test_queue_shows_what_waits_first_and_no_drafts(
    homework: Homework, scope: Organization, alice: User, bob: User, client_of: ClientOf
) -> None:
    done, *waiting = hand_in_many(homework, scope, 3)
    grade(done, points=Decimal(7), feedback="", by=alice)
    release(done, by=alice)
    again = homework.handed_in("Once more", by=done.enrollment)
    save_draft(homework.assignment, enrollment=homework.place, text="Secret draft")
    client = client_of(alice)

    shown = [one.pk for one in client.get(QUEUE).context["cl"].result_list]
    counts = {
        query: client.get(f"{QUEUE}?{query}").context["cl"].result_count
        for query in (
            f"course={homework.course.pk}", f"assignment__id__exact={homework.assignment.pk}", "state__exact=submitted",
            "is_late__exact=1", "released=no", "released=yes", "course=nonsense", "q=learner1",
        )
    }  # fmt: skip

    assert shown == [waiting[0].pk, waiting[1].pk, again.pk, done.pk]
    assert list(counts.values()) == [4, 4, 3, 0, 0, 1, 4, 1]


def test_maker_answers_one_after_the_other(
    homework: Homework, scope: Organization, alice: User, client_of: ClientOf
) -> None:
    first, second, third = hand_in_many(homework, scope, 3)
    client, sent = client_of(alice), {"opened_in": str(scope.pk)}
    Submission.objects.filter(pk=first.pk).update(text="<script>alert(1)</script>")

    page = client.get(change(first)).content.decode()
    saved = client.post(change(first), {**sent, "points": "12.5", "feedback": "Good", "_next": "1"})
    released = client.post(change(second), {**sent, "points": "40", "feedback": "", "_release": "1"}, follow=True)
    returned = client.post(change(third), {**sent, "points": "", "feedback": "Again", "_return": "1"}, follow=True)
    closed = client.get(change(third)).content.decode()

    assert ("&lt;script&gt;alert(1)" in page, "<script>alert" in page) == (True, False)
    assert [f'name="_{one}"' in page for one in ("save", "release", "return", "next")] == [True] * 4
    assert (saved.status_code, saved["Location"]) == (302, change(second))
    assert "sees the grade now" in released.content.decode()
    assert "Returned to Learner2" in returned.content.decode()
    assert 'name="_save"' not in closed
    rows = Submission.objects.exclude(state="draft").order_by("submitted_at")
    assert [(one.state, one.points, one.is_released, one.graded_by) for one in rows] == [
        ("graded", Decimal("12.5"), False, alice), ("graded", Decimal(40), True, alice),
        ("returned", None, True, alice),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"points": "41", "_save": "1"}, "Give 0 to 40 points."),
        ({"points": "", "_save": "1"}, "Give points."),
        ({"points": "x", "_release": "1"}, "Enter a number."),
        ({"points": "", "feedback": "", "_return": "1"}, "Say what is to be done"),
    ],
)
def test_refused_answer_is_told_in_place(
    answer: dict[str, str], words: str, homework: Homework, scope: Organization, alice: User, client_of: ClientOf
) -> None:
    submission = homework.handed_in()

    page = client_of(alice).post(change(submission), {"feedback": "", **answer, "opened_in": str(scope.pk)})

    assert (page.status_code, words in page.content.decode()) == (200, True)
    assert Submission.objects.get().state == "submitted"


def test_many_are_released_at_once(homework: Homework, scope: Organization, alice: User, client_of: ClientOf) -> None:
    rows = hand_in_many(homework, scope, 3)
    for one in rows[:2]:
        grade(one, points=Decimal(20), feedback="", by=alice)
    keys = [str(one.pk) for one in rows]

    page = (
        client_of(alice)
        .post(QUEUE, {"action": "release_selected", "_selected_action": keys, "opened_in": str(scope.pk)}, follow=True)
        .content.decode()
    )

    assert ("2 grades were released." in page, "1 submission has no grade" in page) == (True, True)
    assert percents() == [Decimal(50), Decimal(50)]
    assert release_all(Submission.objects.all(), by=alice) == 0


def test_queue_and_page_cost_the_same_with_many(
    homework: Homework, scope: Organization, alice: User, client_of: ClientOf, django_assert_num_queries: Any
) -> None:
    attach_file(homework.assignment, enrollment=homework.place, file=given())
    one, client = homework.handed_in(), client_of(alice)
    client.get(QUEUE)
    client.get(change(one))

    with django_assert_num_queries(QUEUE_STATEMENTS):
        client.get(QUEUE)
    with django_assert_num_queries(PAGE_STATEMENTS):
        client.get(change(one))
    hand_in_many(homework, scope, 29)
    with django_assert_num_queries(QUEUE_STATEMENTS):
        client.get(QUEUE)
    with django_assert_num_queries(PAGE_STATEMENTS):
        client.get(change(one))


def test_assignment_is_made_in_the_back_office(
    homework: Homework, scope: Organization, alice: User, client_of: ClientOf
) -> None:
    client, form = client_of(alice), {"title": "Report", "instructions": "Do", "points": "10", "max_files": "0"}
    address = "/admin/courses/assignment/add/"

    refused = client.post(address, {**form, "opened_in": str(scope.pk)}).content.decode()
    client.post(address, {**form, "takes_text": "on", "opened_in": str(scope.pk)})
    listed = client.get("/admin/courses/assignment/").content.decode()
    held = client.get(f"/admin/courses/assignment/{homework.assignment.pk}/change/").content.decode()

    assert "Take text, files, or both." in refused
    assert ("Report" in listed, "Essay" in listed, "/delete/" in held) == (True, True, False)
