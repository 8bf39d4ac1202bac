"""Courses that belong together: services, back office, API, and the pages of the catalogue."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Organization, User
from core.errors import Refused
from core.tenancy import organization_scope
from courses.models import CollectedCourse, Collection, Course
from courses.services.authoring import create_course
from courses.services.collections import (
    add_course,
    delete_collection,
    put_courses,
    remove_course,
    save_collection,
)

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
MakeCourses = Callable[[int], list[Course]]
API = "/api/v1/harbor/collections/"
UNKNOWN = "01a1f8ba-0000-7000-8000-000000000000"


def make(title: str, *, parent: Collection | None = None, position: int | None = None) -> Collection:
    return save_collection(Collection(title=title, parent=parent), by=None, position=position)


def tree() -> list[tuple[str, str | None, int]]:
    rows = Collection.objects.order_by("parent__title", "position").values_list("title", "parent__title", "position")
    return list(rows)


def titles(collection: Collection) -> list[tuple[str, int]]:
    entries = CollectedCourse.objects.filter(collection=collection).order_by("position")
    return list(entries.values_list("course__title", "position"))


def test_collections_stand_in_order_and_get_addresses(scope: Organization) -> None:
    sea, sky = make("Sea"), make("Sky")
    first = make("Sea", position=1)
    make("Tides", parent=sea)

    assert tree() == [("Tides", "Sea", 1), ("Sea", None, 1), ("Sea", None, 2), ("Sky", None, 3)]
    assert (first.slug, sea.slug, sky.slug) == ("sea-2", "sea", "sky")


def test_collections_that_cannot_be_are_refused(scope: Organization) -> None:
    sea = make("Sea")
    tides = make("Tides", parent=sea)

    def refused(**changes: Any) -> str:
        with pytest.raises(Refused) as refusal:
            save_collection(Collection(**{"title": "New", **changes}), by=None)
        return refusal.value.code

    sea.parent = tides
    with pytest.raises(Refused) as circle:
        save_collection(sea, by=None)

    assert (circle.value.code, list(circle.value.fields)) == ("inside_itself", ["parent"])
    assert (refused(title=" \n"), refused(slug="tides"), refused(parent_id=UNKNOWN)) == (
        "title_missing", "slug_taken", "unknown_collection",
    )  # fmt: skip


def test_deleting_keeps_courses_and_lifts_what_was_inside(scope: Organization, many_courses: MakeCourses) -> None:
    sea = make("Sea")
    make("Sky")
    tides = make("Tides", parent=sea)
    make("Ebb", parent=tides)
    put_courses(tides, [course.pk for course in many_courses(1)], by=None)

    delete_collection(tides, by=None)
    assert tree() == [("Ebb", "Sea", 1), ("Sea", None, 1), ("Sky", None, 2)]

    delete_collection(sea, by=None)
    assert tree() == [("Sky", None, 1), ("Ebb", None, 2)]
    assert Course.objects.count() == 1


def test_courses_are_put_in_moved_and_taken_out(scope: Organization, many_courses: MakeCourses) -> None:
    sea, (a, b, c) = make("Sea"), many_courses(3)

    add_course(sea, a, by=None)
    add_course(sea, b, by=None)
    add_course(sea, c, by=None, position=1)
    add_course(sea, a, by=None)
    assert titles(sea) == [("Course 2", 1), ("Course 0", 2), ("Course 1", 3)]

    remove_course(sea, a, by=None)
    assert titles(sea) == [("Course 2", 1), ("Course 1", 2)]

    put_courses(sea, [b.pk, a.pk, b.pk], by=None)
    assert titles(sea) == [("Course 1", 1), ("Course 0", 2)]


def test_page_shows_what_one_may_see_in_order(
    scope: Organization, alice: User, bob: User, many_courses: MakeCourses, client_of: ClientOf
) -> None:
    draft, (a, b) = create_course(title="Draft", by=alice), many_courses(3)[:2]
    sea = make("Sea")
    tides, empty = make("Tides", parent=sea), make("Empty", parent=sea)
    put_courses(tides, [b.pk, draft.pk, a.pk], by=None)
    pages = {who.email: client_of(who) for who in (alice, bob)}

    def page(who: User, slug: str) -> Any:
        return pages[who.email].get(f"/harbor/collections/{slug}/")

    def cards(who: User) -> list[str]:
        return [card.title for card in page(who, "tides").context["cards"]]

    def inside(who: User) -> list[str]:
        return [one.collection.title for one in page(who, "sea").context["inside"]]

    assert (cards(bob), cards(alice)) == (["Course 2", "Course 1"], ["Course 2", "Draft", "Course 1"])
    assert (inside(bob), inside(alice)) == (["Tides"], ["Tides", "Empty"])
    assert (page(bob, empty.slug).status_code, page(alice, empty.slug).status_code) == (404, 200)
    assert [one.collection.title for one in page(bob, "tides").context["above"]] == ["Sea"]


def test_catalog_shows_top_collections_with_their_count(
    scope: Organization, bob: User, many_courses: MakeCourses, client_of: ClientOf
) -> None:
    sea = make("Sea")
    make("Empty")
    put_courses(make("Tides", parent=sea), [course.pk for course in many_courses(2)], by=None)
    client = client_of(bob)

    def shown(query: str = "") -> list[tuple[str, int]]:
        return [(one.collection.title, one.courses) for one in client.get(f"/harbor/{query}").context["collections"]]

    assert (shown(), shown("?q=course")) == ([("Sea", 2)], [])


@pytest.mark.parametrize("count", [1, 30])
def test_page_costs_the_same_for_any_number(
    scope: Organization, bob: User, many_courses: MakeCourses, client_of: ClientOf, count: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    courses = many_courses(count)
    sea = make("Sea")
    put_courses(sea, [course.pk for course in courses], by=None)
    for number in range(count):
        put_courses(make(f"Part {number}", parent=sea), [courses[number].pk], by=None)
    client = client_of(bob)

    with django_assert_num_queries(9):
        client.get("/harbor/collections/sea/")


def test_api_makes_fills_moves_and_deletes(
    scope: Organization, alice: User, bob: User, many_courses: MakeCourses, client_of: ClientOf
) -> None:
    keys = [str(course.pk) for course in many_courses(2)]
    with organization_scope(None):
        maker, learner = client_of(alice), client_of(bob)

        def call(client: Client, method: str, path: str = "", body: Any = None) -> Any:
            return client.generic(method, f"{API}{path}", json.dumps(body), content_type="application/json")

        sea = call(maker, "POST", body={"title": "Sea"}).json()
        tides = call(maker, "POST", body={"title": "Tides", "parent": sea["id"]}).json()
        filled = call(maker, "PUT", f"{tides['id']}/courses/", {"courses": keys[::-1]}).json()
        seen = [one["title"] for one in call(learner, "GET").json()["results"]]
        moved = call(maker, "PATCH", f"{tides['id']}/", {"parent": None, "position": 1, "slug": "ebb"}).json()
        refused = call(maker, "PATCH", f"{sea['id']}/", {"slug": "ebb"})
        unknown = call(maker, "PUT", f"{sea['id']}/courses/", {"courses": [UNKNOWN]})
        forbidden = call(learner, "POST", body={"title": "Mine"}).status_code
        hidden = call(learner, "GET", f"{sea['id']}/").status_code
        gone = call(maker, "DELETE", f"{sea['id']}/").status_code

    assert (sea["slug"], sea["position"], sea["courses"]) == ("sea", 1, [])
    assert (filled["courses"], seen) == (keys[::-1], ["Sea", "Tides"])
    assert (moved["parent"], moved["position"], moved["slug"], moved["courses"]) == (None, 1, "ebb", keys[::-1])
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (400, ["slug"])
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (400, "unknown_course")
    assert (forbidden, hidden, gone) == (403, 404, 204)


def test_api_shows_nobody_elses(scope: Organization, charlie: User, other_organization: Any, client_of: Any) -> None:
    sea = make("Sea")
    with organization_scope(other_organization):
        sky = make("Sky")
    client = client_of(charlie)

    inside = {"title": "Mine", "parent": str(sea.pk)}
    made = client.post("/api/v1/summit/collections/", inside, content_type="application/json")

    assert client.get(f"/api/v1/summit/collections/{sea.pk}/").status_code == 404
    assert (made.status_code, list(made.json()["error"]["fields"])) == (400, ["parent"])
    assert [one["id"] for one in client.get("/api/v1/summit/collections/").json()["results"]] == [str(sky.pk)]


@pytest.mark.parametrize("count", [1, 30])
def test_api_list_costs_the_same_for_any_number(
    scope: Organization, bob: User, many_courses: MakeCourses, client_of: ClientOf, count: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    for number, course in enumerate(many_courses(count)):
        put_courses(make(f"Part {number}"), [course.pk], by=None)
    client = client_of(bob)

    with django_assert_num_queries(8):
        client.get(API)


def test_back_office_lists_the_tree_and_saves_courses_in_order(
    scope: Organization, alice: User, many_courses: MakeCourses, client_of: ClientOf
) -> None:
    a, b = many_courses(2)
    sea = make("Sea")
    client = client_of(alice)
    rows = {
        "entries-TOTAL_FORMS": "2", "entries-INITIAL_FORMS": "0",
        "entries-0-course": str(a.pk), "entries-0-position": "2",
        "entries-1-course": str(b.pk), "entries-1-position": "1",
    }  # fmt: skip

    made = client.post("/admin/courses/collection/add/", {"title": "Tides", "parent": str(sea.pk), **rows})
    tides = Collection.objects.get(title="Tides")
    circle = client.post(
        f"/admin/courses/collection/{sea.pk}/change/",
        {"title": "Sea", "parent": str(tides.pk), "entries-TOTAL_FORMS": "0", "entries-INITIAL_FORMS": "0"},
    )
    listed = client.get("/admin/courses/collection/").content.decode()
    client.post(f"/admin/courses/collection/{sea.pk}/delete/", {"post": "yes"})

    assert (made.status_code, titles(tides)) == (302, [("Course 1", 1), ("Course 0", 2)])
    assert (circle.status_code, "parent" in circle.context["adminform"].form.errors) == (200, True)
    assert listed.index("Sea") < listed.index("— Tides")
    assert tree() == [("Tides", None, 1)]
