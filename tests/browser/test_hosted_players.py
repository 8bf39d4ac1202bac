"""The players of hosts in a real browser: measured like uploads, and nothing of them comes unasked."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.tenancy import organization_scope
from media_library.captions import TimedText
from media_library.models import LengthReport, Media, Playlist, WatchRecord, WatchSession
from media_library.models.media import LengthSource
from media_library.services.playlists import add_media, save_playlist
from media_library.services.transcripts import publish_transcript
from tests.browser.conftest import serious_faults
from tests.browser.host_players import HostServer, host_server
from tests.browser.test_journey import wait_for_playhead
from tests.browser.test_player import film as film
from tests.media_library.hosted import hosted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

LENGTH = 120.0
CUES = [TimedText(0, 2, "Good evening", "Ada"), TimedText(30, 33, "The moon turns the tide", "Ada")]


@pytest.fixture
def host(settings: Any) -> Iterator[HostServer]:
    """Every address that may be set of a host leads here."""
    with host_server() as server:
        settings.SOURCES = {name: _led_to(server.origin, options) for name, options in settings.SOURCES.items()}
        yield server


def _led_to(origin: str, options: dict[str, Any]) -> dict[str, Any]:
    return {name: origin if "://" in str(value) else value for name, value in options.items()}


@pytest.fixture
def make(organization: Any, alice: Any) -> Any:
    def build(source: str, *, is_measured: bool = True, **given: Any) -> Media:
        known = {"duration": LENGTH, "duration_source": LengthSource.HOST} if is_measured else {}
        with organization_scope(organization):
            media = hosted(source, alice, **known, **given)
            if is_measured:
                publish_transcript(media, CUES, language="en", method="sidecar")
        return media

    return build


def open_page(new_person: Any, who: Any, media: Media, query: str = "") -> Page:
    page: Page = new_person(who.email)
    page.goto(f"/harbor/media/{media.pk}/{query}")
    return page


def play(page: Page) -> None:
    page.get_by_role("button", name="Play: Tides").click()


def orders(page: Page) -> list[Any]:
    return page.evaluate("() => window.orders ?? []")


def until(page: Page, ask: Any) -> Any:
    """What the question answers at last. Asked from outside: the page lets no script evaluate text."""
    for _ in range(150):
        if found := ask():
            return found
        page.wait_for_timeout(100)
    raise AssertionError("never")


def seen(organization: Any) -> list[tuple[int, int]]:
    """The seconds that the server counted, as half-open ranges."""
    with organization_scope(organization):
        record = WatchRecord.objects.first()
        return [tuple(one) for one in record.seconds] if record else []


@pytest.mark.parametrize("source", ["youtube", "vimeo", "wistia"])
def test_what_a_host_plays_is_measured(source, make, host, bob, organization, new_person, complaints):
    page = open_page(new_person, bob, make(source))
    expect(page.locator(".cue")).to_have_count(2)
    assert (host.asked, page.locator("iframe, wistia-player").count()) == ([], 0)

    play(page)
    assert until(page, lambda: seen(organization)) == [(0, 4)]  # it was stopped inside the host's player

    page.get_by_text("The moon turns the tide").click()
    until(page, lambda: 30 in orders(page))
    expect(page.locator(".cue.is-current")).to_contain_text("The moon")
    page.wait_for_timeout(1_300)
    page.evaluate("() => { window.inside.seek(119.2); }")
    until(page, lambda: seen(organization)[-1][1] >= 31)

    first, *others = seen(organization)
    assert first == (0, 4)
    assert [low for low, _high in others][:1] == [30]
    with organization_scope(organization):
        record = WatchRecord.objects.get()
        assert (record.percent < 8, record.completed_at) == (True, None)
    assert complaints == []
    assert {referrer for path, referrer in host.asked if "NO" not in path} == {f"{page.url.split('/harbor')[0]}/"}


def test_what_is_jumped_over_while_the_player_waits_is_not_played(make, host, bob, organization, new_person):
    page = open_page(new_person, bob, make("youtube"))
    play(page)
    until(page, lambda: "play" in orders(page))
    page.wait_for_timeout(900)

    page.evaluate("() => { window.inside.waitAt(1); }")
    page.wait_for_timeout(1_000)
    page.evaluate("() => { window.inside.goOnAt(3); }")

    assert until(page, lambda: seen(organization)) == [(0, 1), (3, 4)]


def test_player_tells_the_length_that_nobody_knew(make, host, bob, organization, new_person):
    page = open_page(new_person, bob, make("youtube", is_measured=False))
    expect(page.get_by_text("Progress is by hand")).to_be_visible()

    play(page)

    assert until(page, lambda: _lengths(organization)) == [(bob.pk, LENGTH)]


def _lengths(organization: Any) -> list[Any]:
    with organization_scope(organization):
        return list(LengthReport.objects.values_list("user", "seconds"))


def test_link_to_a_second_starts_there_at_once(make, host, bob, new_person):
    page = open_page(new_person, bob, make("youtube"), "?t=31")

    until(page, lambda: "play" in orders(page))

    assert page.locator("iframe").get_attribute("src").count("start=31&") == 1
    expect(page.locator(".cue.is-current")).to_contain_text("The moon")


def test_player_that_tells_nothing_is_steered_by_loading_it_again(
    make, host, bob, organization, new_person, complaints
):
    page = open_page(new_person, bob, make("loom"))
    play(page)
    frame = page.locator("iframe")
    expect(frame).to_have_attribute("title", "Tides")
    assert "&t=0" in frame.get_attribute("src")

    page.get_by_text("The moon turns the tide").click()

    until(page, lambda: "&t=30" in frame.get_attribute("src"))
    until(page, lambda: _visits(organization))
    assert (_visits(organization), seen(organization), complaints) == (1, [], [])


def _visits(organization: Any) -> int:
    with organization_scope(organization):
        return WatchSession.objects.count()


def test_keyboard_plays_and_skips(make, host, bob, new_person):
    page = open_page(new_person, bob, make("youtube"))
    assert serious_faults(page) == []

    page.get_by_role("button", name="Play: Tides").focus()
    page.keyboard.press("Enter")
    until(page, lambda: "play" in orders(page))
    expect(page.locator("[data-player]")).to_be_focused()
    page.keyboard.press("l")
    page.keyboard.press("k")
    until(page, lambda: "pause" in orders(page))

    assert [10 <= one < 12 for one in orders(page) if isinstance(one, float | int)] == [True]
    assert serious_faults(page) == []


def test_stream_that_is_asked_for_comes_when_it_is_wanted(make, host, film, bob, new_person, complaints):  # noqa: F811
    page = open_page(new_person, bob, make("mux", whop_lesson_id="lesn_1"))
    links = page.request.get(f"/api/v1/harbor/media/{film.pk}/links/").json()
    answers = [(202, {"state": "waiting"}), (200, {"hls_url": links["hls_url"], "seconds": 60})]
    asked: list[str] = []

    def answer(route: Any) -> None:
        status, body = answers[min(len(asked), 1)]
        asked.append(route.request.method)
        route.fulfill(status=status, json=body)

    page.route("**/playback/", answer)
    expect(page.locator(".vjs-big-play-button")).to_be_visible()
    before = list(asked)

    page.locator(".vjs-big-play-button").click()
    wait_for_playhead(page, 1)

    assert (before, asked, complaints) == ([], ["POST", "GET"], [])


def test_host_that_gives_no_address_says_why(make, host, bob, new_person):
    page = open_page(new_person, bob, make("mux", whop_lesson_id="lesn_1"))
    refusal = {"error": {"code": "private", "message": "This video is private there.", "fields": {}}}
    page.route("**/playback/", lambda route: route.fulfill(status=502, json=refusal))

    page.locator(".vjs-big-play-button").click()

    expect(page.locator(".vjs-error-display")).to_contain_text("This video is private there.")


def test_reason_why_it_does_not_play_is_told(make, host, bob, new_person):
    page = open_page(new_person, bob, make("youtube", youtube_video_id="NOREFERRER1", source_url=""))

    play(page)

    expect(page.get_by_role("alert")).to_have_text(
        "YouTube was not told which site asks. Your browser or an extension may hide that."
    )
    expect(page.get_by_role("link", name="Watch it on YouTube")).to_be_visible()


def test_player_that_does_not_load_can_be_tried_again(make, host, bob, new_person):
    page = open_page(new_person, bob, make("vimeo"))
    page.route("**/api/player.js", lambda route: route.abort(), times=1)

    play(page)
    expect(page.get_by_role("alert")).to_contain_text("did not load")
    play(page)

    until(page, lambda: "play" in orders(page))
    expect(page.get_by_role("alert")).to_be_hidden()


@pytest.mark.parametrize("source", ["youtube", "vimeo", "wistia"])
def test_playlist_goes_on_from_a_hosts_player(source, make, film, host, bob, organization, new_person, complaints):  # noqa: F811
    with organization_scope(organization):
        evening = save_playlist(Playlist(title="Evening", owner=bob), by=bob)
        add_media(evening, [make(source).pk, film.pk], by=bob)
    page = open_page(new_person, bob, film)
    assert host.asked == []

    page.goto(f"/harbor/playlists/{evening.pk}/play/")
    until(page, lambda: page.evaluate("() => Boolean(window.inside?.seek)"))
    page.wait_for_timeout(500)
    page.evaluate("() => { window.inside.seek(119.2); }")
    expect(page.locator("[data-up-next]")).to_contain_text("Tides")
    page.get_by_role("link", name="Play now").click()

    page.wait_for_url(f"**/media/{film.pk}/?list={evening.pk}&play=1")
    assert complaints == []
