"""Shows and episodes in the back office, and chapters on the page of a media item: on a desk and on a phone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import Organization, User
from config.demo.podcast import draw_artwork
from core.tenancy import organization_scope
from media_library.models import Podcast, Season
from media_library.podcasts.artwork import set_artwork
from media_library.podcasts.episodes import episode_of
from media_library.podcasts.people import PersonLine, set_people
from media_library.podcasts.seasons import save_season
from media_library.podcasts.shows import save_podcast
from media_library.services.chapters import save_chapters
from tests.browser.conftest import OF_LOOKS, keep_picture, serious_faults
from tests.browser.test_every_page import ARRIVED, TOO_WIDE
from tests.media_library.shows import make_show, make_talk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS = [(DESK, False), (PHONE, True), (DESK, True), (PHONE, False)]


@pytest.fixture
def pages(organization: Organization, alice: User) -> dict[str, str]:
    with organization_scope(organization):
        show = make_show("The Sea, Explained", by=alice, published=True)
        set_artwork(show, draw_artwork(), by=alice)
        set_people(show, [PersonLine("Ada"), PersonLine("Bo", "audio editor")], by=alice)
        season = save_season(Season(podcast=show, number=1, name="What moves the water"), by=alice)
        now = timezone.now()
        for number, days in enumerate((-7, -1, 7), start=1):
            talk = make_talk(f"Talk number {number}", sounds=number != 2)
            made = {"season": season, "number": number, "published_at": now + timedelta(days=days)}
            episode = episode_of(talk, show, by=alice, **made)
        empty = save_podcast(Podcast(title="Nothing to hear yet"), by=alice)
        save_chapters(talk, "0:00 The Moon\n1:05 The Sun", by=alice)
    return {
        "shows": "/admin/media_library/podcast/",
        "show": f"/admin/media_library/podcast/{show.pk}/change/",
        "empty": f"/admin/media_library/podcast/{empty.pk}/change/",
        "made": f"/admin/media_library/episode/add/?podcast={show.pk}",
        "listed": "/harbor/podcasts/",
        "episodes": f"/admin/media_library/episode/?show={show.pk}",
        "episode": f"/admin/media_library/episode/{episode.pk}/change/",
        "media": f"/admin/media_library/media/{talk.pk}/change/",
        "watch": f"/harbor/media/{talk.pk}/",
    }


def test_pages_of_shows_can_be_read_on_every_screen(
    pages: dict[str, str], new_person: Callable[..., Page], complaints: list[str]
) -> None:
    page = new_person("alice@harbor.test", viewport=DESK)
    faults = {}

    for name, address in pages.items():
        page.goto(address)
        for size, is_dark in LOOKS:
            page.set_viewport_size(size)
            page.evaluate(ARRIVED, is_dark)
            look = f"{name}-{size['width']}-{'dark' if is_dark else 'light'}"
            keep_picture(page, f"podcasts-{look}", full_page=True)
            only = () if (size, is_dark) == LOOKS[0] else OF_LOOKS
            faults[name, size["width"], is_dark] = (serious_faults(page, only=only), page.evaluate(TOO_WIDE))

    assert faults == dict.fromkeys(faults, ([], False))
    assert [one for one in complaints if "404" not in one and "VIDEOJS" not in one] == []  # its stream has no files
