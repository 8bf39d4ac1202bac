"""Uploading in a real browser: many files, lines that break, pages that are left, other devices."""

import hashlib
import re
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import CDPSession, Locator, Page, expect

from core.tenancy import organization_scope
from media_library.api.tus import SLOTS
from media_library.models import Media, Upload
from media_library.services.site import change_site_configuration
from tests.browser.conftest import serious_faults
from tests.processes import wait_until
from tests.trials.films import make_film, padded, variant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

ADDRESS = "/admin/media_library/media/add/"
MEGABYTE = 1000**2
SLOWLY = 3 * MEGABYTE  # bytes a second
CUES = "1\n00:00:00,000 --> 00:00:01,000\nThe harbor wakes\n"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return make_film(tmp_path / "harbor.mp4", seconds=1, size="160x90")


@pytest.fixture
def long_film(film: Path) -> Path:
    """Large enough to be interrupted."""
    return padded(film, 20 * MEGABYTE, name="long.mp4")


@pytest.fixture
def page(new_person, alice) -> Page:
    return opened(new_person(alice.email))


def opened(page: Page) -> Page:
    page.goto(ADDRESS)
    return page


def choose(page: Page, *files: Path) -> None:
    page.set_input_files("[data-upload-files]", files)


def start(page: Page) -> None:
    page.get_by_role("button", name="Start uploading").click()


def row(page: Page, name: str) -> Locator:
    return page.locator(".upload").filter(has=page.locator("[data-file]", has_text=name))


def expect_state(page: Page, name: str, state: str) -> None:
    expect(row(page, name)).to_have_attribute("data-upload-state", state, timeout=30_000)


@cache
def line_of(page: Page) -> CDPSession:
    """One, because what one of them slows down the next cannot hurry."""
    return page.context.new_cdp_session(page)


def slow_down(page: Page, bytes_a_second: int) -> None:
    """0 for as fast as it goes."""
    wish = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_a_second or -1}
    line_of(page).send("Network.emulateNetworkConditions", wish)


def wait_for_percent(page: Page, name: str, percent: int) -> None:
    words = re.compile(rf"^({'|'.join(str(number) for number in range(percent, 100))}) %")
    expect(row(page, name).locator("[data-pace]")).to_have_text(words, timeout=30_000)


def half_sent(page: Page, film: Path) -> None:
    slow_down(page, SLOWLY)
    choose(page, film)
    start(page)
    wait_for_percent(page, film.name, 20)


def only_upload(organization) -> Upload:
    with organization_scope(organization):
        return Upload.objects.get()


def arrived_whole(organization, film: Path) -> bool:
    with organization_scope(organization):
        hashes = set(Media.objects.values_list("content_hash", flat=True))
    return hashes == {hashlib.sha256(film.read_bytes()).hexdigest()}


def test_many_files_go_up_five_at_a_time(page, organization, film, work_off, complaints):
    films = [variant(film, number) for number in range(7)]
    captions = film.with_name("harbor-3.srt")
    captions.write_text(CUES)
    slow_down(page, 5_000)

    choose(page, *films, captions)
    expect(page.locator(".upload")).to_have_count(7)
    row(page, "harbor-0.mp4").get_by_label("Title of harbor-0.mp4").fill("A day at the harbor")
    start(page)
    expect(page.locator("[data-upload-state=sending]")).to_have_count(5)
    waiting = page.locator("[data-upload-state=queued]").count()
    faults = serious_faults(page)
    slow_down(page, 0)
    expect(page.locator("[data-upload-state=checking]")).to_have_count(7, timeout=30_000)
    work_off()
    expect(page.locator("[data-upload-state=accepted]")).to_have_count(7, timeout=30_000)

    with organization_scope(organization):
        titles = set(Media.objects.values_list("title", flat=True))
        words = Media.objects.get(title="harbor-3").transcript.words
        named = Media.objects.get(title="A day at the harbor")
    assert (waiting, faults, words, len(titles)) == (2, [], 3, 7)
    link = row(page, "harbor-0.mp4").get_by_role("link")
    assert link.get_attribute("href") == f"/admin/media_library/media/{named.pk}/change/"
    expect(page.locator("[data-all-words]")).to_contain_text("7 of 7 files")
    assert complaints == []


def test_pausing_stops_the_bytes_and_resuming_goes_on(page, organization, long_film, work_off):
    half_sent(page, long_film)

    page.get_by_role("button", name="Pause: long.mp4").click()
    expect_state(page, "long.mp4", "paused")
    page.wait_for_timeout(1000)
    kept = only_upload(organization).received_bytes
    page.wait_for_timeout(1000)
    later = only_upload(organization).received_bytes
    slow_down(page, 0)
    page.get_by_role("button", name="Resume: long.mp4").click()
    expect_state(page, "long.mp4", "checking")
    work_off()
    expect_state(page, "long.mp4", "accepted")

    assert (later, 0 < kept < long_film.stat().st_size) == (kept, True)
    assert arrived_whole(organization, long_film)


