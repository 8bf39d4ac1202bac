"""The pages of Analytics, their files and the API: the same figures, for the same people, at the same cost."""

import csv
import io
import re
from html import unescape

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from accounts.models import Role
from courses.services.enrolling import enroll
from tests.analytics.conftest import add_media
from tests.analytics.figures import TODAY, live_through, viewed, visited
from tests.conftest import member

CELL = re.compile(r'<data (?:class="figures__value" )?value="([^"]*)"')
TABLE = re.compile(r'<table class="figures__table" data-table="([^"]+)">.*?<tbody>(.*?)</tbody>', re.DOTALL)
#: What the API calls the rows of a table, where it is not its name.
PLACES = {"ai-costs": "ai_costs", "ai-subjects": "ai_subjects"}


@pytest.fixture
def past(scope, alice, bob):
    return live_through(scope, alice=alice, bob=bob)


@pytest.fixture
def doors(past, alice):
    """Page and API of each report."""
    keys = {"creator": [alice.pk], "media": [past.media.pk], "course": [past.tides.course.pk]}
    return {
        "dashboard": (reverse("back_office_dashboard"), reverse("api_dashboard", args=["harbor"])),
        "creator": (
            reverse("back_office_creator", args=keys["creator"]),
            reverse("api_creator_dashboard", args=["harbor", *keys["creator"]]),
        ),
        "media": (
            reverse("back_office_media_report", args=keys["media"]),
            reverse("api_media_report", args=["harbor", *keys["media"]]),
        ),
        "course": (
            reverse("back_office_course_report", args=keys["course"]),
            reverse("api_course_report", args=["harbor", *keys["course"]]),
        ),
        "searches": (reverse("back_office_searches"), reverse("api_search_gaps", args=["harbor"])),
    }


def rows_on(html):
    """Raw values of each table of a page, by its name."""
    return {
        name: [[unescape(value) for value in CELL.findall(row)] for row in body.split("<tr>")[1:] if "<data" in row]
        for name, body in TABLE.findall(html)
    }


def rows_in(answer):
    header, *rows = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode()))
    return header, [[cell.removeprefix("'") for cell in row] for row in rows]


def plain(value):
    """A value of the API as files write it."""
    if value is None:
        return ""
    return str(value) if not isinstance(value, str) else value.replace("Z", "+00:00") if "T" in value else value


@pytest.mark.parametrize("name", ["dashboard", "creator", "media", "course", "searches"])
def test_page_file_and_api_tell_the_same_numbers(name, doors, alice, client_of):
    client, (page_url, api_url) = client_of(alice), doors[name]

    page = client.get(page_url)
    told = client.get(api_url).json()

    tables = rows_on(page.content.decode())
    assert tables
    for table, rows in tables.items():
        header, in_file = rows_in(client.get(f"{page_url}{table}.csv"))
        of_api = told["behind"]["learners"] if table == "behind" else told[PLACES.get(table, table)]
        same_by_api = [[plain(row[column]) for column in header] for row in of_api]
        assert (table, rows) == (table, in_file)
        assert (table, moments_alike(same_by_api)) == (table, moments_alike(in_file))
    _, totals = rows_in(client.get(f"{page_url}totals.csv"))
    tiles = CELL.findall(page.content.decode().split("</dl>")[0])
    assert [value for _, value, *_ in totals] == tiles
    assert {row[0]: (row[1], row[2]) for row in totals} == {
        row[0]: (plain(told["totals"][row[0]]), plain(told["previous"][row[0]])) for row in totals
    }


def moments_alike(rows):
    """The API tells moments in the time zone of the organization's address or in UTC: the digits of the day differ."""
    return [["" if "T" in cell and "+" in cell else cell for cell in row] for row in rows]


@pytest.mark.parametrize(
    ("name", "statements"), [("dashboard", 25), ("creator", 23), ("media", 14), ("course", 14), ("searches", 8)]
)
def test_a_dashboard_costs_the_same_statements_however_much_happened(
    name, statements, doors, past, alice, client_of, django_assert_num_queries
):
    client = client_of(alice)
    client.get(doors[name][0])
    with django_assert_num_queries(statements):
        client.get(doors[name][0])
    for n in range(3):
        media = add_media(f"Talk {n}")
        person = member(f"m{n}@harbor.test", past.organization, Role.CREATOR)
        viewed(media, TODAY, [n, n + 1], finishers=[n])
        visited(past.media, person, [(10 * n, 10 * n + 5)], at=past.tides.course.created_at)
        enroll(past.tides.course, user=person)

    with django_assert_num_queries(statements):
        page = client.get(doors[name][0])

    assert page.status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", ["media", "course"])
