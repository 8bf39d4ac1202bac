"""The player in a real browser: addresses that run out, pictures over the bar, the choice of quality."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from PIL import Image
from playwright.sync_api import Page, expect

from core.tenancy import organization_scope
from media_library.models import Media, Publication, Rendition, Source, Storyboard
from tests.browser.conftest import serious_faults
from tests.browser.test_journey import playhead, wait_for_playhead

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

SECONDS, TILE = 60, (160, 90)
SLIDER = ".vjs-progress-holder"
#: Two rungs without sound, cut every two seconds.
STREAM = """
-f lavfi -i testsrc2=s=320x180:r=5:d=60 -map 0:v -map 0:v -c:v libx264 -preset ultrafast -g 10 -sc_threshold 0
-b:v:0 200k -s:v:1 160x90 -b:v:1 50k -f hls -hls_time 2 -hls_playlist_type vod -hls_segment_type fmp4
-hls_fmp4_init_filename init_%v.mp4 -hls_segment_filename rung_%v_%03d.m4s -master_pl_name master.m3u8 -var_stream_map
"""


@pytest.fixture
def film(organization: Any, alice: Any, ffmpeg_binary: str) -> Media:
    """A published minute in two qualities, with a picture for every ten seconds."""
    with organization_scope(organization):
        media = Media.objects.create(
            source=Source.UPLOAD, source_path="s", title="Tides", creator=alice, publication=Publication.PUBLISHED,
            duration=SECONDS,
        )  # fmt: skip
        folder = Path(django_settings.MEDIA_ROOT) / "stream"
        folder.mkdir(parents=True)
        subprocess.run(
            [ffmpeg_binary, "-v", "error", *STREAM.split(), "v:0 v:1", "rung_%v.m3u8"], check=True, cwd=folder
        )
        draw_storyboard(Path(django_settings.MEDIA_ROOT) / "pictures")
        media.rendition = Rendition.objects.create(media=media, folder="stream")
        media.storyboard = Storyboard.objects.create(media=media, folder="pictures")
        media.save()
    return media


def draw_storyboard(folder: Path) -> None:
    folder.mkdir()
    width, height = TILE
    Image.new("RGB", (width * 6, height), "teal").save(folder / "sheet_0.jpg")
    times = [f"00:00:{n}0.000" for n in range(6)] + ["00:01:00.000"]
    cues = [f"{times[n]} --> {times[n + 1]}\nsheet_0.jpg#xywh={n * width},0,{width},{height}\n" for n in range(6)]
    (folder / "previews.vtt").write_text("\n".join(["WEBVTT\n", *cues]))


def open_player(new_person: Any, who: Any, film: Media) -> Page:
    page: Page = new_person(who.email)
    page.goto(f"/harbor/media/{film.pk}/")
    wait_until(page, "document.querySelector('video')?.readyState >= 2")
    toggle(page)
    wait_for_playhead(page, 0.5)
    return page


def toggle(page: Page) -> None:
    """Play or pause."""
    page.keyboard.press("k")


def wait_until(page: Page, expression: str) -> None:
    """Asked from outside: the pages' policy lets no script wait for text that it evaluates."""
    for _ in range(400):
        if page.evaluate(f"() => {expression}"):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never: {expression}")


def seek(page: Page, second: float) -> None:
    page.evaluate(f"() => {{ document.querySelector('video').currentTime = {second}; }}")


def segments_of(page: Page) -> list[tuple[str, int]]:
    """Token and status of each segment that is asked for from now on."""
    asked: list[tuple[str, int]] = []
    page.on("response", lambda one: one.url.endswith(".m4s") and asked.append((one.url.split("/")[-2], one.status)))
    return asked


def test_playing_goes_on_where_it_was_after_a_pause_longer_than_the_link(bob, film, new_person, settings, complaints):
    settings.MEDIA_LINK_SECONDS = 6
    page = open_player(new_person, bob, film)
    page.evaluate("() => { document.querySelector('video').playbackRate = 1.5; }")
    toggle(page)
    asked = segments_of(page)
    page.wait_for_timeout(7_000)

    seek(page, 50)  # farther than was loaded before
    toggle(page)
    wait_for_playhead(page, 51.5)

    assert playhead(page) < 56
    assert page.evaluate("document.querySelector('video').playbackRate") == 1.5
    refused = {token for token, status in asked if status == 404}
    assert {status for token, status in asked if token not in refused} == {200}
    assert len(refused) <= 1  # the old address, should something have been under way with it
    assert [one for one in complaints if "404" not in one] == []