def test_reloaded_page_goes_on_where_the_server_is(page, organization, long_film, work_off):
    half_sent(page, long_film)
    warnings = []
    page.on("dialog", lambda dialog: (warnings.append(dialog.type), dialog.accept()))

    page.reload()

    unfinished = page.locator("[data-upload-unfinished]")
    expect(unfinished).to_contain_text("1 unfinished: choose the file again to go on")
    expect(unfinished).to_contain_text("long.mp4")
    faults = serious_faults(page)
    offsets = []
    page.on("request", lambda request: offsets.append(request.headers.get("upload-offset")))
    choose(page, long_film)
    expect_state(page, "long.mp4", "checking")
    expect(unfinished).to_be_hidden()
    work_off()
    expect_state(page, "long.mp4", "accepted")
    first = next(int(offset) for offset in offsets if offset)
    assert (warnings, faults, first > 0) == (["beforeunload"], [], True)
    assert arrived_whole(organization, long_film)


def test_another_device_of_the_same_person_goes_on(page, new_person, alice, organization, long_film, work_off):
    half_sent(page, long_film)
    page.context.close()
    copy = long_film.rename(long_film.with_name("copied.mp4"))

    other = opened(new_person(alice.email))
    expect(other.locator("[data-upload-unfinished]")).to_contain_text("long.mp4")
    choose(other, copy)
    expect_state(other, "copied.mp4", "checking")
    work_off()
    expect_state(other, "copied.mp4", "accepted")

    assert arrived_whole(organization, copy)  # and with it: there is one upload


def test_other_content_of_the_same_name_is_a_new_upload(page, film, long_film, organization):
    half_sent(page, long_film)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("[data-upload-unfinished]")).to_contain_text("long.mp4")
    other = padded(variant(film, 1), long_film.stat().st_size, name="long.mp4")

    choose(page, other)

    expect_state(page, "long.mp4", "ready")
    expect(page.locator("[data-upload-unfinished]")).to_contain_text("1 unfinished")


def test_lost_line_is_waited_for(page, organization, long_film, work_off):
    half_sent(page, long_film)

    page.context.set_offline(True)
    expect_state(page, "long.mp4", "waiting")
    expect(row(page, "long.mp4").locator("[data-state]")).to_have_text("Waiting for the connection")
    expect(page.locator("[data-upload-said]")).to_contain_text("long.mp4: Waiting for the connection")
    page.context.set_offline(False)
    slow_down(page, 0)
    expect_state(page, "long.mp4", "checking")
    work_off()
    expect_state(page, "long.mp4", "accepted")

    assert arrived_whole(organization, long_film)


def test_busy_server_is_waited_for(page, organization, long_film, work_off):
    choose(page, long_film)
    with ExitStack() as slots:
        for _ in range(settings.UPLOADS_AT_ONCE):
            slots.enter_context(SLOTS)
        start(page)
        expect_state(page, "long.mp4", "waiting")
        expect(row(page, "long.mp4").locator("[data-error]")).to_be_hidden()
    expect_state(page, "long.mp4", "checking")
    work_off()

    assert arrived_whole(organization, long_film)


def test_content_that_is_there_leads_to_it(page, organization, film, work_off):
    choose(page, film)
    start(page)
    expect_state(page, "harbor.mp4", "checking")
    work_off()
    expect_state(page, "harbor.mp4", "accepted")
    copy = film.with_name("copy.mp4")
    copy.write_bytes(film.read_bytes())

    choose(page, copy)
    start(page)
    expect_state(page, "copy.mp4", "checking")
    work_off()
    expect_state(page, "copy.mp4", "duplicate")

    with organization_scope(organization):
        there = Media.objects.get()
    assert (there.title, there.original_filename) == ("harbor", "harbor.mp4")
    expect(row(page, "copy.mp4")).to_contain_text("Already in the library")
    link = row(page, "copy.mp4").get_by_role("link", name="Open the one that is there")
    assert link.get_attribute("href") == f"/admin/media_library/media/{there.pk}/change/"


def test_content_that_is_no_film_is_refused_with_words(page, organization, tmp_path, work_off):
    text = tmp_path / "letter.mp4"
    text.write_text("Dear harbor, " * 200)

    choose(page, text)
    start(page)
    expect_state(page, "letter.mp4", "checking")
    work_off()
    expect_state(page, "letter.mp4", "refused")

    refused = only_upload(organization)
    expect(row(page, "letter.mp4").locator("[data-words]")).to_have_text(refused.error_message)
    expect(row(page, "letter.mp4").locator("code")).to_have_text(refused.error_code)
    assert refused.error_message != ""


def test_chosen_files_without_a_row_of_their_own_are_told_of(page, film, tmp_path):
    lonely = tmp_path / "lonely.srt"
    lonely.write_text(CUES)
    again = tmp_path / "again.mp4"
    again.write_bytes(film.read_bytes())
    told = page.locator("[data-upload-notices]")

    choose(page, film, again, lonely)
    expect(told).to_have_text(
        "again.mp4 is in the list already. The captions lonely.srt wait for a film of the same name."
    )
    expect(page.locator(".upload")).to_have_count(1)

    choose(page, padded(film, 5_000_000, name="lonely.mp4"))
    expect(told).to_be_hidden()


