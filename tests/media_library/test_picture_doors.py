"""Choosing the picture of a media item: in the back office, and through the API."""

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.tenancy import organization_scope
from media_library.models import Media
from tests.media_library.pictures import BLUE, GREEN, is_near, make_talk, picture, shown, thumbnail_address


@pytest.fixture
def talk(organization, alice) -> Media:
    return make_talk(organization, alice)


# The back office


def change_page(media: Media) -> str:
    return reverse("admin:media_library_media_change", args=[media.pk])


def choose(client: Client, media: Media, **data: Any) -> Any:
    return client.post(reverse("admin:media_library_media_thumbnail", args=[media.pk]), data, follow=True)


def test_panel_offers_the_candidates_in_order_of_time(talk, alice, client_of):
    page = client_of(alice).get(change_page(talk)).content.decode()

    assert re.findall(r'name="candidate" value="([^"]+)" aria-label="([^"]+)"', page) == [
        ("candidate_1.jpg", "Take the picture at 0:02"),
        ("candidate_0.jpg", "Take the picture at 0:08"),
    ]
    assert "This picture was chosen automatically." in page


def test_candidates_can_be_seen(talk, alice, client_of):
    client = client_of(alice)
    page = client.get(change_page(talk)).content.decode()

    found = [client.get(url) for url in re.findall(r'src="([^"]+/candidate_\d\.jpg)"', page)]

    assert [(one.status_code, one["Content-Type"]) for one in found] == [(200, "image/jpeg")] * 2
    for one in found:
        one.close()


@pytest.mark.parametrize(
    ("data", "color"),
    [({"candidate": "candidate_1.jpg"}, GREEN), ({"picture": SimpleUploadedFile("a.png", picture(GREEN))}, GREEN)],
)
def test_panel_changes_the_picture(talk, alice, client_of, organization, data, color):
    response = choose(client_of(alice), talk, **data)

    with organization_scope(organization):
        talk.refresh_from_db()
    assert (response.redirect_chain, [str(one) for one in response.context["messages"]]) == (
        [(change_page(talk), 302)], ["The picture is changed."],
    )  # fmt: skip
    assert is_near(shown(talk), color)
    assert b"Somebody chose this picture." in response.content


def test_panel_goes_back_to_the_automatic_picture(talk, alice, client_of, organization):
    client = client_of(alice)
    choose(client, talk, candidate="candidate_1.jpg")

    choose(client, talk, automatic="1")

    with organization_scope(organization):
        talk.refresh_from_db()
    assert (talk.is_thumbnail_chosen, is_near(shown(talk), BLUE)) == (False, True)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Please choose a picture, a second or a file."),
        ({"at": "nan"}, "Please choose a picture, a second or a file."),
        ({"at": "99"}, "Please give a second of the film."),
        ({"candidate": "x"}, "There is no such picture to choose any more. Please look at those there are now."),
    ],
)
def test_panel_tells_what_is_refused(talk, alice, client_of, data, words):
    response = choose(client_of(alice), talk, **data)

    assert [str(one) for one in response.context["messages"]] == [words]


def test_picture_is_for_the_makers_of_the_organization(talk, bob, charlie, client_of, organization):
    codes = [choose(client_of(who), talk, candidate="candidate_1.jpg").status_code for who in (charlie,)]
    learner = client_of(bob).post(reverse("admin:media_library_media_thumbnail", args=[talk.pk]), {"automatic": "1"})

    with organization_scope(organization):
        talk.refresh_from_db()
    assert (codes, learner.status_code, talk.is_thumbnail_chosen) == ([404], 302, False)


# The API


def api(talk: Media) -> str:
    return f"/api/v1/harbor/media/{talk.pk}/thumbnail/"


def put(client: Client, talk: Media, body: Any) -> Any:
    return client.put(api(talk), json.dumps(body), content_type="application/json")


def test_api_tells_the_candidates(talk, alice, client_of):
    answer = client_of(alice).get(api(talk)).json()

    assert [(one["candidate"], one["at"]) for one in answer["candidates"]] == [
        ("candidate_0.jpg", 8.0),
        ("candidate_1.jpg", 2.0),
    ]
    assert (answer["is_chosen"], answer["url"]) == (False, f"http://testserver{thumbnail_address(talk)}")


def test_api_chooses_a_candidate(talk, alice, client_of, organization):
    response = put(client_of(alice), talk, {"candidate": "candidate_1.jpg"})

    with organization_scope(organization):
        talk.refresh_from_db()
    assert (response.status_code, response.json()["is_chosen"]) == (200, True)
    assert response.json()["url"] == f"http://testserver{thumbnail_address(talk)}"
    assert is_near(shown(talk), GREEN)


def test_api_takes_a_picture_and_gives_it_back(talk, alice, client_of):
    client = client_of(alice)

    uploaded = client.post(api(talk), {"file": SimpleUploadedFile("a.webp", picture(GREEN, form="WEBP"))})
    reset = client.delete(api(talk))

    assert (uploaded.status_code, uploaded.json()["is_chosen"]) == (200, True)
    assert (reset.status_code, reset.json()["is_chosen"]) == (200, False)


@pytest.mark.parametrize(
    ("body", "code", "fields"),
    [
        ({}, "invalid", ["candidate"]),
        ({"candidate": "candidate_1.jpg", "at": 2}, "invalid", ["candidate"]),
        ({"candidate": "x"}, "unknown_candidate", ["candidate"]),
        ({"at": -1}, "invalid", ["at"]),
        ({"at": 99}, "outside", ["at"]),
    ],
)
def test_api_refusals_have_the_one_shape(talk, alice, client_of, body, code, fields):
    response = put(client_of(alice), talk, body)

    error = response.json()["error"]
    assert (response.status_code, error["code"], list(error["fields"])) == (400, code, fields)


@pytest.mark.parametrize("method", ["get", "put", "post", "delete"])
def test_api_is_for_makers(talk, bob, charlie, client_of, method):
    answers = [getattr(client_of(who), method)(api(talk)).status_code for who in (bob, charlie)]

    assert answers == [403, 404]
