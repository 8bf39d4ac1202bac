"""A whole course without a mouse: found, entered, watched, read, answered, handed in, and its certificate opened."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from core.tenancy import organization_scope
from courses.models import Assignment, Attempt, Course, Quiz
from courses.services.assignments import write_assignment
from courses.services.attempts import start_attempt
from courses.services.authoring import add_chapter, add_item, create_course
from courses.services.enrolling import enroll
from courses.services.publishing import publish_course
from media_library.models import Media
from tests.browser.conftest import log_in
from tests.browser.test_journey import playhead, wait_for_playhead
from tests.browser.test_player import film as film
from tests.browser.test_player import wait_until
from tests.courses.asking import ask_of_each_kind
from tests.courses.conftest import make_quiz

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

MOST_TABS = 90  # on a page; more would be a trap
#: Around itself, or around the card whose whole face its link is.
OUTLINED = """() => [document.activeElement, document.activeElement.closest(".card, .choice")].some((one) =>
    one && getComputedStyle(one).outlineStyle !== "none" && parseFloat(getComputedStyle(one).outlineWidth) > 0)"""


@pytest.fixture
def course(organization: Any, alice: User, film: Media) -> Course:  # noqa: F811
    """The film may be skipped; the rest has to be done."""
    with organization_scope(organization):
        course = create_course(title="Tides and currents", by=alice, awards_certificate=True)
        chapter = add_chapter(course, title="All")
        essay = write_assignment(Assignment(title="Essay", points=10))
        add_item(chapter, by=alice, type="video", title="The film", media=film, is_required=False)
        add_item(chapter, by=alice, type="text", title="The words", text="Ebb and flow.")
        add_item(chapter, by=alice, type="quiz", title="The quiz", quiz=make_quiz())
        add_item(chapter, by=alice, type="assignment", title="The essay", assignment=essay)
        publish_course(course, by=alice)
    return course


def tab_to(page: Page, target: Locator) -> None:
    """As somebody without a mouse, who also sees where they are."""
    expect(target).to_be_visible()
    for _ in range(MOST_TABS):
        if target.evaluate("element => element === document.activeElement"):
            assert page.evaluate(OUTLINED), f"{target} has the focus, and nobody sees it"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {target}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    tab_to(page, target)
    page.keyboard.press(key)


def follow(page: Page, target: Locator) -> None:
    """To another page."""
    tab_to(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def link(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=re.compile(name))


def enter(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(link(page, "Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    follow(page, page.get_by_role("main").get_by_role("link", name="Tides and currents"))
    follow(page, page.get_by_role("button", name="Enroll and start"))


def watch(page: Page) -> None:
    wait_until(page, "document.querySelector('video')?.readyState >= 2")
    press(page, page.get_by_role("button", name="Play Video"), "Space")
    wait_for_playhead(page, 1)
    page.keyboard.press("ArrowRight")
    wait_for_playhead(page, 6)
    page.keyboard.press("k")
    assert (playhead(page) < 15, page.evaluate("document.querySelector('video').paused")) == (True, True)
    follow(page, link(page, "^Next: The words"))


def read(page: Page) -> None:
    follow(page, page.get_by_role("button", name="Mark as done"))
    expect(page.get_by_text("Completed", exact=True).first).to_be_visible()
    follow(page, link(page, "^Next: The quiz"))


def answer(page: Page) -> None:
    """An arrow chooses among answers; space takes the one that has the focus."""
    follow(page, page.get_by_role("button", name="Start"))
    for number in range(3):
        choices = page.locator("[data-question]").nth(number).get_by_role("radio")
        press(page, choices.first, "Space")
        page.keyboard.press("ArrowDown")
        expect(choices.nth(1)).to_be_checked()
        page.keyboard.press("ArrowUp")
    expect(page.locator(".quiz-status [data-saved]")).to_contain_text("Saved")
    follow(page, page.get_by_role("button", name="Submit answers"))
    expect(page.locator(".score__value")).to_have_text("100 %")
    follow(page, link(page, "^Next: The essay"))


def hand_in(page: Page) -> None:
    tab_to(page, page.get_by_label("Your text"))
    page.keyboard.type("The moon pulls.")
    follow(page, page.get_by_role("button", name="Hand in"))
    expect(page.get_by_text("This waits for its grade")).to_be_visible()


def test_course_is_finished_by_keyboard_alone(
    bob: User, course: Course, new_person: Any, complaints: list[str]
) -> None:
    page: Page = new_person(bob.email, viewport={"width": 1280, "height": 800})
    page.goto("/harbor/")

    enter(page)
    watch(page)
    read(page)
    answer(page)
    hand_in(page)
    follow(page, link(page, "^Your certificate"))

    expect(page.get_by_role("heading", name="Certificate", level=1)).to_be_visible()
    tab_to(page, link(page, "Download as PDF"))
    assert complaints == []


@pytest.mark.parametrize("has_script", [True, False])
def test_enter_in_an_answer_saves_it_and_hands_nothing_in(
    has_script: bool, bob: User, course: Course, organization: Any, new_person: Any
) -> None:
    with organization_scope(organization):
        quiz = ask_of_each_kind(Quiz.objects.get())
        start_attempt(quiz, enrollment=enroll(course, user=bob))
        address = f"/harbor/courses/{course.slug}/learn/{quiz.item.pk}/"
    page: Page = new_person(bob.email, java_script_enabled=has_script)
    page.goto(address)

    page.get_by_label("Your answer", exact=True).fill("moon")
    page.keyboard.press("Enter")

    expect(page.get_by_text(re.compile("^Saved [0-9:]+$")).first).to_be_visible()
    with organization_scope(organization):
        assert [one.submitted_at for one in Attempt.objects.all()] == [None]


def test_answers_wait_for_whoever_logs_in_again(bob: User, course: Course, organization: Any, new_person: Any) -> None:
    with organization_scope(organization):
        quiz = Quiz.objects.get()
        start_attempt(quiz, enrollment=enroll(course, user=bob))
        address = f"/harbor/courses/{course.slug}/learn/{quiz.item.pk}/"
    page: Page = new_person(bob.email)
    page.goto(address)
    page.context.clear_cookies()

    page.get_by_role("radio").first.check()
    expect(page.get_by_text("You are logged out.")).to_be_visible()
    other = page.context.new_page()
    log_in(other, bob.email)

    expect(page.locator(".quiz-status [data-saved]")).to_contain_text(re.compile("^Saved"), timeout=20_000)
    page.get_by_role("button", name="Submit answers").click()
    expect(page.get_by_text("Hand in with open questions?")).to_be_visible()
