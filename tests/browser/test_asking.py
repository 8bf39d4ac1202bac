"""Asking in a lesson: the answer streams, its citation seeks the player; on a desk and on a phone, light and dark."""

from typing import Any

import pytest
from playwright.sync_api import expect

from core.tenancy import organization_scope
from knowledge.models import Answer
from knowledge.services.indexing import index_media
from tests.browser.conftest import keep_picture, serious_faults
from tests.browser.test_journey import playhead, wait_for_playhead
from tests.browser.test_learn_space import DESK, open_lesson, scrolls_sideways
from tests.browser.test_learn_space import lesson as lesson
from tests.browser.test_player import film as film
from tests.core.writer_provider import serve

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

SETTLED = "() => !document.getAnimations().some((one) => one instanceof CSSTransition)"
SAYS = 'They come so: "Spring tides come with a new moon" [1]. ![x](https://evil.test) [1]. The sun helps [1].'


def look_at(page: Any, name: str) -> None:
    for size in ({"width": 390, "height": 800}, DESK):
        for scheme in ("light", "dark"):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            page.wait_for_function(SETTLED)  # colors on their way are nobody's colors
            keep_picture(page, f"{name}-{size['width']}-{scheme}")
            assert serious_faults(page, only=["color-contrast"]) == []


def test_a_citation_seeks_the_player_by_keyboard(
    alice: Any, bob: Any, lesson: str, film: Any, organization: Any, new_person: Any, complaints: Any, httpserver: Any,
    settings: Any,
) -> None:  # fmt: skip
    settings.WRITER_BASE_URL = httpserver.url_for("/v1")
    serve(httpserver, lambda messages: SAYS)
    with organization_scope(organization):
        index_media(film.pk)
    page = open_lesson(new_person, bob, lesson)

    page.get_by_role("tab", name="Ask").click()
    page.get_by_label("Your question").fill("When do spring tides come?")
    page.keyboard.press("Enter")
    cite = page.locator(".answer__text a.cite").first
    expect(page.get_by_text("The answer was made from this passage")).to_be_visible(timeout=30_000)
    expect(page.locator(".answer__text")).to_have_text(
        'They come so: "Spring tides come with a new moon"1. The sun helps1.'
    )
    cite.focus()
    page.keyboard.press("Enter")

    wait_for_playhead(page, 28)
    assert playhead(page) < 33
    assert page.url.endswith(lesson)
    page.get_by_role("button", name="Helpful", exact=True).click()
    expect(page.get_by_role("button", name="Helpful", exact=True)).to_have_attribute("aria-pressed", "true")
    with organization_scope(organization):
        assert Answer.objects.get().thumb == "up"
    assert serious_faults(page) == []
    look_at(page, "ask")

    page.goto(f"/harbor/media/{film.pk}/")
    page.get_by_role("tab", name="Ask").click()
    page.get_by_label("Your question").fill("When do spring tides come?")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The answer was made from this passage")).to_be_visible(timeout=30_000)
    page.locator(".answer__text a.cite").first.focus()
    page.keyboard.press("Enter")
    wait_for_playhead(page, 28)
    assert page.url.endswith(f"/harbor/media/{film.pk}/")
    look_at(page, "ask-media")

    page.goto("/harbor/ask/")
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 700})
        expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Ask")).to_be_visible()
        keep_picture(page, f"ask-header-{width}")
        assert not scrolls_sideways(page)
    look_at(page, "ask-library")
    assert serious_faults(page) == []
    page.get_by_role("link", name="When do spring tides come?").first.click()
    expect(page.get_by_text("A machine writes the answers")).to_be_visible()
    keep_picture(page, "ask-conversation", full_page=True)
    assert serious_faults(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert not scrolls_sideways(page)

    office = new_person(alice.email, viewport=DESK)
    office.goto("/admin/knowledge/answer/?thumb__exact=up")
    look_at(office, "asked-list")
    office.get_by_role("link", name="When do spring tides come?").click()
    expect(office.get_by_role("heading", name="When do spring tides come?")).to_be_visible()
    expect(office.get_by_role("link", name="0:28 Tides", exact=True)).to_be_visible()
    look_at(office, "asked-answer")
    assert serious_faults(office) == []
    assert complaints == []
