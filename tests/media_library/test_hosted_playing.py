"""How media of hosts plays on our pages: which player, and what a page may load for it."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.urls import reverse

from core.secrets import seal
from core.tenancy import organization_scope
from media_library.links import Audience
from media_library.models import Media, SourceAccount
from media_library.models.media import LengthSource
from media_library.player import player_context
from media_library.services.hosts import access_with
from media_library.services.playing import ByHand, why_by_hand
from media_library.sources import SOURCES, Reference
from tests.media_library.hosted import KEYS, hosted

PLAYERS = ("youtube", "vimeo", "wistia", "loom")
SIGNED = {"policy": "signed", "duration": 60.0}


@pytest.fixture
def make(organization, alice):
    def build(source: str, **given) -> Media:
        with organization_scope(organization):
            return hosted(source, alice, **{"duration": 60.0, "duration_source": LengthSource.HOST, **given})

    return build


def watch_page(client, media: Media):
    return client.get(reverse("media_library:watch", args=["harbor", media.pk]))


def policy_of(response) -> dict[str, list[str]]:
    """Directive → origins."""
    parts = [part.split() for part in response["Content-Security-Policy"].split("; ")]
    return {name: origins for name, *origins in parts}


@pytest.mark.parametrize("source", PLAYERS)
def test_page_shows_the_player_of_the_host(make, bob, client_of, source):
    media = make(source)

    response = watch_page(client_of(bob), media)

    page = response.content.decode()
    assert f'data-player-hosted="{source}"' in page
    assert f'data-module="/static/js/players/{source}.js"' in page
    assert f'href="{SOURCES[source].address(Reference(source, KEYS[source]))}"' in page
    assert ("<video" in page, "<iframe" in page, '<script src="http' in page) == (False, False, False)


@pytest.mark.parametrize("name", [name for name, host in SOURCES.items() if not host.stored_as])
def test_every_player_that_a_host_names_is_there(name, db):
    playback = SOURCES[name].playback(Reference(name, KEYS[name]), access_with(SOURCES[name], {}), facts={})

    files = [Path(settings.BASE_DIR) / f"static/js/players/{playback.player}.js"] if playback.player else []

    assert [file for file in files if not file.is_file()] == []


def test_page_may_load_what_its_player_needs_and_no_other_page_may(make, bob, client_of):
    media, client = make("vimeo"), client_of(bob)
    usual = policy_of(client.get("/harbor/courses/"))

    wider = policy_of(watch_page(client, media))

    allowed = {name: origins for name, origins in wider.items() if origins != usual.get(name)}
    assert (usual.get("frame-src"), usual.get("script-src")) == (None, None)
    assert allowed["frame-src"] == ["'self'", "https://player.vimeo.com"]
    assert allowed["script-src"] == ["'self'", "https://player.vimeo.com"]
    assert allowed.keys() == {"frame-src", "script-src", "img-src"}


def test_back_office_keeps_its_own_exceptions_beside_those_of_the_player(make, alice, client_of):
    media = make("vimeo")

    policy = policy_of(client_of(alice).get(reverse("admin:media_library_media_change", args=[media.pk])))

    assert policy["script-src"] == ["'self'", "https://player.vimeo.com", "'unsafe-eval'"]
    assert policy["frame-src"] == ["'self'", "https://player.vimeo.com"]
    assert policy["style-src"] == ["'self'", "'unsafe-inline'"]


def test_page_of_an_upload_may_load_nothing_of_others(stored_talk, bob, client_of):
    client = client_of(bob)

    assert policy_of(watch_page(client, stored_talk)) == policy_of(client.get("/harbor/courses/"))


def test_stream_of_a_host_plays_in_our_player(make, bob, client_of):
    page = watch_page(client_of(bob), make("mux")).content.decode()

    assert '<source src="https://stream.mux.com/pb1.m3u8" type="application/vnd.apple.mpegurl">' in page
    assert ('preload="none"' in page, "data-links-url" in page, "data-player-hosted" in page) == (True, False, False)


def test_stream_that_cannot_be_signed_says_so_and_leads_to_the_host(make, bob, client_of):
    page = watch_page(client_of(bob), make("mux", facts=SIGNED)).content.decode()

    assert "This cannot be played here" in page
    assert f'href="{SOURCES["mux"].address(Reference("mux", "pb1"))}"' in page


def test_lesson_stored_at_another_host_is_asked_for_when_it_is_played(make, bob, client_of):
    media = make("mux", whop_lesson_id="lesn_1")

    page = watch_page(client_of(bob), media).content.decode()

    assert f'data-playback-url="/api/v1/harbor/media/{media.pk}/playback/"' in page
    assert ("<source" in page, "data-videojs" in page) == (False, True)


def test_media_that_its_host_took_away_does_not_play(make, alice, client_of):
    page = watch_page(client_of(alice), make("youtube", described_at=None)).content.decode()

    assert ("still being prepared" in page, "data-player-hosted" in page) == (True, False)


def test_hosted_media_is_found_in_its_own_organization_only(make, charlie, client_of):
    assert watch_page(client_of(charlie), make("youtube")).status_code == 404


def test_hosted_media_costs_one_statement_more_than_an_upload(make, bob, client_of, django_assert_num_queries):
    media, client = make("youtube"), client_of(bob)

    with django_assert_num_queries(9):  # session, person, membership, what is open, media, record, host; credits, tags
        watch_page(client, media)


def test_player_of_hosted_media_costs_two_statements(make, bob, organization, django_assert_num_queries):
    key = make("youtube").pk
    with organization_scope(organization):
        media = Media.objects.for_player().get(pk=key)
        with django_assert_num_queries(2):
            player_context(media, user=bob, organization=organization, audience=Audience(session_key="a session"))


@pytest.fixture(scope="module")
def signing_key() -> str:
    """As its host shows it: one line of base64."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
    return base64.b64encode(key.private_bytes(encoding, form, serialization.NoEncryption())).decode()


