"""What cameras, phones and studios record plays in a real browser, upright and in its own proportions."""

import re
from pathlib import Path

import pytest
from django.core.files import File
from django.urls import reverse

from core.tenancy import organization_scope
from media_library.services.uploads import upload_media
from tests.media_library.conftest import Samples

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

#: The size in which each is shown by its largest rendition; of sound there is none.
SHOWN = {
    "compliant.mp4": (640, 360),
    "portrait.mp4": (360, 640),
    "sideways.mp4": (180, 320),
    "uneven.mp4": (320, 180),
    "odd.mp4": (320, 180),
    "silent.mp4": (320, 180),
    "tone.mp3": (0, 0),
    "two_languages.mkv": (320, 180),
    "bright_pq.mp4": (320, 180),
    "bright_hlg.mp4": (320, 180),
    "ten_bits.mp4": (320, 180),
    "interlaced.mp4": (320, 240),
    "anamorphic.mp4": (426, 240),
    "surround.mp4": (320, 180),
}
PLAYED = "() => { const m = document.querySelector('video, audio'); return m.currentTime > 0.5 && !m.error; }"
SIZE = "() => { const m = document.querySelector('video, audio'); return [m.videoWidth || 0, m.videoHeight || 0]; }"
PLAY = "() => { const m = document.querySelector('video, audio'); m.muted = true; return m.play(); }"


@pytest.fixture
def library(alice, organization, tmp_path: Path, work_off) -> dict:
    """All of them, uploaded and worked off."""
    samples = Samples(tmp_path)
    media = {}
    with organization_scope(organization):
        for name in SHOWN:
            with samples[name].open("rb") as file:
                media[name] = upload_media(File(file, name=name), by=alice)
    work_off()
    return media


def test_every_kind_of_source_plays(alice, organization, library, new_person, complaints):
    page = new_person(alice.email)
    shown, made = {}, {}

    for name, media in library.items():
        page.goto(reverse("media_library:watch", args=["harbor", media.pk]))
        page.evaluate(PLAY)
        page.wait_for_function(PLAYED, timeout=20_000)
        width, height = page.evaluate(SIZE)
        shown[name], made[name] = (width, height), sizes_of(media, organization)

    # A player starts with the rendition that fits its line, and each has the proportions of the others.
    assert [name for name in SHOWN if shown[name] not in made[name]] == []
    assert {name: proportions(size) for name, size in shown.items()} == {
        name: proportions(size) for name, size in SHOWN.items()
    }
    assert [words for words in complaints if not re.search("favicon", words)] == []


def sizes_of(media, organization) -> list[tuple[int, int]]:
    with organization_scope(organization):
        media.refresh_from_db()
        return [(rung["width"], rung["height"]) for rung in media.rendition.rungs] or [(0, 0)]


def proportions(size: tuple[int, int]) -> float:
    width, height = size
    return round(width / height, 1) if height else 0.0
