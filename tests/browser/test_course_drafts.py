"""A course is made of media in the back office: chosen, watched, compared; on a desk and on a phone, light and dark."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from accounts.models import Organization, User
from config.demo.course_drafts import offer_course_draft
from core.tenancy import organization_scope
from courses.models import ItemType
from courses.services.authoring import add_chapter, add_item, create_course
from knowledge.models import CourseDraft
from tests.browser.conftest import keep_picture, serious_faults
from tests.browser.test_every_page import ARRIVED, TOO_WIDE
from tests.knowledge.course_drafts import add_films

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS = [(DESK, False), (PHONE, True), (DESK, True), (PHONE, False)]


@pytest.fixture
def films(organization: Organization, alice: User, work_off: Callable[[], int]) -> None:
    with organization_scope(organization):
        course = create_course(title="What the sea does", by=alice)
        chapter = add_chapter(course, title="Waters", by=alice)
        media = add_films(7)
        for film in media[:2]:
            add_item(chapter, by=alice, type=ItemType.VIDEO, title=film.title, media=film)
    work_off()


def faults_of(page: Page, name: str) -> list[object]:
    found: list[object] = []
    for size, is_dark in LOOKS:
        page.set_viewport_size(size)
        page.evaluate(ARRIVED, is_dark)
        keep_picture(page, f"{name}-{size['width']}-{'dark' if is_dark else 'light'}", full_page=True)
        found += [*serious_faults(page), *(["too wide"] if page.evaluate(TOO_WIDE) else [])]
    page.set_viewport_size(DESK)
    return found


def test_a_proposal_of_every_kind_can_be_read_and_accepted_by_keyboard(
    organization: Organization, alice: User, new_person: Callable[..., Page], complaints: list[str]
) -> None:
    with organization_scope(organization):
        offer_course_draft(add_films(3), by=alice)
        draft = CourseDraft.objects.get()
    page = new_person("alice@harbor.test", viewport=DESK)

    page.goto(f"/admin/knowledge/coursedraft/{draft.pk}/change/")
    faults = faults_of(page, "drafts-proposal")
    page.get_by_label("What one learns").press("Space")
    page.get_by_role("button", name="Accept what is ticked").press("Enter")
    page.get_by_role("link", name="Open the course").wait_for()

    with organization_scope(organization):
        course = CourseDraft.objects.get().course
        assert [one.title for one in course.chapters.all()] == ["Tides", "Waves: wind on water", "The deep sea"]
        assert (course.description[:11], course.objectives) == ("Three short", "")
    assert (faults, complaints) == ([], [])


def test_a_maker_drafts_a_course_and_accepts_a_proposal(
    films: None, organization: Organization, new_person: Callable[..., Page], work_off: Callable[[], int],
    complaints: list[str],
) -> None:  # fmt: skip
    page = new_person("alice@harbor.test", viewport=DESK)
    faults = {}

    page.goto("/admin/knowledge/coursedraft/add/")
    page.get_by_label("Film 7").check()
    page.get_by_label("Find in the library").fill("Film 6")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_label("Film 6").check()
    faults["choosing"] = faults_of(page, "drafts-choosing")
    page.get_by_label("For an existing course").select_option(label="What the sea does")
    page.get_by_role("button", name="Draft the course").click()
    page.get_by_text("This goes on by itself").wait_for()
    faults["under way"] = faults_of(page, "drafts-under-way")
    work_off()
    page.get_by_role("heading", name="What would change").wait_for()
    faults["compared"] = faults_of(page, "drafts-compared")
    page.get_by_label("Film 6").uncheck()
    page.get_by_role("button", name="Accept what is ticked").click()
    page.get_by_role("link", name="Open the course").wait_for()
    faults["ready"] = faults_of(page, "drafts-ready")

    with organization_scope(organization):
        course = CourseDraft.objects.get().course
        assert [one.title for one in course.chapters.all()] == ["Waters", "New videos"]
    assert (faults, complaints) == (dict.fromkeys(faults, []), [])
