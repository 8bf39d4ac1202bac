"""Handing in: from the draft to what waits, by page and API, and who sees it."""

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Organization, Role, User
from analytics.models import Event
from core.errors import Refused
from core.holdings import Person
from core.tenancy import organization_scope, scoped_thread
from courses.files.names import clean_name
from courses.handing_in.rules import passes, percent_of, plain_points, words_for_due
from courses.models import Completion, Enrollment, Submission, SubmissionFile
from courses.personal_data import Submissions
from courses.services.assignments import delete_assignment, write_assignment
from courses.services.marking import grade, release, return_for_rework
from courses.services.submissions import attach_file, remove_file, save_draft, submit
from media_library.services.leftovers import leftovers
from media_library.services.storage_report import storage_report
from tests.conftest import member
from tests.courses.homework import Homework, given

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
API = "/api/v1/harbor"
LESSON_STATEMENTS = 8


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(days=-3, hours=-5), "in 3 days"),
        (timedelta(hours=-1, minutes=-59), "in 1 hour"),
        (timedelta(seconds=-5), "in 1 minute"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(minutes=20), "20 minutes ago"),
    ],
)
def test_due_date_is_told_in_words(ago: timedelta, words: str) -> None:
    assert words_for_due(NOON, now=NOON + ago) == words


