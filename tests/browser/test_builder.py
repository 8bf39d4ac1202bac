"""A course is made: by keyboard alone, and moved about by mouse."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from core.tenancy import organization_scope
from courses.models import Chapter, Course
from courses.services.authoring import add_chapter, add_item, create_course
from tests.browser.conftest import OF_LOOKS, keep_picture, log_in, serious_faults
from tests.courses.school import make_media

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
STEPPING_ASIDE = 300  # milliseconds; twice as long as rows are on their way
LOOKS = {"desktop": (1280, 900, "light"), "desktop_dark": (1280, 900, "dark"), "phone": (390, 844, "light"),
         "phone_dark": (390, 844, "dark")}  # fmt: skip


@pytest.fixture
def page(new_person: Any, alice: Any, organization: Any) -> Page:
    with organization_scope(organization):
        make_media("Moon over the harbor")
        make_media("Storm surge", ready=False)
    return new_person(alice.email, viewport={"width": 1280, "height": 900})


def press(page: Page, target: Locator, *keys: str) -> None:
    """As somebody without a mouse: go there, then press."""
    target.focus()
    for key in keys:
        page.keyboard.press(key)


def type_in(page: Page, target: Locator, words: str) -> None:
    target.focus()
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def row(page: Page, title: str) -> Locator:
    name = page.locator("[data-do=rename]", has_text=re.compile(f"^{re.escape(title)}$"))
    return page.locator("[data-outline] .b-row").filter(has=name)


def titles(page: Page) -> list[str]:
    return page.locator("[data-outline] [data-do=rename]").all_inner_texts()


def look_at(page: Page, name: str) -> None:
    for look, (width, height, scheme) in LOOKS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("scheme => document.documentElement.classList.toggle('dark', scheme === 'dark')", scheme)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} {look} is too wide"
        assert serious_faults(page, only=() if look == "desktop" else OF_LOOKS) == [], f"{name} {look}"
        keep_picture(page, f"builder_{name}_{look}", full_page=True)
    page.evaluate("document.documentElement.classList.remove('dark')")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_course_is_made_by_keyboard_and_moved_by_mouse(
    page: Page, organization: Any, alice: Any, complaints: list[str]
):
    page.goto("/admin/courses/course/add/")
    type_in(page, page.locator("input[name=title]"), "Harbor days")
    page.wait_for_url("**/change/#outline")

    type_in(page, page.get_by_label("New chapter"), "Night")
    expect(row(page, "Night").get_by_role("button", name="Add an item")).to_be_focused()
    page.keyboard.press("Enter")
    press(page, page.get_by_role("button", name="Videos from the library"), "Enter")
    dialog = page.get_by_role("dialog", name="Choose from the library")
    expect(dialog.get_by_role("checkbox")).to_have_count(2)
    expect(dialog.get_by_role("status")).to_have_text("2 found")
    press(page, dialog.get_by_role("checkbox", name="Storm surge"), "Space")
    press(page, dialog.get_by_role("checkbox", name="Moon over the harbor"), "Space")
    look_at(page, "picker")
    press(page, dialog.get_by_role("button", name="Add to the chapter"), "Enter")
    expect(page.locator("[data-said]")).to_have_text("Added 2 items.")
    expect(row(page, "Moon over the harbor").get_by_role("button", name="Moon over the harbor")).to_be_focused()
    assert titles(page) == ["Night", "Storm surge", "Moon over the harbor"]

    press(page, row(page, "Storm surge").get_by_role("button", name="Move down"), "Enter")
    expect(page.locator("[data-said]")).to_have_text("Moved “Storm surge” to place 2 of 2.")
    expect(row(page, "Storm surge").get_by_role("button", name="Move down")).to_be_focused()

    press(page, row(page, "Night").get_by_role("button", name="Night"), "Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type("From night to noon")
    page.keyboard.press("Enter")
    expect(row(page, "From night to noon").get_by_role("button", name="From night to noon")).to_be_focused()

    press(page, row(page, "Storm surge").get_by_role("button", name="More"), "Enter")
    menu = page.get_by_role("dialog", name="Storm surge")
    look_at(page, "menu")
    press(page, menu.get_by_label("Shown to learners"), "Space")
    press(page, menu.get_by_role("button", name="Save"), "Enter")
    expect(row(page, "Storm surge")).to_contain_text("Draft")
    expect(row(page, "Storm surge").get_by_role("button", name="More")).to_be_focused()

    with organization_scope(organization):
        course = Course.objects.get()
    be_quicker(organization, alice)
    type_in(page, page.get_by_label("New chapter"), "Later")
    expect(page.get_by_role("alert")).to_contain_text("Alice has changed this outline meanwhile.")
    expect(page.get_by_label("New chapter")).to_have_value("Later")
    look_at(page, "stale")
    page.get_by_role("alert").get_by_role("button").press("Enter")
    page.get_by_label("New chapter").press("Enter")
    expect(row(page, "Later")).to_be_visible()

    drag(page, row(page, "Meanwhile"), row(page, "Moon over the harbor"))
    expect(page.locator("[data-said]")).to_contain_text("Moved “Meanwhile” to place 1 of 3.")
    drag(page, row(page, "Later"), row(page, "From night to noon"))
    expect(page.locator("[data-said]")).to_contain_text("Moved “Later” to place 1 of 2.")
    look_at(page, "outline")

    press(page, row(page, "Later").get_by_role("button", name="More"), "Enter")
    press(page, page.get_by_role("button", name="Delete …"), "Enter")
    press(page, page.get_by_role("dialog", name="Please confirm").get_by_role("button", name="Delete"), "Enter")
    expect(row(page, "Later")).to_have_count(0)

    press(page, page.get_by_role("link", name="Check and publish"), "Enter")
    page.wait_for_url("**/checklist/")
    look_at(page, "checklist")
    press(page, page.get_by_role("button", name="Publish", exact=True), "Enter")
    expect(page.locator("body")).to_contain_text("Learners see this course, and nothing is missing.")
    with organization_scope(organization):
        shown = list(Chapter.objects.get().items.values_list("title", "state"))
    assert shown == [("Meanwhile", "published"), ("Moon over the harbor", "published"), ("Storm surge", "draft")]

    page.goto(f"/admin/courses/course/{course.pk}/change/#general")
    look_at(page, "settings")
    assert [one for one in complaints if "409" not in one] == []


def test_what_is_typed_and_where_one_is_outlasts_every_answer(page: Page, organization: Any, alice: Any) -> None:
    with organization_scope(organization):
        course = create_course(title="Tides", by=alice)
        for title in ("Ebb", "Flood"):
            add_item(add_chapter(course, title=title), by=alice, type="text", title=f"{title} words", text="Words.")
    page.goto(f"/admin/courses/course/{course.pk}/change/")
    waiting: list[Route] = []
    said = page.locator("[data-said]")

    page.route("**/outline/", lambda route: waiting.append(route), times=1)
    row(page, "Ebb words").get_by_role("button", name="Ebb words").click()
    page.get_by_label("Rename “Ebb words”").fill("Low water")
    row(page, "Flood").get_by_role("button", name="Flood").click()
    page.keyboard.type("High w")
    waiting.pop().continue_()
    expect(said).to_have_text("It is called “Low water” now.")
    page.keyboard.type("ater")
    expect(page.get_by_label("Rename “Flood”")).to_have_value("High water")
    page.keyboard.press("Enter")
    expect(row(page, "High water").get_by_role("button", name="High water")).to_be_focused()
    assert titles(page) == ["Ebb", "Low water", "High water", "Flood words"]

    for title, left in (("Ebb", row(page, "High water").get_by_role("button", name="More")),
                        ("High water", page.get_by_label("New chapter"))):  # fmt: skip
        press(page, row(page, title).get_by_role("button", name="More"), "Enter")
        press(page, page.get_by_role("button", name="Delete …"), "Enter")
        question = page.get_by_role("dialog", name="Please confirm")
        expect(question.get_by_role("button", name="Cancel")).to_be_focused()
        press(page, question.get_by_role("button", name="Delete"), "Enter")
        expect(left).to_be_focused()
    assert titles(page) == []

    page.context.clear_cookies(name="sessionid")
    page.keyboard.type("Neap")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("You are no longer logged in, so nothing was changed.")
    page.get_by_role("alert").get_by_role("button").click()
    expect(page.get_by_label("New chapter")).to_be_focused()
    log_in(page.context.new_page(), alice.email)
    page.keyboard.press("Enter")
    expect(row(page, "Neap").get_by_role("button", name="Add an item")).to_be_focused()


def be_quicker(organization: Any, by: Any) -> None:
    with organization_scope(organization):
        add_item(Chapter.objects.get(), by=by, type="text", title="Meanwhile", text="Words.")


def drag(page: Page, what: Locator, onto: Locator) -> None:
    """By the handle, slowly, to the upper half of the other row, which steps aside meanwhile."""
    page.wait_for_load_state("networkidle")
    what.locator(".b-grip").hover()
    page.mouse.down()
    box = onto.bounding_box()
    assert box is not None
    for height in (box["height"] - 2, 3, 4, 3):  # once more where a row was still on its way
        page.mouse.move(box["x"] + 30, box["y"] + height, steps=8)
        page.wait_for_timeout(STEPPING_ASIDE)
    page.mouse.up()