def test_playing_goes_on_when_the_session_has_changed(bob, film, new_person, live_server):
    """As after a new password or a new log-in in another tab: the page does not know, and is refused."""
    page = open_player(new_person, bob, film)
    asked = segments_of(page)
    Session.objects.update(session_key="n" * 32)
    page.context.add_cookies([{"name": "sessionid", "value": "n" * 32, "url": live_server.url}])

    seek(page, 50)
    wait_for_playhead(page, 51)

    assert {status for _, status in asked} == {404, 200}


def test_whoever_may_not_watch_any_more_gets_the_page_that_says_so(bob, film, organization, new_person, settings):
    settings.MEDIA_RECHECK_SECONDS = 0
    page = open_player(new_person, bob, film)
    with organization_scope(organization):
        Media.objects.update(publication=Publication.DRAFT)

    seek(page, 50)

    expect(page.locator("video")).to_have_count(0)
    expect(page.locator("h1")).to_be_visible()


def picture_of(page: Page) -> tuple[str, str]:
    """The sheet that is shown, and which part of it."""
    style = page.locator(".player__preview").evaluate(
        "one => [one.style.backgroundImage, one.style.backgroundPosition]"
    )
    return style[0].rpartition("/")[2].removesuffix('")'), style[1]


def test_bar_shows_the_picture_of_the_second(bob, film, new_person, complaints):
    page = open_player(new_person, bob, film)
    box = page.locator(SLIDER).bounding_box()
    preview = page.locator(".player__preview")
    expect(preview).to_be_hidden()

    page.mouse.move(box["x"] + box["width"] * 0.42, box["y"] + box["height"] / 2)
    expect(preview).to_be_visible()
    assert picture_of(page) == ("sheet_0.jpg", "-320px 0px")
    expect(preview).to_have_text("0:25")
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.99, box["y"] - 40)
    expect(preview).to_be_visible()
    assert picture_of(page) == ("sheet_0.jpg", "-800px 0px")
    right = preview.bounding_box()
    assert (
        right["x"] + right["width"]
        <= page.locator(".player").bounding_box()["x"] + page.locator(".player").bounding_box()["width"]
    )
    page.mouse.up()
    page.mouse.move(box["x"] + 10, box["y"] - 150)
    expect(preview).to_be_hidden()
    assert complaints == []


def test_bar_shows_the_picture_to_the_keyboard(bob, film, new_person):
    page = open_player(new_person, bob, film)
    toggle(page)
    page.locator(SLIDER).focus()

    page.keyboard.press("End")

    expect(page.locator(".player__preview")).to_be_visible()
    assert picture_of(page) == ("sheet_0.jpg", "-800px 0px")
    assert serious_faults(page) == []


def test_escape_leaves_a_menu_and_keeps_the_keyboard_at_its_button(bob, film, new_person):
    page = open_player(new_person, bob, film)
    quality = page.get_by_role("button", name="Quality")

    quality.press("Enter")
    expect(page.locator(".vjs-quality .vjs-menu-item:focus")).to_contain_text("Automatic")
    page.keyboard.press("Escape")

    expect(quality).to_be_focused()


def test_quality_is_chosen(bob, film, new_person, complaints):
    page = open_player(new_person, bob, film)
    page.get_by_role("button", name="Quality").click()
    assert page.locator(".vjs-quality .vjs-menu-item-text").all_inner_texts() == ["Automatic", "180p", "90p"]

    page.locator(".vjs-quality").get_by_role("menuitemradio", name="90p").click()
    seek(page, SECONDS - 5)  # as far as nothing is loaded ahead

    wait_until(page, "document.querySelector('video').videoHeight === 90")
    expect(page.locator(".vjs-quality .vjs-selected")).to_contain_text("90p")
    assert complaints == []


def test_linked_second_is_where_it_starts_when_video_js_comes_late(bob, film, new_person, complaints):
    """By then a browser that plays HLS by itself has loaded the metadata of a source that is given up."""
    page = new_person(bob.email)

    def come_late(route: Any) -> None:
        wait_until(page, "document.querySelector('video')?.readyState >= 1")
        route.continue_()

    page.route(re.compile(r"video\.min"), come_late)
    page.goto(f"/harbor/media/{film.pk}/?t=12")

    wait_for_playhead(page, 12.5)
    assert playhead(page) < 20
    assert complaints == []