def test_nobody_passes_by_rounding() -> None:
    points = Decimal("23.99")

    assert (percent_of(points, out_of=40), passes(points, out_of=40, pass_mark=60)) == (Decimal("59.97"), False)
    assert (percent_of(Decimal(24), out_of=40), passes(Decimal(24), out_of=40, pass_mark=60)) == (Decimal(60), True)
    assert [plain_points(one) for one in (Decimal("80.00"), Decimal("7.50"), Decimal(100), None)] == [
        "80", "7.5", "100", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\bob\\Essay (final).docx", "Essay (final).docx"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
        (".htaccess", "htaccess"),
        ("\0\n", "file"),
        ("é" * 300 + ".pdf", "é" * 146 + ".pdf"),
    ],
)
def test_file_name_is_cleaned(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


def test_learner_hands_in_on_the_page_without_script(
    homework: Homework, scope: Organization, bob: User, client_of: ClientOf
) -> None:
    client, page = client_of(bob), homework.page(homework.essay)

    before = client.get(page).content.decode()
    client.post(f"{page}work/", {"text": "First\r\nwords", "added": [given(), given("sea.png", b"x")], "save": "1"})
    draft = Submission.objects.get()
    saved = client.get(page).content.decode()
    client.post(f"{page}work/", {"text": draft.text, "remove": str(draft.files.first().pk)})
    client.post(f"{page}work/", {"text": "Last words", "submit": "1"})
    after = client.get(page).content.decode()

    assert ("Not handed in yet" in before, "Write <em>well</em>" in before, "40 points" in before) == (True,) * 3
    assert ("First\nwords" in saved, "tides.pdf" in saved, "sea.png" in saved) == (True,) * 3
    shown = ["This waits for its grade" in after, "Last words" in after, 'id="work-text"' in after]
    assert shown == [True, True, False]
    handed_in = Submission.objects.get()
    assert (handed_in.state, handed_in.text, handed_in.is_late) == ("submitted", "Last words", False)
    assert list(handed_in.files.values_list("name", flat=True)) == ["sea.png"]
    assert list(Completion.objects.values_list("item", "reason")) == [(homework.essay.pk, "handed_in")]
    event = Event.objects.get(type="assignment_submitted")
    assert (event.item_id, event.metadata) == (homework.essay.pk, {"submission": 1, "late": False})


def test_pass_mark_waits_for_the_grade(homework: Homework, scope: Organization) -> None:
    homework.ask(pass_mark=50)

    homework.handed_in()

    assert not Completion.objects.exists()


def test_late_work_is_marked_or_refused_and_nothing_is_lost(
    homework: Homework, scope: Organization, bob: User, client_of: ClientOf
) -> None:
    past = timezone.now() - timedelta(days=2)
    homework.ask(due_at=past, accepts_late=False)
    client, page = client_of(bob), homework.page(homework.essay)

    refused = client.post(f"{page}work/", {"text": "Too late", "submit": "1"}, follow=True).content.decode()
    kept = Submission.objects.values_list("state", "text").get()
    homework.ask(accepts_late=True)
    submit(homework.assignment, enrollment=homework.place)
    shown = client.get(page).content.decode()

    assert ("The time to hand this in is over" in refused, "2 days ago" in refused) == (True, True)
    assert kept == ("draft", "Too late")
    assert (Submission.objects.get().is_late, ">Late<" in shown) == (True, True)


@pytest.mark.parametrize("was_late", [False, True])
def test_returned_work_is_handed_in_again_after_the_due_date_and_as_late_as_it_was(
    was_late: bool, homework: Homework, scope: Organization, alice: User, bob: User, client_of: ClientOf
) -> None:
    due = timezone.now() + timedelta(days=-2 if was_late else 2)
    homework.ask(due_at=due, max_files=1)
    attach_file(homework.assignment, enrollment=homework.place, file=given())
    first = homework.handed_in()
    homework.ask(due_at=timezone.now() - timedelta(days=1), accepts_late=False)
    return_for_rework(first, feedback="Say more.", by=alice)
    client, page = client_of(bob), homework.page(homework.essay)

    shown = client.get(page).content.decode()
    attach_file(homework.assignment, enrollment=homework.place, file=given("more.pdf"))
    again = homework.handed_in("The moon pulls the sea.")

    assert ("The due date has passed" in shown, "add those again that are to count" in shown) == (False, True)
    assert (again.state, again.is_late, first.is_late) == ("submitted", was_late, was_late)


def code_of(verb: Callable[[], object]) -> str:
    try:
        verb()
    except Refused as refusal:
        return refusal.code
    return "done"


def test_what_cannot_be_handed_in_is_refused_in_words(homework: Homework, scope: Organization, settings: Any) -> None:
    settings.COURSE_FILE_BYTES = 20
    asked, place = homework.assignment, homework.place

    codes = [
        code_of(lambda: submit(asked, enrollment=place)),
        code_of(lambda: save_draft(asked, enrollment=place, text="x" * 100_001)),
        code_of(lambda: attach_file(asked, enrollment=place, file=given(content=b""))),
        code_of(lambda: attach_file(asked, enrollment=place, file=given(content=b"x" * 21))),
        code_of(lambda: attach_file(asked, enrollment=place, file=given())),
        code_of(lambda: attach_file(asked, enrollment=place, file=given())),
        code_of(lambda: attach_file(asked, enrollment=place, file=given())),
        code_of(lambda: submit(asked, enrollment=place)),
        code_of(lambda: submit(asked, enrollment=place)),
        code_of(lambda: save_draft(asked, enrollment=place, text="more")),
        code_of(lambda: remove_file(SubmissionFile.objects.all()[0])),
    ]
    homework.ask(takes_text=False)

    assert codes == [
        "nothing_to_hand_in", "text_too_long", "empty_file", "file_too_large", "done", "done", "too_many_files",
        "done", "done", "handed_in", "handed_in",
    ]  # fmt: skip
    assert len(default_storage.listdir(f"{scope.pk}/handed_in")[1]) == 2
    assert code_of(lambda: save_draft(homework.assignment, enrollment=place, text="words")) == "no_text"


def test_limit_of_submissions(homework: Homework, scope: Organization, alice: User) -> None:
    homework.ask(max_submissions=1)
    first = homework.handed_in()
    grade(first, points=Decimal(10), feedback="", by=alice)
    waiting = code_of(homework.handed_in)
    release(first, by=alice)

    again = code_of(lambda: homework.handed_in("Once more"))
    homework.ask(max_submissions=2)
    second = homework.handed_in("Once more")

    assert (waiting, again, second.number) == ("done", "none_left", 2)
    assert Submission.objects.count() == 2


def test_unreleased_grade_is_in_no_answer_to_the_learner(
    homework: Homework, scope: Organization, alice: User, bob: User, client_of: ClientOf
) -> None:
    submission = homework.handed_in()
    client, page = client_of(bob), homework.page(homework.essay)
    addresses = [
        page, f"/harbor/courses/{homework.course.slug}/", "/harbor/my/", "/account/data/",
        f"{API}/assignments/{homework.assignment.pk}/submissions/", f"{API}/submissions/{submission.pk}/",
        f"{API}/assignments/{homework.assignment.pk}/submissions/?state=graded",
        f"{API}/assignments/{homework.assignment.pk}/submissions/?state=submitted&released=false",
        f"{API}/items/{homework.essay.pk}/", f"{API}/courses/{homework.course.pk}/structure/",
        f"{API}/courses/{homework.course.pk}/progress/",
    ]  # fmt: skip

    before = [told(client, one) for one in addresses]
    grade(submission, points=Decimal("31.25"), feedback="Canary of a feedback", by=alice)
    hidden = [told(client, one) for one in addresses]
    exported = str(list(Submissions().export(person_of(bob))))
    release(submission, by=alice)
    page_after, answer = client.get(page).content.decode(), client.get(f"{API}/submissions/{submission.pk}/").json()

    assert hidden == before
    assert ("Canary" in exported, "31.25" in exported, "graded" in exported) == (False,) * 3
    assert ("Canary of a feedback" in page_after, "31.25 of 40 points" in page_after, "78.12 %" in page_after) == (
        True, True, True,
    )  # fmt: skip
    assert (answer["state"], answer["points"], answer["feedback"]) == ("graded", 31.25, "Canary of a feedback")


def told(client: Client, address: str) -> str:
    """The whole answer, without the token of its forms."""
    text = client.get(address).content.decode()
    return "\n".join(line for line in text.splitlines() if "csrf" not in line)


def person_of(user: User) -> Any:
    return Person(user, frozenset({user.email}), frozenset(), user.pseudonym, user.pseudonym)


def opened(client: Client, address: str) -> Any:
    answer = client.get(address)
    b"".join(getattr(answer, "streaming_content", ()))
    return answer


def test_files_go_to_the_learner_and_makers_only_and_never_run(
    homework: Homework, scope: Organization, alice: User, bob: User, charlie: User, client_of: ClientOf
) -> None:
    page = given("essay.html", b"<script>alert(1)</script>")
    file = attach_file(homework.assignment, enrollment=homework.place, file=page)
    address = f"{API}/submissions/{file.submission_id}/files/{file.pk}/"
    people = [client_of(one) for one in (bob, alice, charlie, member("eve@harbor.test", scope, Role.LEARNER))]

    of_draft = [opened(one, address).status_code for one in people]
    submit(homework.assignment, enrollment=homework.place)
    handed_in = [opened(one, address).status_code for one in people]
    answer = opened(people[0], address)
    Enrollment.objects.update(is_active=False)

    assert (of_draft, handed_in) == ([200, 404, 404, 404], [200, 200, 404, 404])
    assert answer["Content-Disposition"] == 'attachment; filename="essay.html"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert (file.path.startswith(f"{scope.pk}/handed_in/"), file.path.endswith(".bin")) == (True, True)
    assert file.path.encode() not in people[0].get(f"{API}/submissions/{file.submission_id}/").content
    assert people[0].get(address).status_code == 404


def test_files_count_and_only_orphans_are_cleaned(homework: Homework, scope: Organization) -> None:
    file = attach_file(homework.assignment, enrollment=homework.place, file=given())
    orphan = default_storage.save(f"{scope.pk}/handed_in/orphan.bin", given())
    long_ago = timezone.now().timestamp() - 9 * 86400
    for name in (file.path, orphan, homework.resource.path):
        path = default_storage.path(name)
        os.utime(path, (long_ago, long_ago))
    sizes = {one.kind: one.size_bytes for one in storage_report().kinds}

    found = [one.name for one in leftovers()]
    scope.storage_ceiling = sizes["handed_in"] + sizes["resources"] + 13
    scope.save()

    assert found == [orphan]
    assert (sizes["handed_in"], sizes["resources"]) == (14, 14)
    assert code_of(lambda: attach_file(homework.assignment, enrollment=homework.place, file=given())) == "storage_full"
    assert len(default_storage.listdir(f"{scope.pk}/handed_in")[1]) == 2


def test_deleting_takes_the_files_along(
    homework: Homework, scope: Organization, django_capture_on_commit_callbacks: Any
) -> None:
    attach_file(homework.assignment, enrollment=homework.place, file=given())
    asked = homework.assignment
    held = code_of(lambda: delete_assignment(asked))
    homework.essay.delete()

    with django_capture_on_commit_callbacks(execute=True):
        delete_assignment(asked)

    assert (held, default_storage.listdir(f"{scope.pk}/handed_in")[1]) == ("in_use", [])


def test_points_stay_once_grades_were_given(homework: Homework, scope: Organization, alice: User) -> None:
    grade(homework.handed_in(), points=Decimal(40), feedback="", by=alice)
    asked = homework.assignment
    asked.points = 10

    assert code_of(lambda: write_assignment(asked)) == "points_in_use"


def test_whole_way_by_api(homework: Homework, scope: Organization, alice: User, bob: User, client_of: ClientOf) -> None:
    learner, maker = client_of(bob), client_of(alice)
    json = {"content_type": "application/json"}

    begun = learner.post(f"{API}/assignments/{homework.assignment.pk}/submissions/", {"text": "One"}, **json).json()
    one = f"{API}/submissions/{begun['id']}/"
    file = learner.post(f"{one}files/", {"file": given()}).json()
    steps = [
        learner.patch(one, {"text": "Two"}, **json).status_code,
        learner.delete(f"{one}files/{file['id']}/").status_code,
        maker.get(one).status_code,
        learner.post(f"{one}submit/").status_code,
        learner.post(f"{one}submit/").status_code,
        learner.patch(one, {"text": "Three"}, **json).status_code,
        learner.post(f"{one}grade/", {"points": 4}, **json).status_code,
        maker.post(f"{one}release/").status_code,
        maker.post(f"{one}grade/", {"points": "40.01"}, **json).status_code,
        maker.post(f"{one}grade/", {"points": "NaN"}, **json).status_code,
        maker.post(f"{one}return/", {"feedback": "Cite your sources."}, **json).status_code,
        learner.post(f"{one}submit/").status_code,
    ]
    mine = learner.get(f"{API}/assignments/{homework.assignment.pk}/submissions/").json()["results"]
    theirs = maker.get(f"{API}/assignments/{homework.assignment.pk}/submissions/?state=returned").json()["results"]

    assert steps == [200, 204, 404, 200, 200, 409, 403, 409, 400, 400, 200, 409]
    assert {one["number"]: (one["state"], one["text"], one["feedback"]) for one in mine} == {
        1: ("returned", "Two", "Cite your sources."), 2: ("draft", "Two", ""),
    }  # fmt: skip
    assert [(one["number"], one["learner"]["email"]) for one in theirs] == [(1, bob.email)]


def test_lesson_costs_the_same_whatever_was_handed_in(
    homework: Homework, scope: Organization, alice: User, bob: User, client_of: ClientOf,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    client, page = client_of(bob), homework.page(homework.essay)
    answered = homework.handed_in()
    client.get(page)

    with django_assert_num_queries(LESSON_STATEMENTS):
        client.get(page)
    for number in range(30):
        grade(answered, points=Decimal(1), feedback="x", by=alice)
        release(answered, by=alice)
        answered = homework.handed_in(f"Again {number}")
    with django_assert_num_queries(LESSON_STATEMENTS):
        client.get(page)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_hand_in_once(homework: Homework, organization: Organization) -> None:
    start, outcomes = threading.Barrier(6), []

    def tab(number: int) -> None:
        try:
            start.wait(timeout=10)
            outcomes.append(homework.handed_in(f"Tab {number}").number)
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    with organization_scope(organization):
        threads = [scoped_thread(lambda number=number: tab(number)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=20)

        assert (Submission.objects.get().state, set(outcomes) - {1, "handed_in"}, len(outcomes)) == (
            "submitted", set(), 6,
        )  # fmt: skip
