"""Playlists in a browser: put together by keyboard and mouse, played through, and how they look."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from playwright.sync_api import Locator, Page, expect

from core.tenancy import organization_scope
from media_library.models import Media, Playlist, PlaylistEntry, Publication, Rendition, Source
from media_library.services.playlists import add_media, save_playlist
from tests.browser.conftest import OF_LOOKS, keep_picture, serious_faults
from tests.browser.test_player import seek, wait_until
from tests.courses.conftest import watched

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
SECONDS = 12
STREAM = f"""
-f lavfi -i testsrc2=s=160x90:r=5:d={SECONDS} -c:v libx264 -preset ultrafast -b:v 100k -g 10 -f hls -hls_time 2
-hls_playlist_type vod -hls_segment_type fmp4 -hls_fmp4_init_filename init.mp4 -hls_segment_filename rung_%03d.m4s
-master_pl_name master.m3u8 rung.m3u8
"""
COVER = Path(__file__).parents[2] / "media_library/demo/cover.jpg"
LOOKS = {
    "desktop": (1280, "light"), "desktop_dark": (1280, "dark"),
    "phone": (390, "light"), "phone_dark": (390, "dark"), "narrow": (320, "light"),
}  # fmt: skip
TITLES = ("Why the tide comes in twice", "How the wind makes waves", "The slow river of the deep")


@pytest.fixture
def films(organization: Any, alice: Any, ffmpeg_binary: str) -> list[Media]:
    """Three short films of one stream; the first has a picture."""
    folder = Path(django_settings.MEDIA_ROOT) / "stream"
    folder.mkdir(parents=True)
    subprocess.run([ffmpeg_binary, "-v", "error", *STREAM.split()], check=True, cwd=folder)
    with organization_scope(organization):
        cover = default_storage.save("covers/thumbnail.jpg", ContentFile(COVER.read_bytes()))
        return [_film(title, cover if title == TITLES[0] else "") for title in TITLES]


def _film(title: str, thumbnail: str) -> Media:
    media = Media.objects.create(
        source=Source.UPLOAD, source_path=title, title=title, duration=SECONDS, publication=Publication.PUBLISHED,
        thumbnail_path=thumbnail,
    )  # fmt: skip
    media.rendition = Rendition.objects.create(media=media, folder="stream")
    media.save()
    return media


@pytest.fixture
def evening(films: list[Media], organization: Any, bob: Any) -> Playlist:
    with organization_scope(organization):
        made = save_playlist(Playlist(title="Evenings", description="By the sea,\nwith tea.", owner=bob), by=bob)
        add_media(made, [film.pk for film in films], by=bob)
    return made


def order_of(playlist: Playlist, organization: Any) -> list[str]:
    with organization_scope(organization):
        return list(PlaylistEntry.objects.filter(playlist=playlist).in_order().values_list("media__title", flat=True))


def shown_order(page: Page) -> list[str]:
    return page.locator(".playlist-row .history__title").all_inner_texts()


def test_list_is_put_together_and_ordered_by_keyboard_and_mouse(films, organization, bob, new_person, complaints):
    page = new_person(bob.email)
    page.goto(f"/harbor/media/{films[0].pk}/")
    page.get_by_role("link", name="Add to playlist").focus()
    page.keyboard.press("Enter")
    page.get_by_label("New playlist").fill("Evenings")
    page.keyboard.press("Enter")
    expect(page.locator("dialog .message--success")).to_have_text("Added to “Evenings”.")
    assert serious_faults(page) == []
    keep_picture(page, "playlist_dialog")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Add to playlist")).to_be_focused()
    for film in films[1:]:
        page.goto(f"/harbor/media/{film.pk}/")
        page.get_by_role("link", name="Add to playlist").click()
        page.get_by_role("button", name="Evenings").click()
        expect(page.locator("dialog .message--success")).to_be_visible()

    page.goto("/harbor/playlists/")
    page.get_by_role("link", name="Evenings").click()
    made = _only_list(organization)
    grip = page.get_by_role("button", name=f"Move “{TITLES[2]}”: arrow keys, Home, End")
    grip.focus()
    with page.expect_response(lambda one: one.url.endswith("/move/")):
        page.keyboard.press("ArrowUp")
    expect(page.locator("[data-playlist-said]")).to_have_text(f"{TITLES[2]}: place 2 of 3")
    expect(grip).to_be_focused()
    with page.expect_response(lambda one: one.url.endswith("/move/")):
        page.get_by_role("button", name=f"Move “{TITLES[0]}” down").click()
    by_keyboard = order_of(made, organization)
    with page.expect_response(lambda one: one.url.endswith("/move/")):
        page.get_by_role("button", name=f"Move “{TITLES[1]}”: arrow").drag_to(page.locator(".playlist-row").first)
    dragged = order_of(made, organization)

    assert by_keyboard == [TITLES[2], TITLES[0], TITLES[1]]
    assert dragged == [TITLES[1], TITLES[2], TITLES[0]] == shown_order(page)
    assert complaints == []


def _only_list(organization: Any) -> Playlist:
    with organization_scope(organization):
        return Playlist.objects.get()


def test_list_plays_through_and_goes_on_where_it_was(evening, films, organization, bob, new_person, complaints):
    page = new_person(bob.email)
    page.goto(f"/harbor/playlists/{evening.pk}/")
    page.get_by_role("link", name="Play", exact=True).click()
    wait_until(page, "document.querySelector('video')?.paused === false")
    seek(page, SECONDS - 1)
    up_next = page.locator("[data-up-next]")
    expect(up_next).to_contain_text(TITLES[1])
    keep_picture(page, "playlist_up_next")
    assert serious_faults(page) == []
    page.get_by_role("button", name="Stay here").click()
    expect(up_next).to_be_hidden()

    seek(page, SECONDS - 1)
    page.keyboard.press("k")
    expect(up_next).to_be_visible()
    page.wait_for_url(f"**/media/{films[1].pk}/?list={evening.pk}&play=1")
    wait_until(page, "document.querySelector('video')?.paused === false")
    expect(page.locator(".queue__row[aria-current]")).to_contain_text(TITLES[1])
    page.keyboard.press("Shift+N")
    page.wait_for_url(f"**/media/{films[2].pk}/?list={evening.pk}&play=1")
    page.keyboard.press("Shift+P")
    page.wait_for_url(f"**/media/{films[1].pk}/?list={evening.pk}&play=1")

    assert complaints == []


def test_row_is_moved_by_finger_and_to_the_end_by_key(evening, organization, bob, new_person, complaints):
    page = new_person(bob.email, has_touch=True, viewport={"width": 390, "height": 900})
    page.goto(f"/harbor/playlists/{evening.pk}/")

    with page.expect_response(lambda one: one.url.endswith("/move/")):
        _drag_by_finger(page, page.locator("[data-grip]").nth(2), page.locator(".playlist-row").first)
    by_finger = order_of(evening, organization)
    page.locator("[data-grip]").first.focus()
    with page.expect_response(lambda one: one.url.endswith("/move/")):
        page.keyboard.press("End")

    assert by_finger == [TITLES[2], TITLES[0], TITLES[1]]
    assert order_of(evening, organization) == [TITLES[0], TITLES[1], TITLES[2]] == shown_order(page)
    assert complaints == []


def _drag_by_finger(page: Page, grip: Locator, to: Locator) -> None:
    """Held longer than the page waits for a touch that is no scrolling."""
    grip.scroll_into_view_if_needed()
    start, end = grip.bounding_box(), to.bounding_box()
    assert start is not None
    assert end is not None
    x, y = start["x"] + start["width"] / 2, start["y"] + start["height"] / 2
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *points: dict[str, float]) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    touch("touchStart", {"x": x, "y": y})
    page.wait_for_timeout(400)
    for step in range(1, 11):
        touch("touchMove", {"x": x, "y": y + (end["y"] + 4 - y) * step / 10})
        page.wait_for_timeout(30)
    touch("touchEnd")


def test_list_goes_on_at_the_item_and_second_where_the_browser_was_closed(evening, films, bob, new_person, complaints):
    first = new_person(bob.email)
    first.goto(f"/harbor/media/{films[1].pk}/?list={evening.pk}&play=1")
    wait_until(first, "document.querySelector('video')?.paused === false")
    seek(first, 6)
    with first.expect_response(lambda one: "/watch/sessions/" in one.url):
        first.keyboard.press("k")
    first.close()

    again = new_person(bob.email)
    again.goto(f"/harbor/playlists/{evening.pk}/")
    again.get_by_role("link", name=f"Continue with “{TITLES[1]}” at 0:0").click()
    again.wait_for_url(f"**/media/{films[1].pk}/?list={evening.pk}&play=1")
    wait_until(again, "document.querySelector('video')?.currentTime >= 5")

    expect(again.locator("[data-resume-time]")).to_contain_text("0:0")
    assert complaints == []


def test_back_office_form_fits_a_phone(evening, films, organization, alice, new_person, complaints):
    with organization_scope(organization):
        library = save_playlist(Playlist(title="All about the sea"), by=alice)
        add_media(library, [film.pk for film in films], by=alice)
    page = new_person(alice.email, viewport={"width": 320, "height": 900})
    page.goto(f"/admin/media_library/playlist/{library.pk}/change/")
    page.get_by_role("link", name="Add another Media item").click()

    rows = page.locator(".formset-wrapper")
    assert rows.evaluate_all("all => all.every((one) => one.scrollWidth <= one.clientWidth)")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert serious_faults(page) == []
    assert complaints == []


def test_pages_look_right(evening, films, organization, alice, bob, new_person, complaints):
    with organization_scope(organization):
        watched(films[0], bob)
        watched(films[1], bob, percent=40, position=5)
        library = save_playlist(Playlist(title="All about the sea", type="course", status="published"), by=alice)
        add_media(library, [film.pk for film in films], by=alice)
    page = new_person(bob.email)
    pages = {
        "all": "/harbor/playlists/", "empty": "/harbor/playlists/?whose=shared",
        "one": f"/harbor/playlists/{evening.pk}/",
        "library": f"/harbor/playlists/{library.pk}/", "edit": f"/harbor/playlists/{evening.pk}/edit/",
        "add": f"/harbor/playlists/add/?media={films[0].pk}", "delete": f"/harbor/playlists/{evening.pk}/delete/",
        "play": f"/harbor/media/{films[1].pk}/?list={evening.pk}",
    }  # fmt: skip

    for name, address in pages.items():
        for look, (width, scheme) in LOOKS.items():
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} {look} too wide"
            assert serious_faults(page, only=() if look == "desktop" else OF_LOOKS) == [], f"{name} {look}"
            keep_picture(page, f"playlist_{name}_{look}", full_page=True)

    assert complaints == []
