"""Listening goes on while one looks around in the podcasts."""

import re
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from core.tenancy import organization_scope
from media_library.captions import TimedText
from media_library.models import (
    Audience,
    Episode,
    EpisodeType,
    Kind,
    Media,
    Playlist,
    Podcast,
    PodcastPerson,
    Rendition,
    Season,
    ShowStatus,
    Source,
    WatchRecord,
)
from media_library.podcasts.hearing import tell_of_shows
from media_library.services.playlists import add_media, save_playlist
from media_library.services.transcripts import publish_transcript
from tests.browser.conftest import keep_picture, serious_faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

STREAM = """
-f lavfi -i sine=d=120 -c:a aac -b:a 64k -f hls -hls_time 6 -hls_playlist_type vod -hls_segment_type fmp4
-hls_fmp4_init_filename init_0.mp4 -hls_segment_filename rung_0_%03d.m4s -master_pl_name master.m3u8 rung_0.m3u8
"""
WORDS = ["Welcome to the harbor.", "Today it is about the moon.", "And about what it does to water."]


@pytest.fixture
def show(organization: Any, alice: Any, ffmpeg_binary: str) -> Podcast:
    """A show for members with three episodes of two minutes; their media are drafts of the library."""
    folder = Path(django_settings.MEDIA_ROOT) / "stream"
    folder.mkdir(parents=True)
    subprocess.run([ffmpeg_binary, "-v", "error", *STREAM.split()], check=True, cwd=folder)
    Image.new("RGB", (1400, 1400), "teal").save(Path(django_settings.MEDIA_ROOT) / "show.jpg")
    with organization_scope(organization):
        show = Podcast.objects.create(
            slug="tides", title="Tides and tales", description="The sea, explained by those who live from it.",
            author="Harbor School", status=ShowStatus.PUBLISHED, audience=Audience.PRIVATE, artwork_path="show.jpg",
            guid="00000000-0000-5000-8000-000000000001",
        )  # fmt: skip
        seasons = [Season.objects.create(podcast=show, number=number) for number in (1, 2)]
        PodcastPerson.objects.create(podcast=show, name="Ada Quist")
        titles = ["What is coming", "Why the tide comes in twice", "Where the wind sleeps"]
        for number, title in enumerate(titles):
            add_episode(show, title, number=number or None, season=seasons[number // 2])
        tell_of_shows()
    return show


def add_episode(show: Podcast, title: str, *, number: int | None, season: Season) -> None:
    media = Media.objects.create(
        source=Source.UPLOAD, source_path="s", title=title, kind=Kind.AUDIO, duration=120,
        chapters=[{"at": 0, "title": "Welcome"}, {"at": 40, "title": "The moon"}],
    )  # fmt: skip
    media.rendition = Rendition.objects.create(media=media, folder="stream")
    media.save()
    cues = [TimedText(n * 20.0, n * 20.0 + 15, words, "Ada") for n, words in enumerate(WORDS)]
    publish_transcript(media, cues, language="en", method="edited")
    kind = EpisodeType.FULL if number else EpisodeType.TRAILER
    Episode.objects.create(
        podcast=show, media=media, title=title, number=number, type=kind, guid=title, season=season,
        description="An episode about the sea and about whoever lives beside it.",
        published_at=timezone.now() - timedelta(days=30 - (number or 0)),
    )  # fmt: skip


def playhead(page: Page) -> float:
    return float(page.evaluate("document.querySelector('audio')?.currentTime ?? 0"))  # it may not have come yet


def wait_beyond(page: Page, second: float) -> None:
    for _ in range(300):
        if playhead(page) > second:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"stays before {second}")


def test_player_goes_on_from_page_to_page_and_what_was_heard_counts(
    show: Podcast, organization: Any, bob: Any, new_person: Any, complaints: list[str]
) -> None:
    page: Page = new_person(bob.email)
    page.goto("/harbor/my/")
    page.get_by_role("link", name="Podcasts").click()
    page.get_by_role("link", name="Tides and tales").click()
    page.get_by_role("link", name=re.compile("Listen ?: Why the tide")).click()
    wait_beyond(page, 1)
    page.evaluate("() => { window.isSamePage = true; }")

    page.locator("main").get_by_role("link", name="Tides and tales").click()
    expect(page).to_have_title("Tides and tales · Harbor School")
    expect(page.locator("main")).to_be_focused()
    page.locator("main").get_by_role("link", name="Where the wind sleeps", exact=True).click()
    expect(page.locator("main h1")).to_have_text("Where the wind sleeps")
    expect(page.locator("main .cue")).to_have_count(3)
    before = playhead(page)
    wait_beyond(page, before + 1)
    page.get_by_role("button", name="15 seconds forward").click()
    wait_beyond(page, before + 15)
    expect(page.locator("[data-listening] .listening__title")).to_have_text("Why the tide comes in twice")
    page.go_back()
    expect(page.locator("main h1")).to_have_text("Tides and tales")
    assert page.evaluate("() => [window.isSamePage, navigator.mediaSession.metadata.title]") == [
        True, "Why the tide comes in twice",
    ]  # fmt: skip
    page.evaluate("() => { document.querySelector('main').isKept = true; location.hash = 'main'; }")
    page.keyboard.press("k")
    expect(page.locator("[data-listening] .video-js.vjs-paused")).to_have_count(1)
    page.go_back()  # from the place on the page, to the page
    page.wait_for_timeout(500)
    assert page.evaluate("() => document.querySelector('main').isKept") is True

    page.locator("main").get_by_role("link", name="Where the wind sleeps", exact=True).click()
    page.locator("main").get_by_role("link", name="The moon").click()
    wait_beyond(page, 40)
    assert page.evaluate("() => window.isSamePage") is None
    expect(page.locator("[data-listening] .listening__title")).to_have_text("Where the wind sleeps")
    expect(page.locator("[data-mark-now]")).to_have_text("The moon")
    with organization_scope(organization):
        heard = WatchRecord.objects.get(user=bob, media__title="Why the tide comes in twice")
    assert heard.watched_seconds >= 2
    assert heard.position > 15
    assert complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_of_podcasts_are_accessible(
    theme: str, show: Podcast, organization: Any, bob: Any, new_person: Any, complaints: list[str]
) -> None:
    with organization_scope(organization):
        episode = Episode.objects.get(number=1)
    page: Page = new_person(bob.email, color_scheme=theme)

    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        for name, path in [("shows", ""), ("show", "tides/"), ("episode", f"tides/{episode.pk}/")]:
            page.goto(f"/harbor/podcasts/{path}")
            page.wait_for_timeout(800)
            keep_picture(page, f"podcast-{name}-{width}-{theme}")
            assert serious_faults(page) == []
            assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []


@pytest.fixture
def evening(show: Podcast, organization: Any, bob: Any) -> Playlist:
    """The two full episodes, the later one first."""
    with organization_scope(organization):
        made = save_playlist(Playlist(title="Evening", owner=bob), by=bob)
        add_media(made, [Episode.objects.get(number=number).media_id for number in (2, 1)], by=bob)
    return made


def to_the_end(page: Page) -> None:
    wait_beyond(page, 0.5)
    page.evaluate("() => { document.querySelector('audio').currentTime = 119; }")


def heard_now(page: Page) -> Any:
    return page.locator("[data-listening] .listening__title")


def test_playlist_of_episodes_goes_on_by_itself_also_while_one_looks_around(
    evening: Playlist, organization: Any, bob: Any, new_person: Any, complaints: list[str]
) -> None:
    page: Page = new_person(bob.email)
    page.goto(f"/harbor/playlists/{evening.pk}/")
    page.get_by_role("link", name="Play", exact=True).click()
    expect(heard_now(page)).to_have_text("Where the wind sleeps")
    wait_beyond(page, 1)
    page.locator("main").get_by_role("link", name="Tides and tales").click()
    expect(page.locator("main h1")).to_have_text("Tides and tales")

    to_the_end(page)
    expect(page.locator("[data-up-next]")).to_contain_text("Why the tide comes in twice")
    expect(heard_now(page)).to_have_text("Why the tide comes in twice", timeout=15_000)
    assert f"list={evening.pk}" in page.url
    to_the_end(page)

    expect(page.locator("[data-up-next]")).to_contain_text("That was the last one of “Evening”.")
    with organization_scope(organization):
        assert WatchRecord.objects.filter(user=bob).count() == 2
    assert complaints == []


def test_show_goes_on_with_the_next_episode_unless_one_stays(
    show: Podcast, organization: Any, bob: Any, new_person: Any, complaints: list[str]
) -> None:
    with organization_scope(organization):
        episode = Episode.objects.get(number=2)
    page: Page = new_person(bob.email)
    page.add_init_script(KEYS_OF_THE_SYSTEM)
    page.goto(f"/harbor/podcasts/tides/{episode.pk}/?play=1")
    to_the_end(page)
    page.get_by_role("button", name="Stay here").click()
    expect(page.locator("[data-up-next]")).to_be_hidden()
    page.wait_for_timeout(1000)
    expect(heard_now(page)).to_have_text("Where the wind sleeps")

    assert page.evaluate("() => [typeof window.keys.nexttrack, window.keys.previoustrack]") == ["function", None]
    page.evaluate("() => window.keys.nexttrack()")
    expect(heard_now(page)).to_have_text("Why the tide comes in twice")
    wait_beyond(page, 0.5)
    assert complaints == []


KEYS_OF_THE_SYSTEM = """
window.keys = {};
const session = navigator.mediaSession, set = session.setActionHandler.bind(session);
session.setActionHandler = (name, action) => { window.keys[name] = action; set(name, action); };
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_comes_next_is_accessible(
    theme: str, evening: Playlist, organization: Any, bob: Any, new_person: Any, complaints: list[str]
) -> None:
    with organization_scope(organization):
        episode = Episode.objects.get(number=2)
    page: Page = new_person(bob.email, color_scheme=theme)
    page.goto(f"/harbor/podcasts/tides/{episode.pk}/?list={evening.pk}&play=1")
    to_the_end(page)
    expect(page.locator("[data-up-next]")).to_be_visible()

    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        keep_picture(page, f"podcast-next-{width}-{theme}")
        assert serious_faults(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Stay here").click()
    page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
    keep_picture(page, f"podcast-steps-390-{theme}")
    assert complaints == []
