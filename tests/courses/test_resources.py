"""Files to take along, and links: kept, opened, counted."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from accounts.models import Organization, User
from analytics.models import Event
from core.errors import Refused
from courses.models import Completion, Resource
from courses.services.resources import delete_resource, normalized, save_resource
from tests.courses.homework import Homework, given

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
API = "/api/v1/harbor/resources/"
LESSON_STATEMENTS = 6


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" HTTPS://Example.ORG ", "https://example.org/"),
        ("example.org/Tides?x=1#y", "https://example.org/Tides?x=1#y"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
    ],
)
def test_link_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert normalized(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["javascript:alert(1)", "ftp://example.org/", "//", "https://me:secret@example.org/", "https://[", "a b", ""],
)
def test_what_is_no_web_address_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as refusal:
        normalized(typed)

    assert refusal.value.code == "not_a_link"


def test_learner_takes_the_file_and_is_counted(
    homework: Homework, scope: Organization, bob: User, alice: User, charlie: User, client_of: ClientOf
) -> None:
    client, door = client_of(bob), homework.page(homework.chart, "open/")

    page = client.get(homework.page(homework.chart)).content.decode()
    answers = [client.head(door), client.get(door), client.get(door), client_of(alice).get(door)]
    stranger = client_of(charlie).get(door)

    assert ("Tide chart" in page, "chart 2026.pdf" in page, "PDF file" in page, "14 B" in page) == (True,) * 4
    assert [(one.status_code, one["Content-Disposition"]) for one in answers] == [
        (200, 'attachment; filename="chart 2026.pdf"')
    ] * 4
    assert [b"".join(one) for one in answers] == [b"", *[b"%PDF-1.4 tides"] * 3]
    assert (stranger.status_code, homework.resource.opened) == (404, 2)
    assert (
        list(Event.objects.filter(type="resource_opened").values_list("item_id", flat=True)) == [homework.chart.pk] * 2
    )


def test_dangerous_files_are_only_saved(
    homework: Homework, scope: Organization, bob: User, client_of: ClientOf
) -> None:
    save_resource(homework.resource, file=given("drawing.svg", b"<svg onload='alert(1)'/>"))

    answer = client_of(bob).get(homework.page(homework.chart, "open/"))
    b"".join(answer.streaming_content)

    assert answer["Content-Disposition"] == 'attachment; filename="drawing.svg"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_link_is_counted_and_followed_and_marked_as_done(
    homework: Homework, scope: Organization, bob: User, client_of: ClientOf
) -> None:
    save_resource(homework.resource, link="noaa.gov/tides")
    client = client_of(bob)

    page = client.get(homework.page(homework.chart)).content.decode()
    answer = client.get(homework.page(homework.chart, "open/"))
    client.post(homework.page(homework.chart, "done/"))

    assert ("On noaa.gov" in page, "Open the link" in page) == (True, True)
    assert (answer.status_code, answer["Location"]) == (302, "https://noaa.gov/tides")
    assert homework.resource.opened == 1
    assert list(Completion.objects.values_list("item", "reason")) == [(homework.chart.pk, "read")]


def test_who_is_not_enrolled_is_sent_to_the_course(
    homework: Homework, scope: Organization, bob: User, client_of: ClientOf
) -> None:
    homework.place.is_active = False
    homework.place.save()

    answer = client_of(bob).get(homework.page(homework.chart, "open/"))

    assert (answer.status_code, answer["Location"]) == (302, "/harbor/courses/homework/")
    assert client_of(bob).get(homework.page(homework.essay, "open/")).status_code == 302


def test_what_is_replaced_goes_when_that_is_sure(
    homework: Homework, scope: Organization, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    def files() -> int:
        return len(default_storage.listdir(f"{scope.pk}/resources")[1])

    resource, counts = homework.resource, []
    with django_capture_on_commit_callbacks(execute=True):
        save_resource(resource, file=given("new.pdf"))
        counts.append(files())
    counts.append(files())
    settings.COURSE_FILE_BYTES = 3
    with pytest.raises(Refused) as too_large:
        save_resource(resource, file=given())
    with pytest.raises(Refused) as both:
        save_resource(resource, file=given(), link="https://example.org/")
    counts.append(files())
    with django_capture_on_commit_callbacks(execute=True):
        save_resource(resource, link="https://example.org/")
    counts.append(files())

    assert (counts, too_large.value.code, both.value.code) == ([2, 1, 1, 0], "file_too_large", "file_or_link")
    assert (resource.filename, resource.size_bytes, resource.content_type) == ("", 0, "")


def test_resource_of_an_item_stays(homework: Homework, scope: Organization) -> None:
    with pytest.raises(Refused) as refusal:
        delete_resource(homework.resource)

    assert refusal.value.code == "in_use"


def test_makers_keep_resources_by_api(
    homework: Homework, scope: Organization, alice: User, bob: User, client_of: ClientOf
) -> None:
    maker, json = client_of(alice), {"content_type": "application/json"}

    made = maker.post(API, {"title": "Map", "link": "https://example.org/map"}, **json)
    address = f"{API}{made.json()['id']}/"
    neither = maker.post(API, {"title": "Nothing"}, **json)
    bad = maker.patch(address, {"link": "javascript:alert(1)"}, **json)
    renamed = maker.patch(address, {"title": "Chart of the bay"}, **json).json()
    uploaded = maker.post(API, {"file": given("bay.pdf")})
    gone = maker.delete(address)

    assert (made.status_code, neither.status_code, bad.status_code) == (201, 400, 400)
    assert bad.json()["error"]["code"] == "not_a_link"
    assert (renamed["title"], renamed["link"]) == ("Chart of the bay", "https://example.org/map")
    assert (uploaded.status_code, uploaded.json()["title"], uploaded.json()["size_bytes"]) == (201, "bay.pdf", 14)
    assert "path" not in uploaded.json()
    assert (gone.status_code, maker.get(API).json()["count"], client_of(bob).get(API).status_code) == (204, 2, 403)


def test_resource_is_made_in_the_back_office(
    homework: Homework, scope: Organization, alice: User, client_of: ClientOf
) -> None:
    client, sent = client_of(alice), {"opened_in": str(scope.pk)}
    add = "/admin/courses/resource/add/"

    refused = client.post(add, {**sent, "title": "Nothing", "link": ""}).content.decode()
    client.post(add, {**sent, "title": "", "file": given("bay.pdf")})
    made = Resource.objects.get(title="bay.pdf")
    client.post(f"/admin/courses/resource/{made.pk}/change/", {**sent, "title": "Bay", "link": "example.org"})
    made.refresh_from_db()

    assert "A resource is a file or a link: give one of them." in refused
    assert (made.title, made.link, made.path) == ("Bay", "https://example.org/", "")


def test_lesson_of_a_resource_costs_as_much_as_any(
    homework: Homework, scope: Organization, bob: User, client_of: ClientOf, django_assert_num_queries: Any
) -> None:
    client, page = client_of(bob), homework.page(homework.chart)
    client.get(page)

    with django_assert_num_queries(LESSON_STATEMENTS):
        client.get(page)
