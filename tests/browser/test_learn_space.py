"""The learn space by keyboard alone: finding words, notes at a second, what was missed; on a desk and on a phone."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.tenancy import organization_scope
from courses.models import ContentItem, Note
from courses.services.authoring import add_chapter, add_item, create_course
from courses.services.enrolling import enroll
from courses.services.publishing import publish_course
from media_library.captions import TimedText
from media_library.models import WatchRecord
from media_library.models.media import LengthSource
from media_library.services.transcripts import publish_transcript
from tests.browser.conftest import keep_picture, serious_faults
from tests.browser.test_hosted_players import host as host
from tests.browser.test_hosted_players import until
from tests.browser.test_journey import playhead, wait_for_playhead
from tests.browser.test_player import film as film
from tests.browser.test_player import wait_until
from tests.media_library.hosted import hosted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

SAID = [
    "Good evening.", "The moon turns the tide.", "It does so twice a day.", "The sun helps a little.",
    "Spring tides come with a new moon.", "And with a full one.", "Neap tides lie between.", "Good night.",
]  # fmt: skip
CUES = [TimedText(n * 7, n * 7 + 6.5, text, "Ada" if n % 3 else "Ben") for n, text in enumerate(SAID)]
MARKS = {"chapters": [{"at": 0, "title": "Ebb and flow"}, {"at": 28, "title": "Spring and neap"}]}
#: A key that is held down presses again and again.
HELD_B = """() => { for (const repeat of [false, true, true]) document.body.dispatchEvent(
    new KeyboardEvent("keydown", { key: "b", repeat, bubbles: true, cancelable: true })); }"""
NARROW, DESK = {"width": 320, "height": 640}, {"width": 1280, "height": 800}


@pytest.fixture
def lesson(organization: Any, alice: Any, bob: Any, film: Any) -> str:  # noqa: F811
    """Bob has seen a part of the film of a small course."""
    return course_of(film, organization, alice, bob)


def course_of(media: Any, organization: Any, alice: Any, bob: Any) -> str:
    with organization_scope(organization):
        publish_transcript(media, CUES, language="en", method="sidecar")
        course = create_course(title="Tides and currents", by=alice)
        chapter = add_chapter(course, title="Beginnings")
        words = {"description": "What the **moon** does to the water, and how often."}
        item = add_item(chapter, by=alice, type="video", title="Why the tide comes in twice", media=media, **words)
        ContentItem.objects.filter(pk=item.pk).update(metadata=MARKS)
        add_item(chapter, by=alice, type="text", title="Words to keep", text="Ebb, flow, **neap**. " * 40)
        publish_course(course, by=alice)
        enroll(course, user=bob)
        seen = [(0, 7), (14, 40)]
        WatchRecord.objects.create(media=media, user=bob, seconds=seen, watched_seconds=33, percent=55)
    return f"/harbor/courses/{course.slug}/learn/{item.pk}/"


def open_lesson(new_person: Any, who: Any, address: str, **options: Any) -> Page:
    page: Page = new_person(who.email, **{"viewport": DESK, **options})
    page.goto(address)
    expect(page.locator(".cue")).to_have_count(len(SAID))
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def shoot(page: Page, name: str) -> None:
    keep_picture(page, f"learn-{name}")


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def test_transcript_is_searched_by_keyboard(bob, lesson, new_person, complaints):
    page = open_lesson(new_person, bob, lesson)
    wait_until(page, "document.querySelector('video')?.readyState >= 2")
    count, shown = page.locator("[data-transcript-count]"), page.locator(".cue:visible")

    press(page, "/")
    expect(page.get_by_label("Find in transcript")).to_be_focused()
    page.keyboard.type("tide")
    expect(count).to_have_text("3")
    expect(shown).to_have_count(3)
    expect(page.locator(".cue mark")).to_have_count(3)
    press(page, "Enter")
    expect(count).to_have_text("1 of 3")
    wait_for_playhead(page, 7)
    assert playhead(page) < 10
    shoot(page, "find")
    press(page, "Shift+Enter")
    expect(count).to_have_text("3 of 3")
    wait_for_playhead(page, 42)
    assert serious_faults(page) == []

    page.get_by_label("Find in transcript").fill("heron")
    expect(page.get_by_text("No sentence with these words.")).to_be_visible()
    press(page, "Escape")
    expect(shown).to_have_count(len(SAID))
    press(page, "Escape")
    expect(page.get_by_label("Find in transcript")).not_to_be_focused()
    assert complaints == []


def test_notes_are_taken_at_the_second_by_keyboard(bob, lesson, organization, new_person, complaints):
    page = open_lesson(new_person, bob, f"{lesson}?t=21")
    wait_for_playhead(page, 21.5)
    press(page, "k")
    second = int(playhead(page))

    press(page, "n")
    page.keyboard.type("Sun and moon? n b / k")
    press(page, "Control+Enter")
    note = page.locator(".note")
    expect(note).to_have_count(1)
    expect(note.locator(".note__time")).to_have_text(f"0:{second}")
    press(page, "l", "b")
    expect(note).to_have_count(2)
    expect(page.get_by_text("Bookmarked.")).to_be_visible()
    shoot(page, "notes")
    assert serious_faults(page) == []

    note.first.locator("summary").press("Enter")
    note.first.get_by_label("Note", exact=True).fill("Sun and moon!")
    note.first.get_by_role("button", name="Save").press("Enter")
    expect(note.first.locator(".note__text")).to_have_text("Sun and moon!")
    note.first.locator(".note__time").press("Enter")
    wait_until(page, f"Math.abs(document.querySelector('video').currentTime - {second}) < 3")
    with organization_scope(organization):
        assert [(int(one.at) - second, one.text) for one in Note.objects.all()] == [(0, "Sun and moon!"), (10, "")]

    page.get_by_role("link", name="All your notes of this course").press("Enter")
    expect(page.get_by_role("heading", name="Why the tide comes in twice")).to_be_visible()
    assert serious_faults(page) == []
    shoot(page, "all-notes")
    page.locator(".note__time").first.press("Enter")
    page.wait_for_url("**/?t=*")
    wait_for_playhead(page, second)
    assert complaints == []


def test_what_is_being_written_is_kept_where_it_is(bob, lesson, organization, new_person):
    page = open_lesson(new_person, bob, f"{lesson}?t=21")
    wait_for_playhead(page, 21.5)
    press(page, "k", "n")
    time, note = page.get_by_label("Time of the note"), page.locator(".note")
    at = time.input_value()
    page.keyboard.type("Half a thought")
    press(page, "Escape", "l")

    page.evaluate(HELD_B)
    expect(note).to_have_count(1)
    assert time.input_value() == at
    note.locator("summary").press("Enter")
    edit = note.get_by_label("Note", exact=True)
    edit.fill("An edit")
    page.get_by_role("tab", name="Missed").click()
    page.get_by_role("tab", name="Notes").click()
    page.wait_for_load_state("networkidle")
    expect(edit).to_have_value("An edit")
    edit.evaluate("field => { field.maxLength = 20000; field.value = 'x'.repeat(10001); }")
    note.get_by_role("button", name="Save").press("Enter")
    expect(page.locator("[data-notes] [role=alert]")).to_be_focused()
    with organization_scope(organization):
        assert [one.text for one in Note.objects.all()] == [""]


def test_keys_of_a_single_sign_are_switched_off_on_this_device(bob, lesson, new_person):
    page = open_lesson(new_person, bob, lesson)
    press(page, "?")
    page.get_by_label("Keys of a single letter or sign").uncheck()
    press(page, "Escape")

    page.reload()
    expect(page.locator(".cue")).to_have_count(len(SAID))
    press(page, "?", "/", "n", "Shift+N")

    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("document.activeElement === document.body")
    expect(page.get_by_role("heading", name="Why the tide comes in twice")).to_be_visible()


def test_what_was_missed_opens_at_its_sentence(bob, lesson, new_person, complaints):
    page = open_lesson(new_person, bob, lesson)
    words = page.get_by_role("link", name="You missed 27 s in 2 stretches")

    words.press("Enter")
    stretch = page.locator("#missed .missed__stretch")
    expect(stretch.first).to_contain_text("The moon turns the tide.")
    shoot(page, "missed")
    assert serious_faults(page) == []
    stretch.nth(1).get_by_role("link").press("Enter")
    wait_for_playhead(page, 35)
    assert playhead(page) < 40

    page.goto(f"{lesson}missed/")
    assert serious_faults(page) == []
    page.locator(".missed__open").first.press("Enter")
    page.wait_for_url("**/?t=7")
    wait_for_playhead(page, 7)
    page.goto(f"{lesson}missed/")
    page.get_by_role("link", name="What you missed in this course").press("Enter")
    expect(page.locator(".missed__item")).to_have_count(1)
    assert serious_faults(page) == []
    shoot(page, "missed-course")
    assert complaints == []


def test_chapters_speed_and_the_next_lesson_by_keyboard(bob, lesson, new_person, complaints):
    page = open_lesson(new_person, bob, lesson)
    wait_until(page, "document.querySelector('.video-js .vjs-chapters-button:not(.vjs-hidden)')")
    video = "document.querySelector('video')"

    page.get_by_role("link", name="Spring and neap").press("Enter")
    wait_for_playhead(page, 28)
    expect(page.locator(".marks [aria-current]")).to_contain_text("Spring and neap")
    page.keyboard.press(">")
    assert page.evaluate(f"{video}.playbackRate") == 1.25
    press(page, "<", "<")
    assert page.evaluate(f"{video}.playbackRate") == 0.75
    page.locator(".vjs-chapters-button button").press("Enter")
    assert page.locator(".vjs-chapters-button .vjs-menu-item-text").all_inner_texts() == [
        "Ebb and flow", "Spring and neap",
    ]  # fmt: skip
    press(page, "Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Bookmark this second")
    assert serious_faults(page) == []
    shoot(page, "keys")
    press(page, "Escape")
    page.keyboard.press("Shift+N")
    expect(page.get_by_role("heading", name="Words to keep")).to_be_visible()

    press(page, "n")
    page.keyboard.type("To be read again")
    press(page, "Control+Enter")
    expect(page.locator(".note__text")).to_have_text("To be read again")
    assert serious_faults(page) == []
    shoot(page, "text")
    press(page, "Escape")
    page.keyboard.press("Shift+P")
    expect(page.get_by_role("heading", name="Why the tide comes in twice")).to_be_visible()
    assert complaints == []


@pytest.mark.parametrize(("look", "scheme"), [("phone", "light"), ("phone-dark", "dark")])
def test_phone_has_the_stage_on_top_and_the_rest_as_tabs(bob, lesson, new_person, look, scheme):
    page = open_lesson(new_person, bob, lesson, viewport=NARROW, color_scheme=scheme)
    assert not scrolls_sideways(page)

    for name in ("Transcript", "Notes", "Missed", "Outline"):
        page.get_by_role("tab", name=name).press("Enter")
        expect(page.locator("[role=tabpanel]:visible")).to_have_count(1)
        page.get_by_role("tab", name=name).scroll_into_view_if_needed()
        page.wait_for_load_state("networkidle")
        assert (scrolls_sideways(page), serious_faults(page)) == (False, [])
        shoot(page, f"{look}-{name.lower()}")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert page.locator(".stage").bounding_box()["y"] == 0
    for rest in ("missed/", "../../notes/", "../../missed/"):
        page.goto(lesson + rest)
        assert (scrolls_sideways(page), serious_faults(page)) == (False, [])
    page.goto(lesson)
    expect(page.get_by_role("tab", name="Outline")).to_have_attribute("aria-selected", "true")


def test_dark_desk(bob, lesson, new_person):
    page = open_lesson(new_person, bob, lesson, color_scheme="dark")
    page.get_by_role("tab", name="Missed").click()
    expect(page.locator("#missed .missed__stretch")).to_have_count(2)

    shoot(page, "dark")

    assert serious_faults(page) == []


def test_notes_and_missed_work_with_the_player_of_a_host(
    alice, bob, organization, host, new_person, complaints  # noqa: F811
):  # fmt: skip
    with organization_scope(organization):
        media = hosted("youtube", alice, duration=60.0, duration_source=LengthSource.HOST)
    page = open_lesson(new_person, bob, course_of(media, organization, alice, bob))

    page.get_by_role("link", name="Spring and neap").press("Enter")
    until(page, lambda: "play" in page.evaluate("() => window.orders ?? []"))
    expect(page.locator(".marks [aria-current]")).to_contain_text("Spring and neap")
    page.locator("[data-player]").focus()
    press(page, "k", "b")
    expect(page.locator(".note")).to_have_count(1)
    with organization_scope(organization):
        assert 27 <= Note.objects.get().at < 35
    assert complaints == []
