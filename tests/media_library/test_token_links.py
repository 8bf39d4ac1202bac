"""Links that the API gives to programs: good without a cookie, never for more than their token's person may."""

import pytest
from django.test import Client

from accounts.models import ApiToken, Membership
from accounts.services.tokens import create_token
from core.tenancy import organization_scope
from media_library.models import Media
from tests.media_library.fetching import fetch, status
from tests.media_library.revoking import close_account, leave, suspend, unpublish

ONE_HOUR = 3600


def bearer_answer(media: Media, user, address: str = "links/") -> tuple[dict, ApiToken]:
    """What the API says to a program with a token of this person."""
    membership = Membership.objects.get(user=user)
    with organization_scope(membership.organization):
        token, secret = create_token(membership, name="program", scopes=["media:read"])
    url = f"/api/v1/harbor/media/{media.pk}/{address}"
    return Client().get(url, headers={"Authorization": f"Token {secret}"}).json(), token


def bearer_link(media: Media, user, name: str = "hls_url") -> tuple[str, ApiToken]:
    answer, token = bearer_answer(media, user)
    return answer[name].removeprefix("http://testserver"), token


def test_api_gives_tokens_a_link_that_needs_no_cookie(stored_talk, bob):
    link, _ = bearer_link(stored_talk, bob)

    assert status(Client(), link) == 200


def test_link_of_a_token_ends_after_an_hour(stored_talk, bob, move_clock):
    link, _ = bearer_link(stored_talk, bob)

    move_clock(ONE_HOUR + 1)

    assert status(Client(), link) == 404


def test_link_of_a_token_ends_with_the_token(stored_talk, bob, move_clock):
    link, token = bearer_link(stored_talk, bob)
    opened = status(Client(), link)
    token.delete()

    move_clock(61)

    assert (opened, status(Client(), link)) == (200, 404)


@pytest.mark.parametrize("revoke", [unpublish, suspend, leave, close_account], ids=lambda one: one.__name__)
def test_link_of_a_token_does_no_more_than_its_person(stored_talk, bob, organization, move_clock, revoke):
    link, _ = bearer_link(stored_talk, bob)
    opened = status(Client(), link)
    with organization_scope(organization):
        revoke(stored_talk, bob)

    move_clock(61)

    assert (opened, status(Client(), link)) == (200, 404)


def test_link_of_a_token_is_no_link_of_another(stored_talk, alice, bob):
    link, token = bearer_link(stored_talk, bob)
    _, other = bearer_link(stored_talk, alice)

    assert status(Client(), link.replace(token.pk.hex, other.pk.hex)) == 404


# What is shown beside a film


BESIDE = ["thumbnail_url", "captions_url"]


@pytest.mark.parametrize("address", ["", "links/"])
def test_api_gives_tokens_pictures_and_captions_that_need_no_cookie(stored_talk, bob, address):
    answer, _ = bearer_answer(stored_talk, bob, address)

    picture, captions = (fetch(Client(), answer[name].removeprefix("http://testserver")) for name in BESIDE)

    assert (picture.status_code, picture["Content-Type"], picture.body) == (200, "image/jpeg", b"jpeg")
    assert (captions.status_code, captions["Content-Type"]) == (200, "text/vtt; charset=utf-8")
    assert captions.body.startswith(b"WEBVTT\n")


def test_tokens_get_no_address_of_what_is_not_there(stored_talk, bob, organization):
    with organization_scope(organization):
        Media.objects.update(thumbnail_path="", transcript=None)

    answer, _ = bearer_answer(stored_talk, bob)

    assert [answer[name] for name in BESIDE] == ["", ""]


@pytest.mark.parametrize("name", BESIDE)
@pytest.mark.parametrize("revoke", [unpublish, suspend, leave, close_account], ids=lambda one: one.__name__)
def test_pictures_and_captions_end_at_once_with_what_their_person_may(stored_talk, bob, organization, revoke, name):
    link, _ = bearer_link(stored_talk, bob, name)
    opened = status(Client(), link)
    with organization_scope(organization):
        revoke(stored_talk, bob)

    assert (opened, status(Client(), link)) == (200, 404)


@pytest.mark.parametrize("name", BESIDE)
def test_pictures_and_captions_end_with_the_token_and_its_hour(stored_talk, bob, move_clock, name):
    link, token = bearer_link(stored_talk, bob, name)
    other, _ = bearer_link(stored_talk, bob, name)
    token.delete()
    ended = status(Client(), link), status(Client(), other)

    move_clock(ONE_HOUR + 1)

    assert (ended, status(Client(), other)) == ((404, 200), 404)


@pytest.mark.parametrize("name", BESIDE)
def test_pictures_and_captions_open_for_their_own_media_and_person_only(stored_talk, alice, bob, organization, name):
    with organization_scope(organization):
        draft = Media.objects.create(
            source="upload", source_path="d", title="Draft", thumbnail_path=stored_talk.thumbnail_path
        )
    link, token = bearer_link(stored_talk, bob, name)
    _, other = bearer_link(stored_talk, alice, name)
    changed = [
        link.replace(str(stored_talk.pk), str(draft.pk)),
        link.replace(token.pk.hex, other.pk.hex),
        link.replace("/harbor/", "/summit/"),
        link.replace(token.pk.hex, ""),
    ]

    assert [status(Client(), one) for one in (link, *changed)] == [200, 404, 404, 404, 404]


def test_captions_behind_a_link_cost_four_statements(stored_talk, bob, django_assert_num_queries):
    link, _ = bearer_link(stored_talk, bob, "captions_url")

    with django_assert_num_queries(4):  # token with its person, what is open, media with its transcript, cues
        fetch(Client(), link)
