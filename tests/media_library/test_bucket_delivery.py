"""Files that lie in a bucket: the browser gets them there, by an address that is good for a minute."""

import base64
import json
import time
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import urllib3
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from config.environment import cdn_storage
from core.tenancy import organization_scope
from media_library.models import Media, Publication, Rendition, Source
from tests.media_library.fetching import address, addresses, fetch, read
from tests.media_library.test_bucket import s3, server  # noqa: F401  (fixtures)

SEGMENT = bytes(range(256)) * 4


@pytest.fixture
def film(s3, organization, settings) -> Media:  # noqa: F811
    settings.MEDIA_DELIVERY = "bucket"
    with organization_scope(organization):
        media = Media.objects.create(
            source=Source.UPLOAD, source_path="s", title="Ebb & flow", publication=Publication.PUBLISHED
        )
        default_storage.save("one/240p_00000.m4s", ContentFile(SEGMENT))
        default_storage.save("one/master.m3u8", ContentFile(b"#EXTM3U\n"))
        media.rendition = Rendition.objects.create(media=media, folder="one")
        media.save()
    return media


def from_bucket(url: str, **headers: str):
    return urllib3.request("GET", url, headers=headers)


def test_segment_is_fetched_from_the_bucket(film, bob, client_of):
    client = client_of(bob)

    answer = client.get(address(film, client), headers={"Range": "bytes=0-9"})

    assert (answer.status_code, answer["Cache-Control"]) == (302, "private, no-store")
    assert parse_qs(urlsplit(answer["Location"]).query)["X-Amz-Expires"] == ["60"]
    part = from_bucket(answer["Location"], Range="bytes=0-9")
    assert (part.status, part.data, part.headers["Content-Type"]) == (206, SEGMENT[:10], "video/iso.segment")


def test_playlist_comes_from_here(film, bob, client_of):
    """So that the names in it lead back to our signed addresses, each of which is checked."""
    client = client_of(bob)

    answer = fetch(client, address(film, client, "master.m3u8"))

    assert (answer.status_code, answer.body) == (200, b"#EXTM3U\n")
    assert fetch(client, address(film, client, "absent.m3u8")).status_code == 404


def test_head_is_answered_here(film, bob, client_of):
    client = client_of(bob)

    answers = [read(client.head(address(film, client, name))) for name in ("240p_00000.m4s", "absent.m4s")]

    assert [answer.status_code for answer in answers] == [200, 404]
    assert (answers[0]["Content-Length"], answers[0]["Accept-Ranges"], answers[0].body) == ("1024", "bytes", b"")


def test_file_to_save_has_its_name(film, bob, client_of, organization):
    client = client_of(bob)
    default_storage.save("sound/talk.mp3", ContentFile(b"ID3"))
    with organization_scope(organization):
        sound = Rendition.objects.create(media=film, kind="mp3", folder="sound", main_file="talk.mp3")

    answer = from_bucket(client.get(addresses(film, client).file(sound))["Location"])

    assert (answer.data, answer.headers["Content-Disposition"]) == (b"ID3", 'attachment; filename="Ebb & flow.mp3"')


def test_bucket_gives_nothing_without_a_signature(film, bob, client_of):
    client = client_of(bob)
    signed = client.get(address(film, client))["Location"]

    parameters = set(parse_qs(urlsplit(signed).query))

    assert parameters >= {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-Expires"}


def test_whoever_was_shut_out_is_sent_nowhere(film, bob, client_of, organization, move_clock):
    client = client_of(bob)
    sent = client.get(address(film, client)).status_code
    with organization_scope(organization):
        Media.objects.update(publication=Publication.DRAFT)

    move_clock(61)

    assert (sent, client.get(address(film, client)).status_code) == (302, 404)


@pytest.fixture
def cdn(s3, settings):  # noqa: F811
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    settings.CDN_STORAGE = {"custom_domain": "cdn.test", "cloudfront_key_id": "K1", "cloudfront_key": pem}
    return key.public_key()


def test_segment_comes_from_the_distribution_before_the_bucket(film, cdn, bob, client_of):
    """Its address is signed over file and time as CloudFront's canned policy wants."""
    client = client_of(bob)

    location = client.get(address(film, client))["Location"]

    url, query = location.partition("?")[0], dict(parse_qsl(urlsplit(location).query))
    assert (url, query["Key-Pair-Id"]) == ("https://cdn.test/one/240p_00000.m4s", "K1")
    assert 50 < int(query["Expires"]) - time.time() <= 60
    policy = {"Resource": url, "Condition": {"DateLessThan": {"AWS:EpochTime": int(query["Expires"])}}}
    signature = base64.b64decode(query["Signature"].translate(str.maketrans("-_~", "+=/")))
    signed = json.dumps({"Statement": [policy]}, separators=(",", ":")).encode()
    cdn.verify(signature, signed, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303  (CloudFront's)


def test_distribution_without_keys_does_not_start(monkeypatch):
    monkeypatch.setenv("CDN_DOMAIN", "cdn.test")

    with pytest.raises(ImproperlyConfigured) as refusal:
        cdn_storage()

    assert str(refusal.value) == "CDN_DOMAIN needs CDN_KEY_ID and CDN_KEY: without them its addresses are unsigned."
