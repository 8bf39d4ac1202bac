"""Seats, dates, access; leaving and coming back; what many who come at once get."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Organization, Role, User
from accounts.services.erasure import erase_account
from accounts.services.members import add_member, remove_member, suspend_member
from core.errors import Refused
from core.tenancy import organization_scope
from courses.models import Completion, Course, Enrollment
from courses.models.enrollment import EnrollmentSource, Reason
from courses.services.enrolling import (
    change_end,
    end_enrollment,
    enroll,
    enroll_oneself,
    find_member,
    grant_course,
    leave_course,
)
from courses.services.progress import complete_item, excuse, mark_done
from tests.conftest import member
from tests.courses.conftest import Tides

ClientOf = Callable[[User], Client]
API = "/api/v1/harbor"
DAY = timedelta(days=1)
RACERS, AT_ONCE = 100, 16


def refusal_of(verb: Callable[[], Any]) -> tuple[str, int]:
    with pytest.raises(Refused) as refused:
        verb()
    return refused.value.code, refused.value.status


def entered(course: Course, user: User) -> str:
    """“in”, or the code of the refusal."""
    try:
        enroll(course, user=user)
    except Refused as refused:
        return refused.code
    return "in"


def set_course(course: Course, **terms: Any) -> Course:
    for name, value in terms.items():
        setattr(course, name, value)
    course.save()
    return course


# Seats


@pytest.mark.django_db(transaction=True)
def test_a_hundred_who_race_for_the_last_seat_are_one_who_has_it(organization: Organization, tides: Tides) -> None:
    with organization_scope(organization):
        set_course(tides.course, seats=1)
        racers = [User.objects.create_user(f"racer{n}@harbor.test") for n in range(RACERS)]

    def race(user: User) -> str:
        try:
            with organization_scope(organization):
                enroll(Course.objects.get(pk=tides.course.pk), user=user)
            return "in"
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = sorted(threads.map(race, racers))

    assert answers == ["course_full"] * 99 + ["in"]
    with organization_scope(organization):
        assert Enrollment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_who_presses_twice_at_once_is_in_once(organization: Organization, tides: Tides, bob: User) -> None:
    def press(_number: int) -> Any:
        try:
            with organization_scope(organization):
                return enroll(Course.objects.get(pk=tides.course.pk), user=bob).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(press, range(8)))

    with organization_scope(organization):
        assert keys == set(Enrollment.objects.values_list("pk", flat=True))
        assert len(keys) == 1


pytest_db = pytest.mark.django_db


@pytest_db
def test_leaving_frees_a_seat_and_coming_back_takes_one(
    scope: Organization, tides: Tides, alice: User, bob: User
) -> None:
    course = set_course(tides.course, seats=1)
    place = enroll(course, user=bob)
    mark_done(tides.text, enrollment=place)
    full = refusal_of(lambda: enroll(course, user=alice))
    leave_course(course, user=bob)
    enroll(course, user=alice)

    taken = refusal_of(lambda: enroll(course, user=bob))
    leave_course(course, user=alice)
    back = enroll(course, user=bob)

    assert (full, taken) == (("course_full", 409), ("course_full", 409))
    assert (back.pk, back.started_at) == (place.pk, Enrollment.objects.get(pk=place.pk).started_at)
    assert list(Completion.objects.filter(enrollment=back).values_list("item", flat=True)) == [tides.text.pk]


@pytest_db
@pytest.mark.parametrize(("verb", "code"), [(remove_member, "in"), (suspend_member, "course_full")])
def test_who_is_removed_gives_up_their_seat_and_who_is_suspended_keeps_it(
    verb: Any, code: str, scope: Organization, tides: Tides, alice: User, bob: User, bobs_place: Enrollment
) -> None:
    course, bobs = set_course(tides.course, seats=1), bob.memberships.get()

    verb(bobs, by=alice)

    assert entered(course, alice) == code
    add_member(scope, email=bob.email, role=Role.LEARNER)
    assert entered(course, bob) == ("course_full" if code == "in" else "in")


@pytest_db
def test_erased_learner_takes_no_seat(scope: Organization, tides: Tides, alice: User, bobs_place: Enrollment) -> None:
    course = set_course(tides.course, seats=1)

    erase_account(bobs_place.user)

    assert entered(course, alice) == "in"


@pytest_db
@pytest.mark.parametrize(("days", "code"), [(1, "in"), (-1, "Their time in this course is over")])
def test_letting_in_again_keeps_the_end(
    days: int, code: str, scope: Organization, alice: User, bobs_place: Enrollment, client_of: ClientOf
) -> None:
    until = timezone.now() + days * DAY
    Enrollment.objects.update(ends_at=until, is_active=False)
    chosen = {"action": "reopen_selected", "_selected_action": [bobs_place.pk]}

    page = client_of(alice).post("/admin/courses/enrollment/", chosen, follow=True).content.decode()

    bobs_place.refresh_from_db()
    assert (bobs_place.is_active, bobs_place.ends_at) == (days > 0, until)
    assert ("1 learner is in." if days > 0 else code) in page


@pytest_db
def test_fewer_seats_than_are_taken_remove_nobody(scope: Organization, tides: Tides, alice: User, bob: User) -> None:
    enroll(tides.course, user=bob)
    enroll(tides.course, user=alice)
    course = set_course(tides.course, seats=1)

    again = enroll(course, user=bob)
    refused = refusal_of(lambda: enroll(course, user=User.objects.create_user("new@harbor.test")))

    assert (again.is_active, refused) == (True, ("course_full", 409))
    assert Enrollment.objects.filter(is_active=True).count() == 2


@pytest_db
def test_words_say_how_many_places_there_were(scope: Organization, tides: Tides, alice: User, bob: User) -> None:
    told = []
    for seats, users in ((1, [alice, bob]), (2, [bob, User.objects.create_user("new@harbor.test")])):
        course = set_course(tides.course, seats=seats)
        with pytest.raises(Refused) as refused:
            [enroll(course, user=user) for user in users]
        told.append(refused.value.message)

    assert told == ["The only place is taken.", "All 2 places are taken."]


# Time


@pytest_db
def test_before_it_opens_one_enters_and_waits_and_after_it_closed_nobody(
    scope: Organization, tides: Tides, alice: User, bob: User
) -> None:
    now = timezone.now()
    waiting = enroll(set_course(tides.course, opens_at=now + DAY), user=bob)
    closed = set_course(tides.course, opens_at=now - 2 * DAY, closes_at=now - DAY)

    by_oneself = refusal_of(lambda: enroll(closed, user=alice))
    by_an_owner = refusal_of(lambda: grant_course(closed, member=find_member(alice.email), by=alice))

    assert (waiting.is_active, by_oneself, by_an_owner) == (True, ("course_closed", 409), ("course_closed", 409))


@pytest_db
def test_time_that_ran_out_frees_the_seat_and_only_an_owner_gives_more(
    scope: Organization, tides: Tides, alice: User, bob: User
) -> None:
    course = set_course(tides.course, seats=1)
    place = grant_course(course, member=find_member(bob.email), by=alice, ends_at=timezone.now() + DAY)
    Enrollment.objects.filter(pk=place.pk).update(ends_at=timezone.now() - DAY)
    over = refusal_of(lambda: enroll(course, user=bob))
    enroll(course, user=alice)

    no_room = refusal_of(lambda: change_end(place, None, by=alice))
    leave_course(course, user=alice)
    longer = change_end(place, timezone.now() + DAY, by=alice)

    assert (over, no_room) == (("enrollment_over", 403), ("course_full", 409))
    assert (longer.pk, longer.ends_at is not None and longer.ends_at > timezone.now()) == (place.pk, True)


@pytest_db
def test_who_leaves_and_returns_keeps_the_end_they_had(
    scope: Organization, tides: Tides, alice: User, bob: User
) -> None:
    end = timezone.now() + DAY
    grant_course(tides.course, member=find_member(bob.email), by=alice, ends_at=end)
    leave_course(tides.course, user=bob)

    back = enroll(tides.course, user=bob)

    assert (back.ends_at, back.source) == (end, EnrollmentSource.OWNER)


# Access


@pytest_db
@pytest.mark.parametrize(
    ("access", "learner", "visitor"),
    [
        ("open", "in", "in"),
        ("members", "in", "not_yours_to_enter"),
        ("granted", "not_yours_to_enter", "not_yours_to_enter"),
    ],
)
def test_who_enters_by_themselves(
    access: str,
    learner: str,
    visitor: str,
    open_organization: Organization,
    tides: Tides,
    bob: User,
    client_of: ClientOf,
) -> None:
    outsider = User.objects.create_user("vera@people.test", "x")

    def enter(user: User) -> str:
        with organization_scope(open_organization):
            try:
                enroll_oneself(set_course(tides.course, access=access), user=user, organization=open_organization)
            except Refused as refused:
                return refused.code
        return "in"

    page = client_of(outsider).get("/harbor/courses/tides-and-currents/").content.decode()
    answers = [enter(bob), enter(outsider)]

    assert (answers, "Enroll and start" in page) == ([learner, visitor], True)  # the page was read while it was open
    assert Membership.objects.filter(user=outsider).exists() is (visitor == "in")


@pytest_db
def test_page_says_how_one_gets_in_and_how_many_places_are_left(
    open_organization: Organization, tides: Tides, bob: User, client_of: ClientOf
) -> None:
    address, client = "/harbor/courses/tides-and-currents/", client_of(bob)
    with organization_scope(open_organization):
        set_course(tides.course, seats=3, access="granted", opens_at=timezone.now() + DAY)

    granted = client.get(address).content.decode()
    with organization_scope(open_organization):
        set_course(tides.course, access="open")
        enroll(tides.course, user=bob)
    inside = client.get(address).content.decode()

    told = ("by an invitation or a code", "3 places left", "Opens on", "I have a code", "Leave this course")
    assert [words in granted for words in told] == [True, True, True, True, False]
    assert [words in inside for words in told] == [False, False, False, False, True]


@pytest_db
def test_learner_who_left_a_granted_course_may_return_but_one_who_was_shut_out_may_not(
    scope: Organization, tides: Tides, alice: User, bob: User
) -> None:
    course = set_course(tides.course, access="granted")
    place = grant_course(course, member=find_member(bob.email), by=alice)
    leave_course(course, user=bob)
    back = enroll_oneself(course, user=bob, organization=scope)
    end_enrollment(place, by=alice)

    shut = refusal_of(lambda: enroll_oneself(course, user=bob, organization=scope))
    invited = refusal_of(lambda: enroll(course, user=bob, source=EnrollmentSource.INVITATION))
    granted = grant_course(course, member=find_member(bob.email), by=alice)

    assert (back.pk, granted.pk, granted.is_active) == (place.pk, place.pk, True)
    assert (shut, invited) == (("enrollment_ended", 403), ("enrollment_ended", 403))


# Doors


@pytest_db
def test_leaving_asks_first(tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf) -> None:
    client, address = client_of(bob), "/harbor/courses/tides-and-currents/leave/"

    asked = client.get(address).content.decode()
    with organization_scope(tides.course.organization_id):
        before = Enrollment.objects.get(pk=bobs_place.pk).is_active
    client.post(address)
    with organization_scope(tides.course.organization_id):
        after = Enrollment.objects.get(pk=bobs_place.pk)

    assert ("Leave Tides and currents?" in asked, before, after.is_active, after.ended_by_owner_at) == (
        True, True, False, None,
    )  # fmt: skip


@pytest_db
@pytest.mark.parametrize("count", [1, 4])
def test_list_of_enrollments_costs_the_same_for_any_number(
    count: int, tides: Tides, organization: Organization, alice: User, client_of: ClientOf,
    django_assert_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    with organization_scope(organization):
        for number in range(count):
            enroll(tides.course, user=member(f"learner{number}@harbor.test", organization, Role.LEARNER))
    client = client_of(alice)

    with django_assert_num_queries(6):
        page = client.get(f"{API}/enrollments/").json()

    assert (page["count"], page["results"][0]["progress"]) == (count, {"completed": 0, "total": 3, "percentage": 0})


@pytest_db
def test_list_of_enrollments_is_filtered_and_not_for_learners(
    tides: Tides, bobs_place: Enrollment, alice: User, bob: User, client_of: ClientOf
) -> None:
    client = client_of(alice)
    queries = (
        f"course={tides.course.pk}", "active=false", "source=self", "source=code", "email=BOB@harbor.test", "email=x",
    )  # fmt: skip

    counts = [client.get(f"{API}/enrollments/?{query}").json()["count"] for query in queries]

    assert (counts, client_of(bob).get(f"{API}/enrollments/").status_code) == ([1, 0, 1, 0, 1, 0], 403)


@pytest_db
def test_back_office_finds_who_has_done_nothing_whatever_they_were_excused_from(
    scope: Organization, tides: Tides, bobs_place: Enrollment, alice: User, client_of: ClientOf
) -> None:
    excuse(tides.video, enrollment=bobs_place, by=alice)
    client, shelf = client_of(alice), "/admin/courses/enrollment/?progress="

    def found() -> list[int]:
        return [client.get(f"{shelf}{state}").context["cl"].result_count for state in ("none", "some", "all")]

    excused = found()
    for item in (tides.text, tides.test):
        complete_item(item, enrollment=bobs_place, reason=Reason.READ)
        under_way = found()

    assert (excused, under_way) == ([1, 0, 0], [0, 0, 1])


@pytest_db
def test_owner_sets_an_end_by_api_and_learner_does_not(
    bobs_place: Enrollment, alice: User, bob: User, client_of: ClientOf
) -> None:
    body = {"ends_at": "2100-01-01T00:00:00Z"}
    answers = [
        client_of(user).patch(f"{API}/enrollments/{bobs_place.pk}/", body, content_type="application/json")
        for user in (bob, alice)
    ]

    assert [answer.status_code for answer in answers] == [403, 200]
    assert answers[1].json()["ends_at"] == "2100-01-01T00:00:00Z"


@pytest_db
def test_course_tells_its_terms_and_refuses_impossible_ones(
    tides: Tides, bobs_place: Enrollment, alice: User, client_of: ClientOf
) -> None:
    client, address = client_of(alice), f"{API}/courses/{tides.course.pk}/"
    changed = client.patch(address, {"seats": 5, "access": "members"}, content_type="application/json").json()
    impossible = client.patch(
        address,
        {"opens_at": "2030-01-02T00:00:00Z", "closes_at": "2030-01-01T00:00:00Z"},
        content_type="application/json",
    )

    terms = ("access", "seats", "seats_taken", "opens_at", "closes_at", "category", "awards_certificate")
    assert [changed[name] for name in terms] == ["members", 5, 1, None, None, None, True]
    assert (impossible.status_code, list(impossible.json()["error"]["fields"])) == (400, ["closes_at"])


@pytest_db
@pytest.mark.parametrize("count", [1, 4])
def test_back_office_list_costs_the_same_for_any_number(
    count: int, tides: Tides, organization: Organization, alice: User, client_of: ClientOf,
    django_assert_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    with organization_scope(organization):
        for number in range(count):
            place = enroll(tides.course, user=member(f"learner{number}@harbor.test", organization, Role.LEARNER))
        mark_done(tides.text, enrollment=place)
    client = client_of(alice)
    client.get("/admin/courses/enrollment/")

    with django_assert_num_queries(9):
        page = client.get("/admin/courses/enrollment/?progress=some").content.decode()

    assert page.count("1 of 3 (33 %)") == 1
