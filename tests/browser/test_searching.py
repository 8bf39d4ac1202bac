"""Searching as it looks and by keyboard: suggestions while typing, moments with their pictures, and the back office."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from playwright.sync_api import Page, expect

from core.tenancy import organization_scope
from courses.models import Chapter, ContentItem, Course, Enrollment
from knowledge.models import Passage
from media_library.captions import TimedText
from media_library.models import Storyboard
from tests.browser.conftest import OF_LOOKS, keep_picture, serious_faults
from tests.browser.test_every_page import ARRIVED, TOO_WIDE
from tests.knowledge.conftest import add_media

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

COVER = Path(__file__).parents[2] / "media_library/demo/cover.jpg"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS = [(DESK, False), (DESK, True), (PHONE, False), (PHONE, True)]
KNOTS = "A bowline holds in a storm, and the bowline opens again when the storm is over."
PAGES = {
    "empty": "/harbor/search/",
    "found": "/harbor/search/?q=storm+bowline+heron",
    "corrected": "/harbor/search/?q=bowlime&language=en",
    "nothing": "/harbor/search/?q=zeppelin",
}
OFFICE = {"said-before": f"/admin/said-before/?text={KNOTS}", "repetitions": "/admin/repetitions/"}


@pytest.fixture
def library(organization: Any, alice: Any, bob: Any, work_off: Callable[[], int]) -> None:
    with organization_scope(organization):
        course = Course.objects.create(title="Knots for All", slug="knots", is_published=True)
        chapter = Chapter.objects.create(course=course, title="One", position=1)
        Enrollment.objects.create(course=course, user=bob)
        item = ContentItem.objects.create(chapter=chapter, type="text", title="The Bowline", position=1, text=KNOTS)
        Passage.objects.create(
            item=item, position=0, text=KNOTS, words=16, search_config="english", heading="Why",
            content_hash=sha256(KNOTS.encode()).hexdigest(),
        )  # fmt: skip
        default_storage.save("boards/sheet_0.jpg", ContentFile(COVER.read_bytes()))
        for title in ("The storm of 1905", "A very long title about storms, herons and those who watch both of them"):
            said = [TimedText(9.0 * n, 9.0 * n + 4, f"Storm {n} came and the heron stood.", "Mara") for n in range(9)]
            media = add_media(title, said)
            media.storyboard = Storyboard.objects.create(
                media=media, folder="boards", sheets=["sheet_0.jpg"], columns=3, rows=3, tile_width=160, tile_height=90,
                interval=10, tiles=9,
            )  # fmt: skip
            media.save()
    work_off()


@pytest.mark.parametrize(("email", "pages"), [("bob@harbor.test", PAGES), ("alice@harbor.test", OFFICE)])
def test_searching_can_be_read(email: str, pages: dict[str, str], library: None, new_person: Any) -> None:
    page = new_person(email, viewport=DESK)
    faults = {}

    for name, address in pages.items():
        page.goto(address)
        for size, is_dark in LOOKS:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme="dark" if is_dark else "light")
            page.evaluate(ARRIVED, is_dark)
            keep_picture(page, f"{name}-{size['width']}-{'dark' if is_dark else 'light'}")
            only = () if (size, is_dark) == LOOKS[0] else OF_LOOKS
            faults[name, size["width"], is_dark] = (serious_faults(page, only=only), page.evaluate(TOO_WIDE))

    assert faults == dict.fromkeys(faults, ([], False))


def test_a_moment_is_opened_while_typing_by_keyboard(library: None, new_person: Any, complaints: list[str]) -> None:
    page: Page = new_person("bob@harbor.test", viewport=DESK)
    page.goto("/harbor/")

    page.keyboard.press("/")
    page.keyboard.type("the bowl")
    options = page.get_by_role("option")
    expect(options).to_have_count(1)
    page.keyboard.press("ArrowDown")
    keep_picture(page, "suggestions")
    faults = serious_faults(page)
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    page.keyboard.type("i")
    expect(options).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url("**/learn/**")
    assert (faults, complaints) == ([], [])
