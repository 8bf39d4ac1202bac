"""The page on which a transcript is corrected: nothing that is typed is lost."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from core.tenancy import organization_scope
from media_library.captions import TimedText
from media_library.models import Media, Publication, Source
from media_library.services.corrections import Corrections
from media_library.services.transcripts import correct_transcript, publish_transcript
from tests.browser.conftest import serious_faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

CUES = [TimedText(0, 2, "Good evening", "Ada"), TimedText(2, 4, "The moon turns the tide"), TimedText(4, 6, "Twice")]
A_MOMENT = 600  # milliseconds in which the browser keeps what was typed


@pytest.fixture
def talk(organization: Any, alice: Any) -> Media:
    with organization_scope(organization):
        media = Media.objects.create(
            source=Source.UPLOAD, source_path="s", title="Tides", creator=alice, publication=Publication.PUBLISHED
        )
        publish_transcript(media, CUES, language="en", method="sidecar")
    return media


@pytest.fixture
def editor(new_person: Any, alice: Any, talk: Media) -> Page:
    page: Page = new_person(alice.email)
    page.goto(f"/admin/media_library/media/{talk.pk}/transcript/")
    expect(words(page)).to_have_count(3)
    return page


def words(page: Page) -> Any:
    return page.locator("[data-lines] [data-text]")


def shown(page: Page) -> list[str]:
    """The lines on the page."""
    return [words(page).nth(n).input_value() for n in range(words(page).count())]


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def kept(organization: Any) -> list[str]:
    with organization_scope(organization):
        return [cue.text for cue in Media.objects.get().transcript.cues.all()]


def test_what_is_typed_while_it_saves_stays(editor, organization, complaints):
    held: list[Route] = []
    editor.route(
        "**/transcript/", lambda route: held.append(route) if route.request.method == "PATCH" else route.continue_()
    )
    words(editor).nth(0).fill("Good morning ")
    save(editor)
    words(editor).nth(0).press("End")
    words(editor).nth(0).press_sequentially("all")
    words(editor).nth(1).fill("The moon pulls the tide")
    words(editor).nth(2).press("Control+Shift+Backspace")

    with editor.expect_response("**/transcript/"):
        held.pop().continue_()
    editor.wait_for_timeout(A_MOMENT)

    expect(editor.locator("[data-state]")).to_contain_text("3 unsaved changes.")
    assert (shown(editor), kept(organization)[0]) == (["Good morning all", "The moon pulls the tide"], "Good morning")
    editor.on("dialog", lambda dialog: dialog.accept())
    editor.reload()
    expect(words(editor).nth(0)).to_have_value("Good morning all")
    editor.unroute_all()
    save(editor)
    expect(editor.locator("[data-state]")).to_have_text("Saved.")
    assert kept(organization) == ["Good morning all", "The moon pulls the tide"]
    assert complaints == []


def test_one_goes_on_writing_where_one_was_when_it_is_saved(editor):
    words(editor).nth(1).fill("The moon ")

    editor.keyboard.press("Control+s")
    expect(editor.locator("[data-state]")).to_have_text("Saved.")
    editor.keyboard.type("sleeps")

    assert shown(editor)[1] == "The moon sleeps"


def test_lines_without_a_place_stay_until_they_are_put_away(editor, organization, talk):
    notice = editor.locator("[data-unplaced]")
    words(editor).nth(1).fill("My own tide")
    editor.wait_for_timeout(A_MOMENT)
    with organization_scope(organization):
        talk.refresh_from_db()
        changes = Corrections(changed={1: TimedText(2, 4, "Somebody else's tide")})
        correct_transcript(talk, changes, base=talk.transcript_id, by=None)
    editor.on("dialog", lambda dialog: dialog.accept())

    for _ in range(2):
        editor.reload()
        expect(notice.get_by_role("listitem")).to_have_text(["My own tide"])
        editor.wait_for_timeout(A_MOMENT)

    words(editor).nth(0).fill("Good night")
    save(editor)
    expect(editor.locator("[data-state]")).to_have_text("Saved.")
    expect(notice).to_be_visible()
    assert serious_faults(editor) == []
    editor.get_by_role("button", name="Put these away").click()
    editor.reload()
    expect(words(editor)).to_have_count(3)
    expect(notice).to_be_hidden()


def test_a_step_back_leaves_the_other_lines_as_they_are(editor):
    words(editor).nth(0).press("Control+Shift+Backspace")
    expect(words(editor)).to_have_count(2)

    editor.get_by_role("button", name="Undo").click()

    assert shown(editor) == [cue.text for cue in CUES]
    expect(editor.locator("[data-state]")).to_have_text("")


def test_speakers_are_named_by_hand_where_nobody_told_them_apart(editor, organization, complaints):
    """From line to line, and all of one at once; the words that feeds give away say it."""
    speakers = editor.locator("[data-lines] [data-speaker]")
    speakers.nth(1).fill("Bo")
    editor.get_by_role("button", name="Speaks on").click()
    carried = [speakers.nth(n).input_value() for n in range(3)]
    speakers.nth(2).fill("")
    editor.get_by_text("Rename a speaker everywhere").click()
    editor.locator("[data-speaker-from]").select_option("Lines without a speaker")
    editor.get_by_label("New name").fill("Cy")
    faults = serious_faults(editor)
    editor.get_by_role("button", name="Rename", exact=True).click()
    save(editor)
    expect(editor.locator("[data-state]")).to_have_text("Saved.")

    with organization_scope(organization):
        told = [cue.speaker for cue in Media.objects.get().transcript.cues.order_by("position")]
    assert (carried, told, faults, complaints) == (["Ada", "Bo", "Bo"], ["Ada", "Bo", "Cy"], [], [])
