"""Choosing a course: catalogue, course page, my courses."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from core.tenancy import organization_scope
from courses.models import Course, Enrollment
from courses.services.authoring import create_course
from courses.services.enrolling import enroll
from courses.services.progress import mark_done
from tests.courses.conftest import Tides, fill, watched

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def test_catalog_shows_members_published_courses_only(
    tides: Tides, bob: User, alice: User, client_of: ClientOf
) -> None:
    with organization_scope(tides.course.organization_id):
        create_course(title="Half done", by=alice)

    answer = client_of(bob).get("/harbor/")

    assert [card.title for card in answer.context["cards"]] == ["Tides and currents"]


def test_catalog_of_a_closed_organization_is_hidden(tides: Tides, charlie: User, client_of: ClientOf) -> None:
    assert (Client().get("/harbor/").status_code, client_of(charlie).get("/harbor/").status_code) == (404, 404)


def test_catalog_of_an_open_organization_is_everybodys(tides: Tides, open_organization: Organization) -> None:
    answer = Client().get("/harbor/")

    assert [card.title for card in answer.context["cards"]] == ["Tides and currents"]


def test_catalog_card_tells_size_time_and_progress(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    mark_done(tides.text, enrollment=bobs_place)

    card = client_of(bob).get("/harbor/").context["cards"][0]

    assert (card.items, card.time, card.standing.completed, card.standing.percentage) == (3, "5 min", 1, 33)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("q=water", ["Tides and currents"]),
        ("q=tides+fire", []),
        ("level=advanced", []),
        ("level=nonsense", ["Tides and currents"]),
    ],
)
def test_catalog_narrows_by_words_and_level(
    tides: Tides, bob: User, client_of: ClientOf, query: str, titles: list[str]
) -> None:
    assert [card.title for card in client_of(bob).get(f"/harbor/?{query}").context["cards"]] == titles


@pytest.mark.parametrize("count", [1, 3, 300])
def test_catalog_costs_the_same_for_any_number_of_courses(
    many_courses: Callable[[int], list[Course]], bob: User, client_of: ClientOf, count: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    courses = many_courses(count)
    with organization_scope(courses[0].organization_id):
        enroll(courses[0], user=bob)
    client = client_of(bob)

    with django_assert_num_queries(7):
        client.get("/harbor/")


@pytest.mark.parametrize("count", [1, 3])
def test_my_courses_cost_the_same_for_any_number(
    many_courses: Callable[[int], list[Course]], bob: User, client_of: ClientOf, count: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    courses = many_courses(count)
    with organization_scope(courses[0].organization_id):
        for course in courses:
            enroll(course, user=bob)
    client = client_of(bob)

    with django_assert_num_queries(7):
        answer = client.get("/harbor/my/")

    assert len(answer.context["cards"]) == count


def test_course_page_offers_a_member_to_enroll(tides: Tides, bob: User, client_of: ClientOf) -> None:
    answer = client_of(bob).get("/harbor/courses/tides-and-currents/")

    assert (answer.status_code, b"Enroll and start" in answer.content, b"<em>water</em>" in answer.content) == (
        200, True, True,
    )  # fmt: skip


def test_course_page_says_the_second_to_continue_at(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    watched(tides.media, bob, percent=40, position=48)

    step = client_of(bob).get("/harbor/courses/tides-and-currents/").context["step"]

    assert (step.label, step.hint) == ("Continue at 0:48", "Next: The film, 1 min left")


@pytest.mark.parametrize("items", [1, 60])
def test_course_page_costs_the_same_for_any_number_of_items(
    tides: Tides, bobs_place: Enrollment, bob: User, alice: User, client_of: ClientOf, scope: Organization, items: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    fill(tides, alice, items)
    client = client_of(bob)

    with django_assert_num_queries(7):
        client.get("/harbor/courses/tides-and-currents/")


def test_draft_course_is_a_makers_secret(tides: Tides, bob: User, alice: User, client_of: ClientOf) -> None:
    with organization_scope(tides.course.organization_id):
        Course.objects.update(is_published=False)
    address = "/harbor/courses/tides-and-currents/"

    assert (client_of(bob).get(address).status_code, client_of(alice).get(address).status_code) == (404, 200)


@pytest.mark.parametrize("name", ["course", "enroll", "learn", "cover"])
def test_outsider_finds_no_course(tides: Tides, charlie: User, client_of: ClientOf, name: str) -> None:
    address = reverse(f"courses:{name}", args=["harbor", tides.course.slug])

    assert client_of(charlie).get(address).status_code == 404


@pytest.mark.parametrize("address", ["/harbor/my/", "/harbor/courses/tides-and-currents/learn/"])
def test_anonymous_visitor_is_asked_to_log_in(tides: Tides, address: str) -> None:
    answer = Client().get(address)

    assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next={address}")
