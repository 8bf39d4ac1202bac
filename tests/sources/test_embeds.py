"""What recordings cannot show of the hosts whose own players play: words, players, and what nobody is asked for."""

import pytest

from core.fetch import Fetcher
from media_library.sources import SOURCES, Access, Reference, SourceError, Tells
from tests.sources.recording import options_at

ORIGIN = "http://127.0.0.1:9"


def access_to(name, **options):
    host = SOURCES[name]
    return Access(http=Fetcher(), options={option.name: option.default for option in host.options} | options)


def playback_of(name, **reference):
    return SOURCES[name].playback(Reference(name, **reference), access_to(name), facts={})


def refusal(name, verb, access):
    """Without the network: whatever goes out raises RuntimeError."""
    with pytest.raises(SourceError) as error:
        getattr(SOURCES[name], verb)(Reference(name, "1"), access)
    return error.value.code, error.value.message(SOURCES[name].label)


def test_vimeo_is_played_by_its_own_player_which_tells_seconds():
    playback = playback_of("vimeo", key="123456789", secret="abcdef1234")

    assert (playback.player, playback.hls_url, SOURCES["vimeo"].tells) == ("vimeo", "", Tells.SECONDS)
    assert playback.attributes == {
        "id": "123456789", "hash": "abcdef1234", "dnt": "1", "base": "https://player.vimeo.com",
    }  # fmt: skip
    assert playback.policy == {
        "frame-src": ("https://player.vimeo.com",),
        "script-src": ("https://player.vimeo.com",),
        "img-src": ("https://i.vimeocdn.com",),
    }


def test_wistia_is_played_by_its_own_player_which_tells_seconds():
    playback = playback_of("wistia", key="abcde12345")
    hosts = (
        "https://fast.wistia.com", "https://fast.wistia.net", "https://*.wistia.com", "https://*.wistia.net",
    )  # fmt: skip

    assert (playback.player, playback.attributes, SOURCES["wistia"].tells) == (
        "wistia", {"id": "abcde12345", "base": "https://fast.wistia.com"}, Tells.SECONDS,
    )  # fmt: skip
    assert playback.policy == {
        **dict.fromkeys(("script-src", "frame-src", "connect-src", "img-src"), hosts),
        "media-src": ("blob:", *hosts),
        "worker-src": ("blob:",),
    }


def test_loom_is_played_in_a_frame_that_tells_nothing():
    playback = playback_of("loom", key="0" * 32)

    assert (playback.player, playback.attributes, SOURCES["loom"].tells) == (
        "loom", {"id": "0" * 32, "base": "https://www.loom.com"}, Tells.NOTHING,
    )  # fmt: skip
    assert playback.policy == {"frame-src": ("https://www.loom.com",), "img-src": ("https://cdn.loom.com",)}


@pytest.mark.parametrize("name", ["vimeo", "wistia", "loom"])
def test_every_address_is_the_operators(name):
    options = options_at(SOURCES[name], ORIGIN)
    addresses = [value for value in options.values() if isinstance(value, str) and "://" in value]

    playback = SOURCES[name].playback(Reference(name, "1"), access_to(name, **options), facts={})

    assert (set(addresses), playback.attributes["base"]) == ({ORIGIN}, ORIGIN)
    assert ORIGIN in playback.policy["frame-src"]


def test_captions_of_vimeo_without_a_token_say_what_is_needed():
    assert refusal("vimeo", "captions", access_to("vimeo")) == (
        "captions_absent",
        "Vimeo has no captions for this video. Its captions can be read with an access token of its owner: add one "
        "under Sources, or a file here.",
    )


def test_captions_of_loom_without_the_unstable_routes_say_what_to_add():
    assert refusal("loom", "captions", access_to("loom")) == (
        "captions_absent",
        "Loom has no captions for this video. Add the captions here as a file (Loom lets its owner download a VTT), or "
        "upload the video itself.",
    )


def test_unstable_routes_are_switched_off_until_the_operator_switches_them_on():
    loom = SOURCES["loom"]

    assert [loom.offers_file(access_to("loom", **options)) for options in ({}, {"unstable_routes": True})] == [
        False, True,
    ]  # fmt: skip
    assert [SOURCES[name].offers_file(access_to(name)) for name in ("vimeo", "wistia")] == [False, False]


def test_loom_is_asked_as_often_as_the_operator_lets_it():
    loom = SOURCES["loom"]

    assert loom.pace_with(access_to("loom").options) == (100, 3600.0)
    assert loom.pace_with(access_to("loom", requests_an_hour=7).options) == (7, 3600.0)
    assert SOURCES["vimeo"].pace_with(access_to("vimeo").options) is None
