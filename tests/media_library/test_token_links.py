"""Links that the API gives to programs: good without a cookie, never for more than their token's person may."""

import pytest
from django.test import Client

from accounts.models import ApiToken, Membership
from accounts.services.tokens import create_token
from core.tenancy import organization_scope
from media_library.models import Media
from tests.media_library.fetching import status
from tests.media_library.revoking import close_account, leave, suspend, unpublish

ONE_HOUR = 3600


def bearer_link(media: Media, user, scopes: tuple[str, ...] = ("media:read",)) -> tuple[str, ApiToken]:
    """The address that the API gives to a program with a token of this person."""
    membership = Membership.objects.get(user=user)
    with organization_scope(membership.organization):
        token, secret = create_token(membership, name="program", scopes=list(scopes))
    answer = (
        Client().get(f"/api/v1/harbor/media/{media.pk}/links/", headers={"Authorization": f"Token {secret}"}).json()
    )
    return answer["hls_url"].removeprefix("http://testserver"), token


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
