"""Files of media as they arrive: whole, in ranges, with what a browser needs to know about them."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from core.tenancy import organization_scope
from media_library.models import Media, Rendition, Source
from tests.media_library.conftest import SEGMENT
from tests.media_library.fetching import address, addresses, fetch, read


def test_segment_comes_whole(stored_talk, bob, client_of):
    client = client_of(bob)

    response = fetch(client, address(stored_talk, client))

    assert (response.status_code, response.body == SEGMENT) == (200, True)
    expected = {
        "Content-Type": "video/iso.segment",
        "Content-Length": "10240",
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=14400, immutable",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    assert {name: response[name] for name in expected} == expected


def test_playlist_has_its_type(stored_talk, bob, client_of):
    client = client_of(bob)

    response = fetch(client, address(stored_talk, client, "master.m3u8"))

    assert (response.body, response["Content-Type"]) == (b"#EXTM3U\n", "application/vnd.apple.mpegurl")


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-299", 100, 300),
        ("bytes=10000-", 10000, 10240),
        ("bytes=-40", 10200, 10240),
        ("bytes=-99999", 0, 10240),
        ("bytes=10239-99999", 10239, 10240),
    ],
)
def test_single_range_comes_alone(stored_talk, bob, client_of, asked, start, end):
    client = client_of(bob)

    response = fetch(client, address(stored_talk, client), Range=asked)

    assert (response.status_code, response.body == SEGMENT[start:end]) == (206, True)
    assert (response["Content-Range"], response["Content-Length"]) == (
        f"bytes {start}-{end - 1}/10240",
        str(end - start),
    )


@pytest.mark.parametrize("asked", ["bytes=10240-", "bytes=20000-30000", "bytes=-0"])
def test_range_outside_is_refused_with_the_size(stored_talk, bob, client_of, asked):
    client = client_of(bob)

    response = fetch(client, address(stored_talk, client), Range=asked)

    assert (response.status_code, response["Content-Range"], response.body) == (416, "bytes */10240", b"")


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "items=0-1", "bytes=5-2", "bytes=-", "bytes=a-b", "bytes"])
def test_other_ranges_mean_the_whole_file(stored_talk, bob, client_of, asked):
    client = client_of(bob)

    response = fetch(client, address(stored_talk, client), Range=asked)

    assert (response.status_code, response["Content-Length"]) == (200, "10240")


def test_range_of_the_version_one_has_comes_alone(stored_talk, bob, client_of):
    client = client_of(bob)
    etag = fetch(client, address(stored_talk, client))["ETag"]

    answers = [
        fetch(client, address(stored_talk, client), **{"Range": "bytes=0-1", "If-Range": version}).status_code
        for version in (etag, '"another"', f"W/{etag}")
    ]

    assert answers == [206, 200, 200]


def test_what_the_browser_has_is_not_sent_again(stored_talk, bob, client_of):
    client = client_of(bob)
    etag = fetch(client, address(stored_talk, client))["ETag"]

    response = fetch(client, address(stored_talk, client), **{"If-None-Match": etag})

    assert (response.status_code, response.body, response["ETag"]) == (304, b"", etag)


def test_head_tells_the_size_without_the_bytes(stored_talk, bob, client_of):
    client = client_of(bob)

    response = read(client.head(address(stored_talk, client), headers={"Range": "bytes=0-1"}))

    assert (response.status_code, response["Content-Length"], response.body) == (200, "10240", b"")


@pytest.mark.parametrize("name", ["absent.m4s", "thumbnail.jpg", "MASTER.m3u8", "a.m3u8.mp4", "master.m3u8 ", ".m3u8"])
def test_other_names_are_not_found(stored_talk, bob, client_of, name):
    client = client_of(bob)

    assert fetch(client, address(stored_talk, client, name)).status_code == 404


def test_past_rendition_still_plays(stored_talk, bob, client_of, organization):
    client = client_of(bob)
    past = address(stored_talk, client)
    with organization_scope(organization):
        stored_talk.rendition = Rendition.objects.create(media=stored_talk, folder="elsewhere")
        stored_talk.save()

    assert fetch(client, past).status_code == 200


def test_rendition_of_one_file_is_saved_under_the_title(stored_talk, bob, client_of, organization):
    client = client_of(bob)
    with organization_scope(organization):
        sound = Rendition.objects.create(media=stored_talk, kind="mp3", folder="sound", main_file="talk.mp3")
    default_storage.save(sound.path, ContentFile(b"ID3"))

    response = fetch(client, addresses(stored_talk, client).file(sound))

    assert (response.body, response["Content-Type"]) == (b"ID3", "audio/mpeg")
    assert response["Content-Disposition"] == 'attachment; filename="Talk.mp3"'


def test_nginx_is_told_where_the_file_lies(stored_talk, bob, client_of, settings):
    settings.MEDIA_DELIVERY = "nginx"
    client = client_of(bob)
    where = f"/_media/{stored_talk.rendition.folder}/240p_00000.m4s"

    answers = [
        method(address(stored_talk, client), headers={"Range": "bytes=0-1"}) for method in (client.get, client.head)
    ]

    assert [(answer.status_code, answer["X-Accel-Redirect"], answer.content) for answer in answers] == [
        (200, where, b"")
    ] * 2
    assert {answer["Content-Type"] for answer in answers} == {"video/iso.segment"}
    assert {answer["Cache-Control"] for answer in answers} == {"private, max-age=14400, immutable"}


def test_nginx_gets_names_that_it_can_read(stored_talk, bob, client_of, settings, organization):
    settings.MEDIA_DELIVERY = "nginx"
    client = client_of(bob)
    with organization_scope(organization):
        Rendition.objects.filter(pk=stored_talk.rendition_id).update(folder="a b%/ü?")

    assert client.get(address(stored_talk, client))["X-Accel-Redirect"] == "/_media/a%20b%25/%C3%BC%3F/240p_00000.m4s"


def test_captions_are_webvtt(stored_talk, bob, client_of):
    response = fetch(client_of(bob), reverse("media_library:captions", args=["harbor", stored_talk.pk]) + "?v=1")

    assert response["Content-Type"] == "text/vtt; charset=utf-8"
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert response.body.decode() == (
        "WEBVTT\n\n"
        "00:00:00.500 --> 00:00:02.000\n<v Ada>Good evening\n\n"
        "00:00:02.000 --> 00:00:03.250\nTea &amp; cake\n"
    )


def test_cues_are_json(stored_talk, bob, client_of):
    response = fetch(client_of(bob), reverse("media_library:cues", args=["harbor", stored_talk.pk]))

    assert response["Cache-Control"] == "private, max-age=60"
    assert response.json() == {
        "language": "en",
        "cues": [
            {"start": 0.5, "end": 2.0, "text": "Good evening", "speaker": "Ada"},
            {"start": 2.0, "end": 3.25, "text": "Tea & cake", "speaker": ""},
        ],
    }


def test_media_without_files_has_none_to_deliver(organization, alice, client_of):
    with organization_scope(organization):
        media = Media.objects.create(source=Source.UPLOAD, source_path="s", title="New", creator=alice)
    client = client_of(alice)

    answers = [
        fetch(client, reverse(f"media_library:{name}", args=["harbor", media.pk])).status_code
        for name in ("thumbnail", "captions", "cues")
    ]

    assert answers == [404, 404, 404]
    assert (addresses(media, client).hls, addresses(media, client).storyboard) == ("", "")


def test_file_gone_from_the_storage_is_not_found(stored_talk, bob, client_of):
    client = client_of(bob)
    (Path(settings.MEDIA_ROOT) / stored_talk.rendition.folder / "240p_00000.m4s").unlink()

    assert fetch(client, address(stored_talk, client)).status_code == 404
