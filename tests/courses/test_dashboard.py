"""“My learning”: where to go on, what is due, what is behind one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Organization, User
from core.tenancy import organization_scope
from courses.dashboard.deadlines import words_for_deadline
from courses.models import Attempt, Certificate, ContentItem, Course, CourseCompletion, Enrollment
from courses.services.certificates import revoke_certificate
from courses.services.enrolling import enroll
from tests.courses.conftest import Tides, watched
from tests.courses.homework import Homework, make_homework

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
NOW = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)  # a Monday, 22:30 in Berlin
SOON = timedelta(days=2, minutes=1)


def page(client_of: ClientOf, user: User) -> Any:
    return client_of(user).get("/harbor/my/").context


def due(client_of: ClientOf, user: User) -> list[tuple[str, str, bool]]:
    return [(one.kind.value, one.title, one.is_late) for one in page(client_of, user)["due"]]


def finish(enrollment: Enrollment) -> None:
    CourseCompletion.objects.create(enrollment=enrollment, counted=[])


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW + timedelta(hours=1), "today, 23:30"),
        (NOW + timedelta(hours=2), "tomorrow, 00:30"),
        (NOW + timedelta(days=3), "Thursday, 22:30"),
        (NOW + timedelta(days=7), "9 March, 22:30"),
        (NOW + timedelta(days=400), "6 April 2027, 23:30"),
        (NOW - timedelta(minutes=5), "5 minutes late"),
        (NOW - timedelta(days=2, hours=5), "2 days late"),
    ],
)
def test_deadlines_are_told_by_the_clock_of_the_organization(at: datetime, words: str) -> None:
    assert words_for_deadline(at, now=NOW, zone=ZoneInfo("Europe/Berlin")) == words


def test_empty_page_says_what_to_do(bob: User, client_of: ClientOf) -> None:
    answer = client_of(bob).get("/harbor/my/")

    assert (answer.context["cards"], answer.context["due"], b"Browse courses" in answer.content) == ([], [], True)


def test_continue_is_the_course_opened_last_at_its_second(
    tides: Tides, bobs_place: Enrollment, homework: Homework, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    watched(tides.media, bob, percent=40, position=760)
    Enrollment.objects.filter(pk=bobs_place.pk).update(last_accessed_at=timezone.now() + timedelta(hours=1))

    shown = page(client_of, bob)

    assert (shown["go_on"].card.title, shown["go_on"].step.label) == ("Tides and currents", "Continue at 12:40")
    assert [card.title for card in shown["open_cards"]] == ["Homework"]


def test_continue_passes_over_what_is_completed_or_closed(
    tides: Tides, bobs_place: Enrollment, homework: Homework, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    finish(bobs_place)
    assert page(client_of, bob)["go_on"].card.title == "Homework"

    Course.objects.filter(pk=homework.course.pk).update(closes_at=timezone.now() - timedelta(days=1))
    assert page(client_of, bob)["go_on"] is None


def test_due_lists_what_is_open_in_order(
    tides: Tides, bobs_place: Enrollment, homework: Homework, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    now = timezone.now()
    homework.ask(due_at=now - timedelta(days=2))
    Attempt.objects.create(
        quiz=tides.quiz, enrollment=bobs_place, number=1, state="in_progress", deadline_at=now + timedelta(minutes=9)
    )
    Enrollment.objects.filter(pk=bobs_place.pk).update(ends_at=now + SOON)
    Course.objects.filter(pk=homework.course.pk).update(closes_at=now + timedelta(days=40))

    assert due(client_of, bob) == [
        ("assignment", "Your essay", True), ("quiz", "The quiz", False), ("course", "Tides and currents", False),
    ]  # fmt: skip


def test_due_leaves_out_what_needs_nothing_now(
    homework: Homework, alice: User, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    later = timezone.now() + SOON
    essay = ContentItem.objects.filter(pk=homework.essay.pk)
    rules = {"match": "all", "rules": [{"kind": "date", "at": later.isoformat()}]}

    def is_due(**fields: Any) -> bool:
        homework.ask(**{"due_at": later, "accepts_late": True, **fields})
        return bool(due(client_of, bob))

    assert (is_due(), is_due(due_at=None), is_due(due_at=later + timedelta(days=30))) == (True, False, False)
    assert is_due(due_at=timezone.now() - SOON, accepts_late=False) is False
    essay.update(availability=rules)
    assert is_due() is False
    essay.update(availability={}, state="draft")
    assert is_due() is False
    essay.update(state="published")
    homework.handed_in()
    assert is_due() is False
    assert due(client_of, alice) == []


def test_completed_courses_lead_to_their_certificates(
    tides: Tides, bobs_place: Enrollment, homework: Homework, bob: User, alice: User, client_of: ClientOf,
    scope: Organization,
) -> None:  # fmt: skip
    finish(bobs_place)
    held = Certificate.objects.create(
        enrollment=bobs_place, number="N-1", learner_name="Bob", course_title="Tides then", completed_at=timezone.now()
    )
    finish(homework.place)
    client = client_of(bob)

    def certificates() -> dict[str, str]:
        return {one.card.title: one.certificate for one in client.get("/harbor/my/").context["finished"]}

    assert certificates() == {"Tides and currents": "held", "Homework": "to_get"}
    Course.objects.filter(pk=homework.course.pk).update(awards_certificate=False)
    revoke_certificate(held, because="A mistake", by=alice)
    Course.objects.filter(pk=tides.course.pk).update(is_published=False)
    listed = client.get("/harbor/my/").content.decode()
    assert certificates() == {"Homework": ""}
    assert ("Tides then" in listed, "Revoked" in listed, "Valid" in listed) == (True, True, False)
    assert "No. N-1" in listed


@pytest.mark.parametrize("count", [1, 30])
def test_page_costs_the_same_for_any_number_of_courses(
    many_courses: Callable[[int], list[Course]], alice: User, bob: User, client_of: ClientOf, scope: Organization,
    count: int, django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    homework = make_homework(alice, learner=bob)
    homework.ask(due_at=timezone.now() + SOON)
    for number, course in enumerate(many_courses(2 * count + 1)):
        place = enroll(course, user=bob)
        Enrollment.objects.filter(pk=place.pk).update(ends_at=timezone.now() + SOON)
        if number % 2:
            finish(place)
    client = client_of(bob)

    with django_assert_num_queries(13):
        client.get("/harbor/my/")


def test_whoever_is_no_member_any_more_has_nothing_to_do(
    homework: Homework, bob: User, client_of: ClientOf, scope: Organization, open_organization: Organization
) -> None:
    homework.ask(due_at=timezone.now() + SOON)
    with organization_scope(None):
        client = client_of(bob)
    bob.memberships.update(is_active=False)

    answer = client.get("/harbor/my/")

    assert (answer.status_code, answer.context["due"], answer.context["go_on"]) == (200, [], None)
