"""The dashboards with something in them: on a desk and on a phone, light and dark."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from accounts.models import Organization, User
from core.tenancy import organization_scope
from tests.analytics.figures import TODAY, live_through, viewed
from tests.browser.conftest import OF_LOOKS, keep_picture, serious_faults
from tests.browser.test_every_page import ARRIVED, TOO_WIDE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS = [(DESK, False), (PHONE, True), (DESK, True), (PHONE, False)]


@pytest.fixture
def pages(organization: Organization, alice: User, bob: User) -> dict[str, str]:
    with organization_scope(organization):
        past = live_through(organization, alice=alice, bob=bob)
        for n in range(2, 60):
            viewed(
                past.media,
                TODAY - timedelta(days=n + n // 30),
                range(n % 7),
                finishers=range(n % 3),
                seconds=40 * (n % 9),
            )
    return {
        "overview": "/admin/dashboards/",
        "media": f"/admin/dashboards/media/{past.media.pk}/",
        "course": f"/admin/dashboards/courses/{past.tides.course.pk}/",
        "searches": "/admin/dashboards/searches/",
        "list": "/admin/dashboards/media/",
    }


def test_figures_can_be_read_on_every_screen(
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
            keep_picture(page, f"dashboards-{look}", full_page=True)
            only = () if (size, is_dark) == LOOKS[0] else OF_LOOKS
            faults[name, size["width"], is_dark] = (serious_faults(page, only=only), page.evaluate(TOO_WIDE))

    assert faults == dict.fromkeys(faults, ([], False))
    assert complaints == []


def test_a_range_is_chosen_by_keyboard_and_numbers_unfold(
    pages: dict[str, str], new_person: Callable[..., Page], complaints: list[str]
) -> None:
    page = new_person("alice@harbor.test", viewport=DESK)
    page.goto(pages["media"])

    page.get_by_role("link", name="7 days").press("Enter")
    page.get_by_text("Day by day: the numbers").press("Enter")

    assert page.get_by_role("link", name="7 days").get_attribute("aria-current") == "true"
    assert page.locator("table[data-table=days] tbody tr").count() == 7
    assert page.get_by_role("img", name="Who watches which second").is_visible()
    assert complaints == []
