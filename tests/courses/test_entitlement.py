"""Who sees what: each kind of person at each place where a course, its items or its media could show."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Organization, User
from tests.courses.places import COURSE_DOORS, COURSE_PAGES, ITEMS, MEDIA, OWN, counted, seen
from tests.courses.school import COURSES, FILMS, PEOPLE, ROLES, School

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]

PUBLISHED = ["left", "other", "taken"]
SEEN_COURSES = {"maker": ["hidden", *PUBLISHED], "customer": ["taken"]}  # all others: what is published
SEEN_ITEMS = {"maker": ["hidden", *PUBLISHED], "learner": ["taken"], "customer": ["taken"]}
SEEN_FILMS = {
    "maker": ["drafted", "hidden", "left", "open", "other", "taken"], "learner": ["open", "taken"],
    "customer": ["taken"],
}  # fmt: skip


@pytest.fixture
def look_as(school: School, client_of: ClientOf) -> Callable[[str], Client]:
    return lambda who: Client() if who == "anonymous" else client_of(school.people[who])


@pytest.mark.parametrize("who", PEOPLE)
def test_courses_are_seen_by_whom_they_are_shown_to(who: str, school: School, look_as: Callable[[str], Client]) -> None:
    client = look_as(who)
    expected = SEEN_COURSES.get(who, PUBLISHED)
    by_api = expected if who in ROLES else []
    drafts = ["drafted"] if who == "maker" else []

    pages, doors = seen(COURSE_PAGES, client, school), seen(COURSE_DOORS, client, school)

    in_catalog = [word for word in expected if word != "hidden"]
    assert pages == {
        "catalog": in_catalog, "catalog by words": in_catalog, "course page": expected, "cover": expected,
    }  # fmt: skip
    assert doors == {**dict.fromkeys(COURSE_DOORS, by_api), "list": [*drafts, *by_api]}


@pytest.mark.parametrize(
    ("who", "progress"), [("maker", ["hidden", "taken"]), ("learner", ["taken"]), ("customer", ["taken"])]
)
def test_own_courses_are_those_one_takes(
    who: str, progress: list[str], school: School, look_as: Callable[[str], Client]
) -> None:
    assert seen(OWN, look_as(who), school) == {"my courses": ["taken"], "progress": progress}


@pytest.mark.parametrize("who", PEOPLE)
def test_items_and_media_open_to_those_who_take_the_course(
    who: str, school: School, look_as: Callable[[str], Client]
) -> None:
    client = look_as(who)

    assert seen(ITEMS, client, school) == dict.fromkeys(ITEMS, SEEN_ITEMS.get(who, []))
    assert seen(MEDIA, client, school) == dict.fromkeys(MEDIA, SEEN_FILMS.get(who, []))


@pytest.mark.parametrize(("who", "courses", "films"), [("maker", 5, 6), ("learner", 3, 2), ("customer", 1, 1)])
def test_counts_and_filters_count_no_more_than_is_seen(
    who: str, courses: int, films: int, school: School, alice: User, look_as: Callable[[str], Client]
) -> None:
    client = look_as(who)
    paths = ("courses/", "courses/?level=beginner", f"courses/?creator={alice.pk}", "courses/?page_size=1")
    shelves = ("media/", "media/?kind=video", "media/?status=completed&page_size=1")

    assert [counted(client, path) for path in paths] == [courses] * 4
    assert [counted(client, path) for path in shelves] == [films] * 3


@pytest.mark.parametrize("who", ["suspended", "visitor", "anonymous"])
def test_closed_organization_shows_nothing_to_whoever_is_no_member(
    who: str, school: School, look_as: Callable[[str], Client]
) -> None:
    Organization.objects.update(is_open=False)
    places = {**COURSE_PAGES, **ITEMS, **MEDIA}

    assert seen(places, look_as(who), school) == dict.fromkeys(places, [])


def everything_said_to(client: Client, school: School) -> str:
    """Every page and answer that this person could try, wherever it leads."""
    keys = [row.pk for rows in (school.courses, school.films, school.items, school.texts) for row in rows.values()]
    paths = ["/", "/harbor/", "/harbor/my/", "/harbor/?q=course", "/harbor/search/?q=heron"]
    paths += [f"/harbor/courses/{word}/{page}" for word in COURSES for page in ("", "learn/", "enroll/")]
    paths += [f"/harbor/courses/{word}/learn/{school.items[word].pk}/" for word in COURSES]
    paths += [f"/api/v1/harbor/{kind}/{key}/" for kind in ("courses", "media", "items", "chapters") for key in keys]
    paths += ["/api/v1/harbor/search/?q=heron", "/api/v1/harbor/media/", "/api/v1/harbor/courses/"]
    return "".join(client.get(path, follow=True).content.decode() for path in paths)


def test_customer_reads_no_title_of_anything_else(school: School, look_as: Callable[[str], Client]) -> None:
    kinds = ("Course", "Chapter", "Item", "Film", "Text", "Words", "called")

    said = everything_said_to(look_as("customer"), school)

    read = [f"{kind} {word}" for word in FILMS for kind in kinds if f"{kind} {word}" in said]
    assert read == [f"{kind} taken" for kind in kinds]


@pytest.mark.parametrize("word", ["left", "other", "hidden"])
def test_customer_meets_404_where_a_course_is_not_theirs(
    word: str, school: School, look_as: Callable[[str], Client]
) -> None:
    client = look_as("customer")
    pages = ("", "cover.jpg", "enroll/", "learn/", f"learn/{school.items[word].pk}/")
    forms = ("enroll/", f"learn/{school.texts[word].pk}/done/", f"learn/{school.texts[word].pk}/answers/")

    answers = [client.get(f"/harbor/courses/{word}/{page}").status_code for page in pages]
    answers += [client.post(f"/harbor/courses/{word}/{form}").status_code for form in forms]

    assert answers == [404] * 8
