"""Choosing a course: catalogue and course page."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from core.tenancy import organization_scope
from courses.models import Collection, ContentItem, Course, CourseCompletion, Enrollment
from courses.services.authoring import add_chapter, add_item, create_course
from courses.services.collections import put_courses, save_collection
from courses.services.enrolling import enroll
from courses.services.progress import mark_done
from media_library.models import Category
from media_library.services.shelving import save_category
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


@pytest.fixture
def harbor(scope: Organization, alice: User) -> None:
    """Three courses on shelves: 30 minutes, 2 hours and 4 hours long, published one after the other; one of texts."""
    sea = save_category(Category(name="Sea"), by=alice)
    tides, sky = (save_category(Category(name=name, parent=sea), by=alice) for name in ("Tides", "Sky"))
    save_category(Category(name="Empty"), by=alice)
    for day, (title, level, minutes, category) in enumerate(
        [("Ebb", "beginner", 30, tides), ("Flood", "advanced", 120, sea), ("Anchor", "beginner", 240, None),
         ("Clouds", "beginner", None, sky)]
    ):  # fmt: skip
        published = datetime(2026, 1, 1 + day, tzinfo=UTC)
        course = create_course(
            title=title, by=alice, level=level, category=category, is_published=True, published_at=published
        )
        item = {"type": "text", "title": "Words", "text": "…", "estimated_minutes": minutes}
        add_item(add_chapter(course, title="All"), by=alice, **item)
        add_item(course.chapters.get(), by=alice, **{**item, "state": "draft", "estimated_minutes": 600})


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Clouds", "Anchor", "Flood", "Ebb"]),
        ("sort=newest", ["Clouds", "Anchor", "Flood", "Ebb"]),
        ("sort=title", ["Anchor", "Clouds", "Ebb", "Flood"]),
        ("sort=shortest", ["Ebb", "Flood", "Anchor", "Clouds"]),
        ("duration=short", ["Ebb"]),
        ("duration=medium", ["Flood"]),
        ("duration=long", ["Anchor"]),
        ("category=sea&sort=title", ["Clouds", "Ebb", "Flood"]),
        ("category=tides", ["Ebb"]),
        ("category=empty&sort=title", ["Anchor", "Clouds", "Ebb", "Flood"]),
        ("category=sea&level=beginner&duration=short&q=ebb", ["Ebb"]),
        ("category=sea&level=beginner&duration=long", []),
        ("sort=nonsense&duration=x&level=y&category=z", ["Clouds", "Anchor", "Flood", "Ebb"]),
    ],
)
def test_catalog_filters_combine_and_sort(
    harbor: None, bob: User, client_of: ClientOf, query: str, titles: list[str]
) -> None:
    assert [card.title for card in client_of(bob).get(f"/harbor/?{query}").context["cards"]] == titles


def test_catalog_links_keep_what_is_on_and_can_be_without_it(harbor: None, bob: User, client_of: ClientOf) -> None:
    shown = client_of(bob).get("/harbor/?q=e&category=tides&level=beginner&duration=short&sort=title").context

    category, level, length = shown["filters"]
    assert [(one.label, one.depth, one.is_on) for one in category.choices] == [
        ("Any", 0, False), ("Sea", 0, False), ("Sky", 1, False), ("Tides", 1, True),
    ]  # fmt: skip
    assert level.choices[3].query == "q=e&level=advanced&category=tides&duration=short&sort=title"
    assert length.choices[0].query == "q=e&level=beginner&category=tides&sort=title"
    assert shown["sorting"].choices[0].query == "q=e&level=beginner&category=tides&duration=short"
    assert [(one.label, one.without) for one in shown["active"]] == [
        ("“e”", "level=beginner&category=tides&duration=short&sort=title"),
        ("Sea › Tides", "q=e&level=beginner&duration=short&sort=title"),
        ("Beginner", "q=e&category=tides&duration=short&sort=title"),
        ("Under 1 hour", "q=e&level=beginner&category=tides&sort=title"),
    ]


def test_catalog_offers_categories_of_courses_one_sees(
    harbor: None, bob: User, client_of: ClientOf, open_organization: Organization
) -> None:
    Course.objects.filter(title__in=["Ebb", "Clouds"]).update(is_published=False)

    def names(client: Client) -> list[str]:
        return [choice.label for choice in client.get("/harbor/").context["filters"][0].choices]

    assert (names(client_of(bob)), names(Client())) == (["Any", "Sea"], ["Any", "Sea"])


def test_catalog_is_paged_with_its_filters(
    many_courses: Callable[[int], list[Course]], bob: User, client_of: ClientOf
) -> None:
    many_courses(30)

    answer = client_of(bob).get("/harbor/?level=beginner&sort=title")

    assert (len(answer.context["cards"]), b"30 courses" in answer.content) == (24, True)
    assert b"?level=beginner&amp;sort=title&amp;page=2" in answer.content


@pytest.mark.parametrize("count", [1, 30, 300])
def test_catalog_costs_the_same_for_any_number_of_courses(
    many_courses: Callable[[int], list[Course]], bob: User, client_of: ClientOf, count: int,
    django_assert_num_queries: Callable[[int], object], scope: Organization,
) -> None:  # fmt: skip
    courses = many_courses(count)
    enroll(courses[-1], user=bob)
    for number, course in enumerate(reversed(courses[-30:])):
        course.category = save_category(Category(name=f"Shelf {number}"), by=bob)
        course.save()
        put_courses(save_collection(Collection(title=f"Part {number}"), by=bob), [course.pk], by=bob)
    client = client_of(bob)

    with django_assert_num_queries(11):
        client.get("/harbor/")
    with django_assert_num_queries(9):
        client.get("/harbor/?q=course&level=beginner&category=shelf-0&duration=short&sort=shortest")


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

    with django_assert_num_queries(9):
        client.get("/harbor/courses/tides-and-currents/")


def test_course_page_leads_to_the_certificate_when_completed(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    client = client_of(bob)

    def says(words: str) -> bool:
        return words in client.get("/harbor/courses/tides-and-currents/").content.decode()

    assert (says("Get your certificate"), says("What is missing")) == (False, True)
    CourseCompletion.objects.create(enrollment=bobs_place, counted=[])
    assert (says("Get your certificate"), says("/harbor/courses/tides-and-currents/certificate/")) == (True, True)
    Course.objects.update(awards_certificate=False)
    assert says("Get your certificate") is False


def test_course_page_names_people_category_and_collections(
    tides: Tides, alice: User, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    course = tides.course
    course.category = save_category(Category(name="Sea"), by=alice)
    course.save()
    course.instructors.add(alice, User.objects.create_user("nameless@harbor.test", "x"))
    put_courses(save_collection(Collection(title="Shores"), by=alice), [course.pk], by=alice)

    answer = client_of(bob).get("/harbor/courses/tides-and-currents/")

    assert [(face.name, face.initials) for face in answer.context["people"]] == [("Alice", "A")]
    assert b"nameless" not in answer.content
    assert b'href="/harbor/?category=sea"' in answer.content
    assert b'href="/harbor/collections/shores/"' in answer.content


def test_course_page_hides_the_bar_where_nothing_counts(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    ContentItem.objects.update(is_required=False)

    answers = [client_of(bob).get(path).content for path in ("/harbor/courses/tides-and-currents/", "/harbor/my/")]

    assert [(b"<progress" in answer, b"None" in answer) for answer in answers] == [(False, False)] * 2


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
