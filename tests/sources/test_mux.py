"""What is made here without asking Mux: signed addresses, and whether a message is Mux's."""

import base64
import hashlib
import hmac
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from core.fetch import Fetcher, network_allowed
from media_library.sources import SOURCES, Access, Forged, Reference, SourceError
from tests.sources.recording import options_at

MUX = SOURCES["mux"]
PB1 = Reference("mux", "PB1")
BODY = b'{"type":"video.asset.ready"}'
VECTOR = "d7b085d016bf93c569b9a0cc688e7141f4d22db9926fd43a05a1b22a34863cd6"
SENT = 1700000000
SECRET = "whsec_example"
SIGNED = {"policy": "signed", "duration": 61.5}


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def credentials(key):
    form = serialization.PrivateFormat.TraditionalOpenSSL
    pem = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    keys = {"signing_key_id": "key1", "signing_private_key": base64.b64encode(pem).decode()}
    return {"token_id": "tok", "token_secret": "sec", **keys, "webhook_secret": SECRET}


def access(origin="https://host.test", **credentials):
    http = Fetcher(trusted=frozenset({origin}))
    return Access(http=http, options=options_at(MUX, origin), credentials=credentials)


def opened(url, key, audience):
    """What the token of an address says, to whom it is for."""
    return jwt.decode(url.partition("?token=")[2], key.public_key(), algorithms=["RS256"], audience=audience)


def header(*signatures, sent=SENT):
    return {"Mux-Signature": ",".join([f"t={sent}", *(f"v1={one}" for one in signatures)])}


def signature(body, sent, secret=SECRET):
    return hmac.new(secret.encode(), f"{sent}.".encode() + body, hashlib.sha256).hexdigest()


def read(body=BODY, headers=None, *, now=SENT, secret=SECRET):
    return MUX.read_message(body, headers or header(VECTOR), access(webhook_secret=secret), now=now)


def test_public_video_plays_without_a_token_for_ever():
    found = MUX.playback(PB1, access(), facts={"policy": "public", "duration": 61.5})

    assert (found.player, found.hls_url, found.opens_for) == ("", "https://host.test/PB1.m3u8", None)


def test_page_may_load_from_all_of_mux_and_from_where_the_operator_set():
    found = MUX.playback(PB1, access(), facts={})

    origins = ("https://*.mux.com", "https://host.test")
    assert found.policy == {"connect-src": origins, "media-src": origins, "img-src": origins}


def test_signed_video_plays_for_twice_its_length_and_an_hour(credentials, key):
    found = MUX.playback(PB1, access(**credentials), facts=SIGNED)

    said = opened(found.hls_url, key, "v")
    left = said.pop("exp") - time.time()
    assert found.hls_url.startswith("https://host.test/PB1.m3u8?token=")
    assert said == {"sub": "PB1", "aud": "v", "kid": "key1"}
    assert jwt.get_unverified_header(found.hls_url.partition("=")[2])["kid"] == "key1"
    assert found.opens_for == 2 * 61.5 + 3600
    assert 3720 <= left <= 3723


def test_key_may_be_given_as_the_pem_that_it_is(credentials, key):
    pem = base64.b64decode(credentials["signing_private_key"]).decode()

    found = MUX.playback(PB1, access(**{**credentials, "signing_private_key": pem}), facts=SIGNED)

    assert opened(found.hls_url, key, "v")["sub"] == "PB1"


@pytest.mark.parametrize("broken", ["", "no base64!", "bm90IGEga2V5", "-----BEGIN RSA PRIVATE KEY-----\nx"])
def test_signed_video_without_a_key_is_private_and_says_what_to_give(credentials, broken):
    with pytest.raises(SourceError) as refusal:
        MUX.playback(PB1, access(**{**credentials, "signing_private_key": broken}), facts=SIGNED)

    words = "This video is private on Mux. Add an access token and a signing key of its environment under Sources, or "
    assert refusal.value.code == "private"
    assert refusal.value.message("Mux") == words + "make it public there."


def signed_asset(**more):
    playback = {"id": "PB1", "policy": "signed", "object": {"id": "as1", "type": "asset"}}
    asset = {"id": "as1", "status": "ready", "duration": 61.5, "meta": {"title": "Lesson"}, **more}
    return [
        {"path": "/video/v1/playback-ids/PB1", "json": {"data": playback}},
        {"path": "/video/v1/assets/as1", "json": {"data": asset}},
    ]


