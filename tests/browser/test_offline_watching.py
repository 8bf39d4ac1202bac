"""Watching goes on without a line: what was played is kept in the browser, and told when there is one again."""

from typing import Any

import pytest
from playwright.sync_api import Page

from core.tenancy import organization_scope
from media_library.models import Media, WatchRecord, WatchSession
from tests.browser.conftest import log_in
from tests.browser.test_journey import wait_for_playhead
from tests.browser.test_player import film, toggle, wait_until  # noqa: F401  (a fixture among them)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('lectern:watch:')).length"


@pytest.fixture
def player(bob: Any, film: Media, new_person: Any) -> Page:  # noqa: F811
    """Two seconds were played and told, the rest is loaded; then the line is cut and some more is played."""
    page: Page = new_person(bob.email)
    page.goto(f"/harbor/media/{film.pk}/")
    wait_until(page, "document.querySelector('video')?.readyState >= 2")
    toggle(page)
    wait_for_playhead(page, 2)
    with page.expect_response("**/progress/"):
        toggle(page)
    wait_until(page, "document.querySelector('video').buffered.end(0) > 20")
    page.context.set_offline(True)
    toggle(page)
    wait_for_playhead(page, 7)
    toggle(page)
    wait_until(page, f"{KEPT} === 1")
    return page


def seen(organization: Any) -> list[tuple[int, int]]:
    with organization_scope(organization):
        return list(WatchRecord.objects.get().seconds)


def wait_until_seen(page: Page, organization: Any, second: int) -> None:
    for _ in range(100):
        if seen(organization)[-1][1] >= second:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"only {seen(organization)} arrived")


def test_what_was_played_without_a_line_is_told_when_it_is_back(player, organization):
    before = seen(organization)

    player.context.set_offline(False)
    wait_until_seen(player, organization, 6)

    assert before[-1][1] < 6
    assert len(seen(organization)) == 1  # without a gap
    wait_until(player, f"{KEPT} === 0")


def test_it_is_told_after_the_page_was_closed_and_opened_again(player, film, organization):  # noqa: F811
    context = player.context
    player.close()
    context.set_offline(False)
    page = context.new_page()

    page.goto(f"/harbor/media/{film.pk}/")
    wait_until_seen(page, organization, 6)

    wait_until(page, f"{KEPT} === 0")
    with organization_scope(organization):
        visits = WatchSession.objects.count()
    assert (visits, len(seen(organization))) == (1, 1)


def test_another_person_tells_it_for_them_and_learns_nothing(player, film, alice, bob, organization):  # noqa: F811
    """Whoever uses the browser next has no part in the visit; it is told by its own key."""
    context = player.context
    player.close()
    context.set_offline(False)
    context.clear_cookies()
    page = context.new_page()
    log_in(page, alice.email)
    count = "window.told = 0; document.addEventListener('lectern:progress', () => window.told++);"
    page.add_init_script(count)

    page.goto(f"/harbor/media/{film.pk}/")
    wait_until(page, f"{KEPT} === 0")

    with organization_scope(organization):
        assert list(WatchRecord.objects.values_list("user", flat=True)) == [bob.pk]
    assert seen(organization)[-1][1] >= 6
    assert page.evaluate("window.told") == 0
