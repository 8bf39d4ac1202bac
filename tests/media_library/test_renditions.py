"""What was made of a media item: through the API, and its sound in the back office."""

import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.tenancy import organization_scope
from media_library.models import Media, Rendition
from tests.media_library.pictures import make_talk


@pytest.fixture
def talk(organization, alice) -> Media:
    return make_talk(organization, alice)


def test_renditions_are_listed_under_one_number_of_statements(talk, bob, client_of, organization):
    client = client_of(bob)
    path = f"/api/v1/harbor/media/{talk.pk}/renditions/"
    counts, kinds = [], []
    for more in ([], ["mp4", "m4a", "mp3"]):
        with organization_scope(organization):
            for kind in more:
                Rendition.objects.create(media=talk, kind=kind, folder="g", main_file=f"sound.{kind}", size_bytes=5)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            answer = client.get(path).json()
        counts.append(len(captured))
        kinds.append([(one["kind"], one["is_current"]) for one in answer])

    assert kinds == [[("hls", True)], [("mp3", True), ("m4a", True), ("mp4", True), ("hls", True)]]
    assert counts == [6, 6]


def test_rendition_says_where_and_what_it_is(talk, bob, client_of, organization):
    facts = {"loudness": -16.0, "normalization": "linear"}
    with organization_scope(organization):
        folder = f"{organization.pk}/{talk.pk}/renditions/two"
        default_storage.save(f"{folder}/sound.mp3", ContentFile(b"0123456789"))
        Rendition.objects.create(
            media=talk, kind="mp3", folder=folder, main_file="sound.mp3", size_bytes=10, facts=facts
        )
    client = client_of(bob)

    found = client.get(f"/api/v1/harbor/media/{talk.pk}/renditions/").json()[0]
    part = client.get(found["url"], headers={"Range": "bytes=2-4"})
    head = client.head(found["url"])
    head.close()

    assert (found["size_bytes"], found["facts"]) == (10, facts)
    assert (part.status_code, b"".join(part), part["Content-Type"]) == (206, b"234", "audio/mpeg")
    assert (head.status_code, head["Content-Length"]) == (200, "10")
    assert head["Content-Disposition"] == 'attachment; filename="Tides.mp3"'


def test_older_renditions_are_not_current(talk, alice, client_of, organization):
    with organization_scope(organization):
        for _ in range(2):
            Rendition.objects.create(media=talk, kind="mp3", folder="g", main_file="sound.mp3")

    answer = client_of(alice).get(f"/api/v1/harbor/media/{talk.pk}/renditions/").json()

    assert [(one["kind"], one["is_current"]) for one in answer] == [("mp3", True), ("mp3", False), ("hls", True)]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            {"normalization": "linear", "loudness_before": -35.31, "loudness": -16.0, "true_peak": -8.9},
            "Loudness was -35.3 LUFS and is -16.0 LUFS; the highest peak is -8.9 dBTP. "
            "All of it was changed by the same amount.",
        ),
        (
            {"normalization": "dynamic", "loudness_before": -20.0, "loudness": -16.2, "true_peak": -1.5},
            "Loudness was -20.0 LUFS and is -16.2 LUFS; the highest peak is -1.5 dBTP. "
            "Loud and quiet passages were brought closer together.",
        ),
        (
            {"normalization": "none", "unmeasured": "silent", "loudness": None},
            "There is nothing to hear: the sound is as it was.",
        ),
        (
            {"normalization": "none", "unmeasured": "too_short", "loudness": None},
            "Too short for its loudness to be measured: the sound is as it was.",
        ),
    ],
)
def test_sound_card_tells_what_was_done(talk, alice, client_of, organization, facts, words):
    with organization_scope(organization):
        for kind in ("mp3", "m4a"):
            Rendition.objects.create(
                media=talk, kind=kind, folder="g", main_file=f"sound.{kind}", facts=facts, size_bytes=1_900_000
            )

    page = client_of(alice).get(reverse("admin:media_library_media_change", args=[talk.pk])).content.decode()

    assert words in page
    assert re.findall(r"Save as (\w+ \([^)]+\))", page) == ["M4A (1.9 MB)", "MP3 (1.9 MB)"]


def test_no_sound_no_card(talk, alice, client_of):
    assert (
        "Save as"
        not in client_of(alice).get(reverse("admin:media_library_media_change", args=[talk.pk])).content.decode()
    )