def test_signed_picture_says_its_width_in_the_token(stand_in, credentials, key):
    stand_in.play(signed_asset())

    with network_allowed():
        found = MUX.describe(PB1, access(stand_in.origin, **credentials))

    said = opened(found.thumbnail_url, key, "t")
    assert found.thumbnail_url.partition("?")[0] == f"{stand_in.origin}/PB1/thumbnail.jpg"
    assert {name: said[name] for name in ("sub", "width")} == {"sub": "PB1", "width": 1280}
    assert found.facts == SIGNED


def test_captions_of_a_signed_video_are_asked_for_with_a_token(stand_in, credentials, key):
    track = {"id": "t3", "type": "text", "language_code": "en", "status": "ready", "text_source": "uploaded"}
    vtt = {"path": "/PB1/text/t3.vtt", "text": "WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n"}
    stand_in.play([*signed_asset(tracks=[track]), vtt])

    with network_allowed():
        found = MUX.captions(PB1, access(stand_in.origin, **credentials))

    assert [cue.text for cue in found.cues] == ["Hello"]
    assert opened(stand_in.asked[-1], key, "v")["sub"] == "PB1"


def test_message_of_the_test_vector_is_believed():
    assert signature(BODY, SENT) == VECTOR
    with pytest.raises(Forged) as refusal:  # it carries no name of its own
        read()
    assert refusal.value.code == "message_unreadable"


@pytest.mark.parametrize("late", [-300, 0, 300])
def test_one_of_several_signatures_is_enough(late):
    body = b'{"id":"ev1","type":"video.asset.ready","data":{"id":"as1","playback_ids":[{"id":"PB1"},7]}}'

    found = read(body, header("0" * 64, signature(body, SENT)), now=SENT + late)

    assert (found.key, found.type, found.subject_keys) == ("ev1", "video.asset.ready", ("as1", "PB1"))


def test_message_about_a_track_names_its_asset():
    body = (
        b'{"id":"ev2","type":"video.asset.track.ready","created_at":"2026-11-20T08:00:00.000000Z",'
        b'"object":{"type":"track","id":"t3"},"data":{"id":"t3","asset_id":"as1","status":"ready"}}'
    )

    found = read(body, header(signature(body, SENT)))

    assert found.subject_keys == ("t3", "as1")


@pytest.mark.parametrize("kind", ["video.live_stream.active", "system.unheard_of"])
def test_message_of_another_type_is_about_no_video(kind):
    body = f'{{"id":"ev3","type":"{kind}","data":{{"id":"as1"}}}}'.encode()

    assert read(body, header(signature(body, SENT))).subject_keys == ()


FORGED = {
    "no header": ({"Other": "1"}, {}, "message_forged"),
    "no signature": (header(), {}, "message_forged"),
    "another signature": (header("0" * 64), {}, "message_forged"),
    "letters beyond ASCII": (header("é" * 64), {}, "message_forged"),
    "another secret": (header(VECTOR), {"secret": "whsec_other"}, "message_forged"),
    "no secret": (header(signature(BODY, SENT, "")), {"secret": ""}, "message_forged"),
    "another body": (header(VECTOR), {"body": BODY + b" "}, "message_forged"),
    "another time": (header(VECTOR, sent=SENT + 1), {}, "message_forged"),
    "no time": ({"Mux-Signature": f"v1={signature(BODY, '')}"}, {}, "message_stale"),
    "a time that is none": (header(signature(BODY, "²"), sent="²"), {}, "message_stale"),
    "too old": (header(VECTOR), {"now": SENT + 301}, "message_stale"),
    "from the future": (header(VECTOR), {"now": SENT - 301}, "message_stale"),
}


@pytest.mark.parametrize("name", FORGED)
def test_forged_message_is_not_read(name):
    headers, changes, code = FORGED[name]

    with pytest.raises(Forged) as refusal:
        read(headers=headers, **changes)

    assert refusal.value.code == code


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b"{", b'{"id":1,"type":"a"}', b"[" * 100_000])
def test_signed_nonsense_is_unreadable(body):
    with pytest.raises(Forged) as refusal:
        read(body, header(signature(body, SENT)))

    assert refusal.value.code == "message_unreadable"
