"""What media is about, in a browser: beside the player, as pages, in the back office."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from accounts.models import Organization, User
from core.tenancy import organization_scope
from knowledge.labels.labelling import edit_labels, label_media
from media_library.captions import TimedText
from media_library.demo.talks import TIDES, WAVES
from tests.browser.conftest import OF_LOOKS, keep_picture, serious_faults
from tests.browser.test_every_page import ARRIVED, TOO_WIDE
from tests.knowledge.conftest import add_media, cues_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS = [(DESK, False), (PHONE, True), (DESK, True), (PHONE, False)]
MANY = 40  # media, with 175 labels


def _of_our_own(complaints: list[str]) -> list[str]:
    """There is no film behind these media: that it cannot be loaded is no fault of the pages."""
    return [one for one in complaints if "404" not in one and "VIDEOJS" not in one]


@pytest.fixture
def pages(organization: Organization, alice: User, bob: User) -> dict[str, str]:
    with organization_scope(organization):
        media = add_media(TIDES.title, cues_of(TIDES))
        edit_labels(media, topics=["Tides", "Gravity"], keywords=["Moon", "spring tide"], sentiment="neutral", by=alice)
        edit_labels(add_media(WAVES.title, cues_of(WAVES)), topics=["Tides", "Wind"], keywords=[], by=alice)
        for n in range(MANY):
            other = add_media(f"Talk number {n}", [TimedText(0, 9 + n * n, "Heron.")])
            label_media(other.pk)
            own = [f"{word} of theme {n // 4}" for word in ("History", "A few thoughts", "Art", "Words", "Ends")]
            edit_labels(other, topics=[*own, f"Only here {n}", f"Here as well {n}", f"And {n}"], keywords=[], by=alice)
    return {
        "around": f"/harbor/media/{media.pk}/",
        "label": "/harbor/labels/tides/",
        "labels": "/harbor/labels/",
        "edit": f"/admin/media_library/media/{media.pk}/change/",
        "list": "/admin/knowledge/label/",
        "themes": "/admin/themes/",
    }


def test_labels_can_be_read_on_every_screen(
    pages: dict[str, str], new_person: Callable[..., Page], complaints: list[str]
) -> None:
    page = new_person("alice@harbor.test", viewport=DESK)
    faults = {}

    for name, address in pages.items():
        page.goto(address)
        if name == "around":
            page.get_by_role("heading", name="Related").wait_for()
        if name == "edit":
            page.get_by_text("Change them").click()
        for size, is_dark in LOOKS:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme="dark" if is_dark else "light")
            page.evaluate(ARRIVED, is_dark)
            look = f"{name}-{size['width']}-{'dark' if is_dark else 'light'}"
            keep_picture(page, f"labels-{look}", full_page=True)
            only = () if (size, is_dark) == LOOKS[0] else OF_LOOKS
            faults[name, size["width"], is_dark] = (serious_faults(page, only=only), page.evaluate(TOO_WIDE))

    assert faults == dict.fromkeys(faults, ([], False))
    assert _of_our_own(complaints) == []


def test_a_label_leads_to_what_else_is_about_it(
    pages: dict[str, str], new_person: Callable[..., Page], complaints: list[str]
) -> None:
    page = new_person("bob@harbor.test", viewport=DESK)
    page.goto(pages["around"])

    page.get_by_role("link", name="Tides", exact=True).press("Enter")
    page.get_by_role("heading", name="Tides", exact=True).wait_for()

    assert page.locator(".moment").all_inner_texts() != []
    assert page.get_by_role("link", name=WAVES.title).count() == 1
    assert _of_our_own(complaints) == []
