"""The grid of frames and one frame, in a browser: chosen by mouse and keyboard, a region drawn and typed."""

import io
from collections.abc import Callable
from zipfile import ZipFile

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from accounts.models import Organization, User
from core.tenancy import organization_scope
from media_library.frames.annotating import Region, annotate_frame, region_of
from media_library.models import Frame
from tests.browser.conftest import OF_LOOKS, keep_picture, serious_faults
from tests.browser.test_every_page import ARRIVED, TOO_WIDE
from tests.media_library.framed import batch, film, frames

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS = [(DESK, False), (PHONE, True), (DESK, True), (PHONE, False)]
LONG = "The gauge at the end of the pier, at low water: the red mark is the spring tide of 1962. " * 20


def slide() -> bytes:
    data = io.BytesIO()
    picture = Image.new("RGB", (1280, 720), (235, 238, 240))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 420, 1280, 720), fill=(40, 90, 140))
    draw.rectangle((800, 180, 880, 640), fill=(120, 80, 50))
    picture.save(data, "JPEG")
    return data.getvalue()


@pytest.fixture
def shelf(organization: Organization, alice: User) -> list[Frame]:
    """320 frames in four batches; one with a long annotation and a region."""
    with organization_scope(organization):
        talk = film("The tides of the harbor, told by Mara")
        tides = batch("Tides at the pier")
        made = frames(80, of=tides, media=talk, content=slide())
        for n in range(2, 5):
            other = batch(f"Day {n} on the water", project=tides.project, position=n)
            frames(80, of=other, media=talk, content=slide())
        annotate_frame(made[1], annotation=LONG[:1900], region=Region(0.6, 0.2, 0.12, 0.7), by=alice)
    return made


def looked_at(page: Page, name: str) -> dict[tuple[int, bool], tuple[list[str], bool]]:
    faults = {}
    for size, is_dark in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="dark" if is_dark else "light")
        page.evaluate(ARRIVED, is_dark)
        keep_picture(page, f"frames-{name}-{size['width']}-{'dark' if is_dark else 'light'}")
        only = () if (size, is_dark) == LOOKS[0] else OF_LOOKS
        faults[size["width"], is_dark] = (serious_faults(page, only=only), page.evaluate(TOO_WIDE))
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light")
    return {look: found for look, found in faults.items() if found != ([], False)}


def test_frames_are_chosen_moved_exported_and_deleted(
    shelf: list[Frame], new_person: Callable[..., Page], complaints: list[str]
) -> None:
    page = new_person("alice@harbor.test", viewport=DESK, accept_downloads=True)
    page.goto("/admin/frames/")
    bar, tides = page.locator("[data-bar]"), page.locator("details").first
    expect(bar).to_be_hidden()

    tides.locator("summary").click()
    expect(tides.locator("[data-frame]")).to_have_count(50)
    boxes = tides.locator("input[name=frame]")
    boxes.nth(0).check()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(bar).to_contain_text("4 frames chosen")
    boxes.nth(3).press("ArrowRight")
    page.keyboard.press("Space")
    expect(bar).to_contain_text("5 frames chosen")
    faults = looked_at(page, "grid")
    with page.expect_download() as download:
        bar.get_by_role("button", name="Export").click()
    with ZipFile(download.value.path()) as archive:
        assert len(archive.namelist()) == 6
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()

    tides.get_by_label("Choose all").check()
    expect(bar).to_contain_text("80 frames chosen")
    bar.get_by_label("Move to").select_option(index=2)
    bar.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator("body")).to_contain_text("a batch has at most 100")
    expect(tides.locator("[data-frame]")).to_have_count(50)
    tides.locator("[data-more]").click()
    expect(tides.locator("[data-frame]")).to_have_count(80)
    tides.locator("input[name=frame]").nth(0).check()
    bar.get_by_label("Move to").select_option(index=2)
    bar.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator("body")).to_contain_text("Moved: 1.")
    expect(tides.locator("summary")).to_contain_text("79 frames")

    expect(tides.locator("[data-frame]")).to_have_count(50)
    tides.locator("input[name=frame]").nth(0).check()
    bar.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Delete 1 frame?")).to_be_visible()
    faults |= looked_at(page, "delete")
    page.get_by_role("button", name="Delete 1 frame").click()
    expect(tides.locator("summary")).to_contain_text("78 frames")
    assert (faults, complaints) == ({}, [])


def test_region_is_drawn_and_typed(
    shelf: list[Frame], organization: Organization, new_person: Callable[..., Page], complaints: list[str]
) -> None:
    page = new_person("alice@harbor.test", viewport=DESK)
    page.goto(f"/admin/frames/{shelf[1].pk}/")
    faults = looked_at(page, "frame")

    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**/{shelf[2].pk}/")
    drawing = page.locator("[data-drawing]")
    box = drawing.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.75, steps=4)
    page.mouse.up()
    sides = [
        float(page.get_by_label(name).input_value()) for name in ("From the left", "From the top", "Width", "Height")
    ]
    assert sides == pytest.approx([25, 25, 25, 50], abs=0.5)
    page.get_by_label("Width").fill("40")
    assert drawing.locator("[data-rect]").get_attribute("width") == "40"
    drawing.press("ArrowDown")
    drawing.press("Shift+ArrowRight")
    assert page.get_by_label("Width").input_value() == "41"
    page.get_by_label("Annotation").fill("The gauge")
    page.get_by_label("Height").fill("90")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("The region must lie inside the picture.")
    assert page.get_by_label("Annotation").input_value() == "The gauge"
    faults |= looked_at(page, "refused")
    page.get_by_label("Height").fill("20")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("body")).to_contain_text("Saved.")

    page.goto("/harbor/search/?q=gauge")
    expect(page.get_by_role("heading", name="Notes on pictures")).to_be_visible()
    faults |= looked_at(page, "search")

    with organization_scope(organization):
        region = region_of(Frame.objects.get(pk=shelf[2].pk))
    assert region is not None
    assert (region.left, region.top, region.width, region.height) == pytest.approx((0.25, 0.26, 0.41, 0.2), abs=0.006)
    assert (faults, [one for one in complaints if "400" not in one]) == ({}, [])