def test_lists_of_figures_cost_the_same_statements_whatever_they_show(
    name, rows, past, alice, client_of, django_assert_num_queries
):
    for n in range(rows):
        viewed(add_media(f"Talk {n}"), TODAY, range(5 + n))
    client, url = client_of(alice), reverse(f"back_office_{name}_reports")
    client.get(url)

    with django_assert_num_queries(7):
        page = client.get(url)

    listed = rows_on(page.content.decode())["all"]
    header, in_file = rows_in(client.get(f"{url}all.csv"))
    told = client.get(reverse(f"api_{name}_reports", args=["harbor"])).json()["results"]
    assert listed == in_file == [[plain(row[column]) for column in header] for row in told]
    assert len(listed) == (rows + 1 if name == "media" else 1)


def test_a_chart_has_words_for_who_does_not_see_it(doors, alice, client_of):
    page = client_of(alice).get(doors["media"][0]).content.decode()

    assert page.count('role="img"') == 3
    assert "100 % of all viewers watch the end; fewest, 100 %, watch from 0:00 on." in page
    assert re.search(r'<a class="figures__link" href="/harbor/media/[^/]+/\?t=40">', page)
    assert "It bulges on both sides." in page


def test_the_range_is_chosen_by_links_or_two_days(doors, alice, client_of):
    client = client_of(alice)

    week = client.get(doors["media"][0], {"days": "7"})
    one_day = client.get(doors["media"][0], {"from": TODAY.isoformat(), "to": TODAY.isoformat()})

    assert [choice.words for choice in week.context["ranges"] if choice.is_chosen] == ["7 days"]
    assert (week.context["report"].totals.views, one_day.context["report"].totals.views) == (4, 2)
    assert (len(one_day.context["report"].days), one_day.context["report"].previous.views) == (1, 2)


def test_a_range_that_is_none_is_told(doors, alice, client_of):
    client, (page_url, api_url) = client_of(alice), doors["media"]

    page = client.get(page_url, {"from": "soon"})
    answer = client.get(api_url, {"days": "many"})
    file = client.get(f"{page_url}days.csv", {"to": "soon"})

    assertContains(page, "This is no day. Write it like 2026-11-22.", status_code=400)
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["days"])
    assert (file.status_code, file["Content-Type"]) == (400, "text/plain; charset=utf-8")


def test_formulas_are_harmless_and_numbers_stay_numbers(doors, alice, client_of):
    client = client_of(alice)

    gaps = b"".join(client.get(f"{doors['searches'][0]}gaps.csv").streaming_content).decode()
    totals = b"".join(
        client.get(f"{doors['media'][0]}totals.csv", {"from": TODAY.isoformat()}).streaming_content
    ).decode()

    assert gaps.splitlines()[2].startswith("'=1+1,1,1,1,")
    assert "completion_rate,50.0,0.0," in totals
    assert "viewers,2,2,0.0" in totals


@pytest.mark.parametrize("name", ["dashboard", "creator", "media", "course", "searches"])
def test_figures_are_for_those_who_make_content_here(name, doors, bob, charlie, client_of):
    page_url, api_url = doors[name]
    is_of_a_row = name in ("creator", "media", "course")

    assert client_of(bob).get(page_url).status_code == 302
    assert client_of(bob).get(api_url).status_code == 403
    assert client_of(charlie).get(api_url).status_code == 404
    assert client_of(charlie).get(page_url).status_code == (404 if is_of_a_row else 200)
    assert client_of(charlie).get(api_url.replace("harbor", "summit")).status_code == (404 if is_of_a_row else 200)
    file = client_of(charlie).get(f"{page_url}totals.csv")
    assert file.status_code == (404 if is_of_a_row else 200)


def test_what_is_no_table_or_no_creator_is_not_found(doors, alice, bob, client_of):
    client = client_of(alice)

    assert client.get(f"{doors['media'][0]}secrets.csv").status_code == 404
    assert client.get(reverse("back_office_creator", args=[bob.pk])).status_code == 404
    assert client.get(reverse("api_creator_dashboard", args=["harbor", bob.pk])).status_code == 404


def test_an_organization_in_which_nothing_happened_says_so(scope, alice, client_of):
    media = add_media("Quiet")

    client = client_of(alice)

    for url in (reverse("back_office_dashboard"), reverse("back_office_media_report", args=[media.pk])):
        assertContains(client.get(url), "Nothing has been counted in this range.")
    assertContains(client.get(reverse("back_office_searches")), "Every search found something.")