def test_what_is_too_much_is_refused_before_a_byte_is_sent(page, alice, organization, film):
    change_site_configuration(by=alice, largest_file=30 * MEGABYTE, weekly_allowance=50 * MEGABYTE)
    page.reload()
    files = [padded(variant(film, n), size * MEGABYTE, name=f"{n}.mp4") for n, size in enumerate((31, 30, 21))]
    empty = film.with_name("empty.mp4")
    empty.touch()
    picture = film.with_name("picture.png")
    picture.write_bytes(b"\x89PNG\r\n")

    choose(page, *files, empty, picture)

    expect(page.locator(".upload")).to_have_count(5)
    codes = [code.text_content() for code in page.locator(".upload code").all()]
    assert codes == ["file_too_large", "", "allowance_used_up", "empty_file", "not_media"]
    words = [words.text_content() for words in page.locator(".upload [data-words]").all()]
    assert words[0] == "The file is larger than 30.0 MB, the most that one file may have here."
    assert words[2].startswith("This file has 21.0 MB, and 20.0 MB of this week's 50.0 MB are left.")
    with organization_scope(organization):
        assert Upload.objects.count() == 0


def test_allowance_is_shown_and_follows(page, organization, film, work_off):
    allowance = page.locator("[data-upload-allowance]")
    expect(allowance).to_contain_text("0 B of 4.3 GB used this week.")
    expect(allowance).to_contain_text("(Europe/Berlin)")

    choose(page, padded(film, 5 * MEGABYTE))
    start(page)

    expect(allowance).to_contain_text("5.0 MB of 4.3 GB used this week.")


def test_cancelling_gives_the_size_back(page, organization, long_film):
    half_sent(page, long_film)
    page.on("dialog", lambda dialog: dialog.accept())

    page.get_by_role("button", name="Cancel: long.mp4").click()

    expect_state(page, "long.mp4", "cancelled")
    expect(page.locator("[data-upload-allowance]")).to_contain_text("0 B of 4.3 GB used this week.")
    wait_until(lambda: only_upload(organization).state == "cancelled", seconds=20, what="the server was told")


def test_keys_alone_are_enough(page, organization, film):
    page.wait_for_load_state("networkidle")  # scripts of the back office move the focus once they are there
    with page.expect_file_chooser() as chooser:
        page.locator("[data-upload-files]").press("Enter")
    chooser.value.set_files(film)
    expect(page.get_by_role("button", name="Start uploading")).to_be_visible()

    page.keyboard.press("Tab")
    pressed = page.evaluate("document.activeElement.textContent.trim()")
    page.keyboard.press("Enter")

    expect_state(page, "harbor.mp4", "checking")
    assert pressed == "Start uploading"


def test_dropped_files_are_taken(page, film):
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["x".repeat(5000)], "dropped.mp4", { type: "video/mp4" }));
            const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
            document.querySelector("[data-upload-drop]").dispatchEvent(drop);
        }"""
    )

    expect_state(page, "dropped.mp4", "ready")


def test_page_without_script_says_what_it_needs(alice, new_person, browser, live_server):
    person = new_person(alice.email)
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=person.context.storage_state()
    )

    page = opened(context.new_page())

    expect(page.locator("#content-main")).to_contain_text("Uploading needs JavaScript")
    documented = page.locator("#content-main").get_by_role("link", name="see the uploads in the API")
    expect(documented).to_have_attribute("href", "/api/docs/")
    expect(page.locator("[data-upload-page]")).to_be_hidden()
    context.close()


def test_one_file_takes_the_place_of_that_of_media(page, organization, film, work_off, complaints):
    choose(page, film)
    start(page)
    expect_state(page, "harbor.mp4", "checking")
    work_off()
    with organization_scope(organization):
        media = Media.objects.get()
    page.goto(f"/admin/media_library/media/{media.pk}/change/")
    page.get_by_role("link", name="Replace the file…").click()
    newer, left_out = make_film(film.with_name("newer.mp4"), seconds=2, size="160x90"), variant(film, 1)

    choose(page, newer, left_out)
    expect(page.locator("[data-upload-notices]")).to_contain_text("harbor-1.mp4 was left out")
    faults = serious_faults(page)
    start(page)
    expect_state(page, "newer.mp4", "checking")
    work_off()
    expect_state(page, "newer.mp4", "accepted")

    row(page, "newer.mp4").get_by_role("link").click()
    expect(page.get_by_text("It lasted 0:01 and lasts 0:02.")).to_be_visible()
    faults += serious_faults(page)
    assert (faults, complaints) == ([], [])
    with organization_scope(organization):
        assert [one.title for one in Media.objects.all()] == ["harbor"]
