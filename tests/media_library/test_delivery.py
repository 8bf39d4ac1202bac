"""Files of media: whole, in ranges, and only for those who may watch."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from core.tenancy import organization_scope
from media_library.captions import TimedText
from media_library.models import Media, Publication, Rendition, Source
from media_library.services.transcripts import publish_transcript

SEGMENT = bytes(range(256)) * 40
CUES = [TimedText(0.5, 2.0, "Good evening", "Ada"), TimedText(2.0, 3.25, "Tea & cake")]


@pytest.fixture
def talk(organization, alice) -> Media:
    """Published media with a segment, a playlist, a thumbnail and two cues."""
    with organization_scope(organization):
        media = Media.objects.create(
            source=Source.UPLOAD, source_path="s", title="Talk", creator=alice, publication=Publication.PUBLISHED
        )
        folder = f"{organization.pk}/{media.pk}/renditions/one"
        for name, content in (("240p_00000.m4s", SEGMENT), ("master.m3u8", b"#EXTM3U\n"), ("thumbnail.jpg", b"jpeg")):
            default_storage.save(f"{folder}/{name}", ContentFile(content))
        media.rendition = Rendition.objects.create(media=media, folder=folder)
        media.thumbnail_path = f"{folder}/thumbnail.jpg"
        media.save()
        publish_transcript(media, CUES, language="en", method="sidecar")
    return media


def address(talk: Media, file: str = "240p_00000.m4s", *, slug: str = "harbor") -> str:
    return reverse("media_library:hls", args=[slug, talk.pk, talk.rendition_id, file])


def fetch(client, url: str, **headers: str):
    """The answer, with its `body` read to the end as a server does."""
    return read(client.get(url, headers=headers))


def read(response):
    response.body = b"".join(response) if response.streaming else response.content
    return response


def test_segment_comes_whole(talk, bob, client_of):
    response = fetch(client_of(bob), address(talk))

    assert (response.status_code, response.body == SEGMENT) == (200, True)
    assert {name: response[name] for name in ("Content-Type", "Content-Length", "Accept-Ranges", "Cache-Control")} == {
        "Content-Type": "video/iso.segment",
        "Content-Length": "10240",
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=31536000, immutable",
    }
    assert response["X-Content-Type-Options"] == "nosniff"


def test_playlist_has_its_type(talk, bob, client_of):
    response = fetch(client_of(bob), address(talk, "master.m3u8"))

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
def test_single_range_comes_alone(talk, bob, client_of, asked, start, end):
    response = fetch(client_of(bob), address(talk), Range=asked)

    assert (response.status_code, response.body == SEGMENT[start:end]) == (206, True)
    assert (response["Content-Range"], response["Content-Length"]) == (
        f"bytes {start}-{end - 1}/10240",
        str(end - start),
    )


@pytest.mark.parametrize("asked", ["bytes=10240-", "bytes=20000-30000", "bytes=-0"])
def test_range_outside_is_refused_with_the_size(talk, bob, client_of, asked):
    response = fetch(client_of(bob), address(talk), Range=asked)

    assert (response.status_code, response["Content-Range"], response.body) == (416, "bytes */10240", b"")


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "items=0-1", "bytes=5-2", "bytes=-", "bytes=a-b", "bytes"])
def test_other_ranges_mean_the_whole_file(talk, bob, client_of, asked):
    response = fetch(client_of(bob), address(talk), Range=asked)

    assert (response.status_code, response["Content-Length"]) == (200, "10240")


def test_conditional_range_means_the_whole_file(talk, bob, client_of):
    response = fetch(client_of(bob), address(talk), **{"Range": "bytes=0-1", "If-Range": '"x"'})

    assert response.status_code == 200


def test_head_tells_the_size_without_the_bytes(talk, bob, client_of):
    response = read(client_of(bob).head(address(talk), headers={"Range": "bytes=0-1"}))

    assert (response.status_code, response["Content-Length"], response.body) == (200, "10240", b"")


@pytest.mark.parametrize("name", ["absent.m4s", "thumbnail.jpg", "..%2f..%2fsource.mp4", "MASTER.m3u8", "a.m3u8.mp4"])
def test_other_names_are_not_found(talk, bob, client_of, name):
    response = fetch(client_of(bob), address(talk).replace("240p_00000.m4s", name))

    assert response.status_code == 404


def test_past_rendition_still_plays(talk, bob, client_of, organization):
    past = address(talk)
    with organization_scope(organization):
        talk.rendition = Rendition.objects.create(media=talk, folder="elsewhere")
        talk.save()

    assert fetch(client_of(bob), past).status_code == 200


def addresses(talk: Media, slug: str) -> list[str]:
    names = ("watch", "thumbnail", "captions", "cues")
    pages = [reverse(f"media_library:{name}", args=[slug, talk.pk]) for name in names]
    return [address(talk, slug=slug), *pages]


def test_members_reach_everything(talk, bob, client_of):
    client = client_of(bob)

    assert [fetch(client, url).status_code for url in addresses(talk, "harbor")] == [200] * 5


@pytest.mark.parametrize("slug", ["harbor", "summit"])
def test_outsiders_find_nothing(talk, charlie, client_of, slug):
    client = client_of(charlie)

    assert [fetch(client, url).status_code for url in addresses(talk, slug)] == [404] * 5


@pytest.mark.parametrize("publication", [Publication.DRAFT, Publication.ARCHIVED])
def test_unpublished_media_is_for_its_makers(talk, alice, bob, client_of, organization, publication):
    with organization_scope(organization):
        Media.objects.update(publication=publication)

    answers = {
        who: [fetch(client_of(who), url).status_code for url in addresses(talk, "harbor")] for who in (alice, bob)
    }

    assert answers == {alice: [200] * 5, bob: [404] * 5}


def test_strangers_are_sent_to_log_in(talk, client):
    response = fetch(client, address(talk))

    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_segment_costs_four_statements(talk, bob, client_of, django_assert_num_queries):
    client = client_of(bob)
    with django_assert_num_queries(4):  # session, person, membership, media with its rendition
        fetch(client, address(talk))


def test_captions_are_webvtt(talk, bob, client_of):
    response = fetch(client_of(bob), reverse("media_library:captions", args=["harbor", talk.pk]) + "?v=1")

    assert response["Content-Type"] == "text/vtt; charset=utf-8"
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert response.body.decode() == (
        "WEBVTT\n\n"
        "00:00:00.500 --> 00:00:02.000\n<v Ada>Good evening\n\n"
        "00:00:02.000 --> 00:00:03.250\nTea &amp; cake\n"
    )


def test_cues_are_json(talk, bob, client_of):
    response = fetch(client_of(bob), reverse("media_library:cues", args=["harbor", talk.pk]))

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


def test_file_gone_from_the_storage_is_not_found(talk, bob, client_of):
    (Path(settings.MEDIA_ROOT) / talk.rendition.folder / "240p_00000.m4s").unlink()

    assert fetch(client_of(bob), address(talk)).status_code == 404
