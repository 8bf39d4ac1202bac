"""Drafts that wait for review: on a desk and on a phone, light and dark."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from accounts.models import Organization, User
from core.models import AiCall
from core.tenancy import organization_scope
from courses.services.authoring import add_chapter, add_item, create_course
from knowledge.models import Draft, DraftState
from media_library.demo.talks import TIDES
from tests.browser.conftest import keep_picture, serious_faults
from tests.browser.test_every_page import ARRIVED, TOO_WIDE
from tests.knowledge.conftest import add_media, cues_of
from tests.knowledge.test_draft_review import CHAPTERS, NOTES, QUIZ

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS = [(DESK, False), (PHONE, True), (DESK, True), (PHONE, False)]
FAILED = {
    "state": DraftState.FAILED, "error_message": "Nothing of what was written passed the checks.",
    "left_out": [{"what": "What else?", "why": "Two answers are the same."}],
}  # fmt: skip


@pytest.fixture
def pages(organization: Organization, alice: User) -> dict[str, str]:
    with organization_scope(organization):
        talk = add_media(TIDES.title, cues_of(TIDES))
        chapter = add_chapter(create_course(title="Seas", by=alice), title="Tides", by=alice)
        add_item(chapter, type="video", title=talk.title, media=talk, by=alice)
        made = {"media": talk, "transcript": talk.transcript, "made_by": alice, "model": "gpt-5.6-luna"}
        drafts = {
            kind: Draft.objects.create(kind=kind, content=content, state=DraftState.READY, **made)
            for kind, content in (("notes", NOTES), ("quiz", QUIZ), ("chapters", CHAPTERS))
        }
        for number in range(40):
            add_chapter(create_course(title=f"Course {number}", by=alice), title=f"Chapter {number}", by=alice)
        unplaced = add_media("Unplaced", cues_of(TIDES))
        drafts["unplaced"] = Draft.objects.create(media=unplaced, kind="notes", content=NOTES, state=DraftState.READY)
        AiCall.objects.create(
            provider="api.openai.com", model="gpt-5.6-luna", purpose="draft", unit="written", quantity=9000,
            price="0.000001", cost="0.009", state="paid", subject_id=drafts["quiz"].pk,
        )  # fmt: skip
        drafts["failed"] = Draft.objects.create(kind="quiz", **made, **FAILED)
    addresses = {name: f"/admin/knowledge/draft/{draft.pk}/change/" for name, draft in drafts.items()}
    others = {"list": "/admin/knowledge/draft/", "costs": "/admin/words/"}
    return addresses | others | {"media": f"/admin/media_library/media/{talk.pk}/change/"}


def test_drafts_can_be_read_on_every_screen(pages: dict[str, str], new_person: Callable[..., Page]) -> None:
    page = new_person("alice@harbor.test", viewport=DESK)
    faults = {}

    for name, address in pages.items():
        page.goto(address)
        for size, is_dark in LOOKS:
            page.set_viewport_size(size)
            page.evaluate(ARRIVED, is_dark)
            keep_picture(page, f"draft-{name}-{size['width']}-{'dark' if is_dark else 'light'}", full_page=True)
            faults[name, size["width"], is_dark] = (serious_faults(page), page.evaluate(TOO_WIDE))

    assert faults == dict.fromkeys(faults, ([], False))


def test_a_quiz_is_accepted_by_keyboard(
    pages: dict[str, str], new_person: Callable[..., Page], complaints: list[str]
) -> None:
    page = new_person("alice@harbor.test", viewport=DESK)
    page.goto(pages["quiz"])

    page.get_by_label("Leave this out").last.press("Space")
    page.get_by_role("button", name="Save and accept").press("Enter")

    page.get_by_text("Accepted: it stands in the course as a draft item.").wait_for()
    page.get_by_role("link", name="Open “Quiz: Why the Tide Comes In Twice”").press("Enter")
    page.wait_for_url("**/admin/courses/contentitem/*/change/")
    assert complaints == []
