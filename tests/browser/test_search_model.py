"""The back office of the search model, in a browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from accounts.models import User
from knowledge.services.search_models import begin_building
from tests.browser.conftest import serious_faults
from tests.browser.test_every_page import ARRIVED, TOO_WIDE
from tests.knowledge.conftest import foreign_talk as foreign_talk
from tests.knowledge.conftest import talks as talks
from tests.knowledge.test_switching import NEW, library, provider  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

SCREENS = Path(__file__).parent / "screens" / "search_model"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS = [(DESK, False), (PHONE, True), (DESK, True), (PHONE, False)]


def test_the_search_model_can_be_read_on_every_screen(
    library: object, alice: User, new_person: Callable[..., Page], complaints: list[str]  # noqa: F811
) -> None:  # fmt: skip
    User.objects.filter(pk=alice.pk).update(is_superuser=True)
    begin_building(NEW)
    page = new_person("alice@harbor.test", viewport=DESK)
    SCREENS.mkdir(parents=True, exist_ok=True)
    faults = {}

    page.goto("/admin/search-model/")
    for size, is_dark in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="dark" if is_dark else "light")
        page.evaluate(ARRIVED, is_dark)
        page.screenshot(path=SCREENS / f"{size['width']}-{'dark' if is_dark else 'light'}.png", full_page=True)
        faults[size["width"], is_dark] = (serious_faults(page), page.evaluate(TOO_WIDE))
    page.get_by_role("button", name=f"Build the set of {NEW}").press("Enter")
    page.get_by_text(f"{NEW} is being built").wait_for()

    assert faults == dict.fromkeys(faults, ([], False))
    assert complaints == []