def test_only_credentials_of_its_own_organization_sign_a_stream(
    make, organization, other_organization, signing_key, bob, client_of
):
    media, client = make("mux", facts=SIGNED), client_of(bob)
    sealed = seal(json.dumps({"signing_key_id": "k1", "signing_private_key": signing_key}))

    with organization_scope(other_organization):
        SourceAccount.objects.create(source="mux", sealed=sealed)
    before = "https://stream.mux.com/pb1.m3u8?token=" in watch_page(client, media).content.decode()
    with organization_scope(organization):
        SourceAccount.objects.create(source="mux", sealed=sealed)
    after = watch_page(client, media)

    assert (before, "https://stream.mux.com/pb1.m3u8?token=" in after.content.decode()) == (False, True)
    assert after.context["player"].links_seconds == 2 * 60 + 3600
    assert after.context["player"].links_url == f"/api/v1/harbor/media/{media.pk}/links/"


def test_links_answer_the_stream_of_the_host(make, bob, client_of):
    media = make("mux")

    answer = client_of(bob).get(f"/api/v1/harbor/media/{media.pk}/links/").json()

    assert answer["hls_url"] == "https://stream.mux.com/pb1.m3u8"


@pytest.mark.parametrize(
    ("source", "given", "why"),
    [
        ("youtube", {}, None),
        ("youtube", {"duration": None}, ByHand.LENGTH),
        ("loom", {}, ByHand.PLAYER),
        ("youtube", {"duration": None, "described_at": None}, None),
    ],
)
def test_watching_is_by_hand_where_it_cannot_be_measured(make, source, given, why):
    assert why_by_hand(make(source, **given)) == why


def test_page_says_why_progress_is_by_hand(make, bob, client_of):
    client = client_of(bob)

    blind = watch_page(client, make("loom")).content.decode()
    unmeasured = watch_page(client, make("youtube", duration=None)).content.decode()
    measured = watch_page(client, make("vimeo")).content.decode()

    assert "its player does not say what was watched" in blind
    assert "nobody knows yet how long this is" in unmeasured
    assert ("Progress is by hand" in measured, "data-media-percent" in measured) == (False, True)


def test_players_are_asked_for_the_length_only_where_it_is_open(make, bob, client_of):
    client = client_of(bob)
    facts = [
        ({"duration": None, "duration_source": ""}, "youtube"),
        ({"duration_source": LengthSource.PLAYERS}, "vimeo"),
        ({"duration_source": LengthSource.HOST}, "wistia"),
    ]

    asked = ["data-wants-length" in watch_page(client, make(name, **given)).content.decode() for given, name in facts]

    assert asked == [True, True, False]
