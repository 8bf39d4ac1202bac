"""Generated from the addresses there are: an outsider gets 404 on each that names something of another organisation."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from core.tenancy import organization_scope
from tests.world import CANARY, populate

METHODS = ("post", "put", "patch", "delete")
#: Right for every address that takes a body: what is refused is refused for whose it is.
BODY = {"title": "x", "type": "text", "text": "x", "answers": {}, "questions": [], "intervals": [], "position": 1}
#: Address part: the row of tests.world it names.
NAMES = {
    "media_id": "media", "rendition_id": "rendition", "session_id": "session", "item_id": "item", "quiz_id": "quiz",
    "chapter_id": "chapter", "course_id": "course", "object_id": "", "course": "course",
}  # fmt: skip
PART = re.compile(r"<(?:\w+:)?(\w+)>")


def routes(resolver=None, prefix=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern, route)


NAMING = sorted(
    {
        route
        for route in routes()
        if route.startswith(("<slug:organization>", "api/v1/<slug:organization>")) and route.count("<") > 1
    }
)
ADMIN_PAGES = ("media_library/media", "courses/course", "courses/quiz", "courses/enrollment", "analytics/mediaday")
ADMIN_ROWS = dict(zip(ADMIN_PAGES, ("media", "course", "quiz", "enrollment", "day"), strict=True))
ADMIN_NAMING = sorted(
    {
        route
        for route in routes()
        if PART.search(route) and route.startswith(tuple(f"admin/{page}/" for page in ADMIN_PAGES))
    }
)


@pytest.fixture
def rows(organization, alice, bob):
    with organization_scope(organization):
        return populate(alice, bob)


def address(route, rows, *, slug):
    def fill(match):
        name = match.group(1)
        if name == "organization":
            return slug
        if name == "file":
            return "master.m3u8"
        row = rows[NAMES[name]]
        return row.slug if name == "course" else str(row.pk)

    return "/" + PART.sub(fill, route)


def answers(client: Client, path: str):
    """What each method answers to a body that would be right. 405 tells no more than that the pattern exists."""
    yield "get", client.get(path)
    for method in METHODS:
        yield method, getattr(client, method)(path, data=BODY, content_type="application/json")


@pytest.mark.parametrize("route", NAMING)
@pytest.mark.parametrize("slug", ["harbor", "summit"])
def test_outsider_finds_nothing(route, slug, rows, charlie, client_of):
    """Through the address of the foreign organisation, and with foreign keys below her own."""
    client = client_of(charlie)

    for method, response in answers(client, address(route, rows, slug=slug)):
        assert response.status_code in (404, 405), (method, response.status_code)
        assert CANARY.encode() not in response.content


@pytest.mark.parametrize("route", NAMING)
def test_stranger_is_sent_to_the_log_in_or_finds_nothing(route, rows):
    for method, response in answers(Client(), address(route, rows, slug="harbor")):
        assert response.status_code in (302, 401, 404, 405), (method, response.status_code)
        assert CANARY.encode() not in response.content


@pytest.mark.parametrize("route", ADMIN_NAMING)
def test_outsider_finds_nothing_in_the_back_office(route, rows, alice, charlie, client_of):
    """403 only where it is the owner's answer too: a page that nobody may use says nothing about anything."""
    row = rows[ADMIN_ROWS["/".join(route.split("/")[1:3])]]
    path = "/" + PART.sub(lambda match: str(rows["media"].pk if match.group(1) == "media_id" else row.pk), route)
    shortcut = path.endswith(f"{row.pk}/")  # redirects to …/change/, whatever the key
    hidden = {404, 405, 302} if shortcut else {404, 405}

    for method, response in answers(client_of(charlie), path):
        assert CANARY.encode() not in response.content
        if response.status_code not in hidden:
            owner = dict(answers(client_of(alice), path))[method]
            assert (response.status_code, owner.status_code) == (403, 403), method


@pytest.mark.parametrize("page", ADMIN_PAGES)
def test_back_office_lists_show_nothing_foreign(page, rows, charlie, client_of):
    response = client_of(charlie).get(f"/admin/{page}/?q=canary")

    assert response.status_code == 200
    assert CANARY.encode() not in response.content.replace(b'value="canary"', b"")


def test_every_address_part_is_known_here():
    unknown = {name for route in NAMING for name in PART.findall(route)} - NAMES.keys() - {"organization", "file"}

    assert unknown == set()
