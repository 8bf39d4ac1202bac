"""The grid of frames and one frame, in a browser: chosen by mouse and keyboard, a region drawn and typed."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.utils import timezone
from PIL import Image, ImageDraw
from playwright.sync_api import Page, Route, ViewportSize, expect

from accounts.models import Organization, User
from core.models import Job
from core.models.job import JobState
from core.tenancy import organization_scope
from media_library.batches.batches import put_in_batch
from media_library.batches.extracting import Asked, extract_frames
from media_library.frames.annotating import Region, annotate_frame, region_of
from media_library.models import ExtractionMode, Frame, Media, Project, Rendition
from tests.browser.conftest import OF_LOOKS, keep_picture, serious_faults
from tests.browser.test_every_page import ARRIVED, TOO_WIDE
from tests.courses.school import make_media
from tests.media_library.framed import batch, film, frames

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

DESK, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
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


#: What reaches over the right edge of the window or is cut off by the card it stands in.
CUT = """(place) => [...document.querySelectorAll(`${place} *`)].filter((one) => {
    const {right, width} = one.getBoundingClientRect();
    return width > 1 && right > innerWidth && getComputedStyle(one).clipPath === "none";
}).map((one) => one.outerHTML.slice(0, 80))"""
#: How often the status was told anew, in window.told.
LISTEN = """(place) => {
    window.told = [];
    new MutationObserver(() => told.push(place.textContent)).observe(place, {childList: true, characterData: true});
}"""


def looked_at(page: Page, name: str) -> dict[tuple[int, bool], tuple[list[str], bool]]:
    faults = {}
    for size, is_dark in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="dark" if is_dark else "light")
        page.evaluate(ARRIVED, is_dark)
        keep_picture(page, f"frames-{name}-{size['width']}-{'dark' if is_dark else 'light'}")
        assert page.evaluate(CUT, "#content") == [], size
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
    move = bar.get_by_role("button", name="Move", exact=True)
    expect(move).to_be_disabled()
    bar.get_by_label("Move to").select_option(index=2)
    move.click()
    expect(page.get_by_role("heading", name="Move 80 frames")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("a batch has at most 100")
    expect(page.locator("input[name=frame]:checked")).to_have_count(80)
    faults |= looked_at(page, "move")
    for box in page.locator("input[name=frame]").all()[1:]:
        box.uncheck()
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator("body")).to_contain_text("Moved: 1.")
    expect(tides.locator("summary")).to_contain_text("79 frames")

    expect(tides.locator("[data-frame]")).to_have_count(50)
    tides.locator("input[name=frame]").nth(0).check()
    bar.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Delete 1 frame?")).to_be_visible()
    faults |= looked_at(page, "delete")
    page.get_by_role("button", name="Delete 1 frame").click()
    expect(tides.locator("summary")).to_contain_text("78 frames")
    page.go_back()
    expect(page.get_by_role("heading", name="Harbor films")).to_be_visible()
    expect(tides.locator("summary")).to_contain_text("78 frames")
    refused = "Failed to load resource: the server responded with a status of 409 (Conflict)"
    assert (faults, complaints) == ({}, [refused])


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


def test_region_moves_by_keys_and_is_told_when_it_rests(
    shelf: list[Frame], new_person: Callable[..., Page], complaints: list[str]
) -> None:
    page = new_person("alice@harbor.test", viewport=DESK)
    page.goto(f"/admin/frames/{shelf[2].pk}/")
    told, width = page.locator("[data-told]"), page.get_by_label("Width")
    drawing = page.get_by_role("application", name="Region on the picture")
    expect(told).to_have_text("No region yet")
    expect(drawing).to_have_accessible_description(
        re.compile("Escape brings back what was there before.*No region yet")
    )
    told.evaluate(LISTEN)

    drawing.focus()
    for key in ("ArrowUp", "ArrowRight", "ArrowRight", "ArrowUp", "Shift+ArrowLeft", "Shift+ArrowDown"):
        page.keyboard.press(key)

    expect(told).to_have_text("Region: 27 % from the left, 24 % from the top, 49 % wide, 51 % high")
    assert page.evaluate("told") == ["Region: 27 % from the left, 24 % from the top, 49 % wide, 51 % high"]
    page.keyboard.press("Escape")
    expect(told).to_have_text("No region yet")
    assert width.input_value() == ""

    width.fill("10")
    for side in ("From the left", "From the top", "Height"):
        page.get_by_label(side).fill("10")
    box = drawing.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 200, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 200, steps=3)
    assert width.input_value() != "10"
    page.keyboard.press("Escape")
    page.mouse.up()
    assert (width.input_value(), complaints) == ("10", [])


def test_finger_draws_a_region_and_the_page_stays(shelf: list[Frame], new_person: Callable[..., Page]) -> None:
    page = new_person("alice@harbor.test", viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(f"/admin/frames/{shelf[2].pk}/")
    finger = page.context.new_cdp_session(page)
    box = page.locator("[data-drawing]").bounding_box()
    assert box is not None

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    touch("touchStart", (0.5, 0.9))
    for step in range(1, 9):
        touch("touchMove", (0.5 + step / 20, 0.9 - step / 10))
    touch("touchEnd")

    sides = [float(page.get_by_label(name).input_value()) for name in ("From the left", "From the top", "Width")]
    assert sides == pytest.approx([50, 10, 40], abs=1)
    assert page.evaluate("scrollY + (document.querySelector('#main')?.scrollTop ?? 0)") == 0


def test_chosen_frames_are_annotated_and_told_what_goes(
    shelf: list[Frame], organization: Organization, new_person: Callable[..., Page], complaints: list[str]
) -> None:
    page = new_person("alice@harbor.test", viewport=DESK)
    page.goto("/admin/frames/")
    tides = page.locator("details").first
    tides.locator("summary").click()
    for number in (0, 1, 2):
        tides.locator("input[name=frame]").nth(number).check()
    page.get_by_role("button", name="Annotate …").click()

    expect(page.get_by_role("heading", name="Annotate 3 frames")).to_be_visible()
    told = "1 of them has a text already: yours takes its place. Regions that are drawn stay."
    expect(page.get_by_label("Annotation")).to_have_accessible_description(re.compile(re.escape(told)))
    expect(page.get_by_label("Annotation")).to_be_focused()
    faults = looked_at(page, "annotate")
    page.reload()
    expect(page.get_by_role("heading", name="Harbor films")).to_be_visible()
    expect(tides.locator("[data-frame]")).to_have_count(50)
    tides.locator("input[name=frame]").nth(0).check()
    tides.locator("input[name=frame]").nth(2).click(modifiers=["Shift"])
    page.get_by_role("button", name="Annotate …").click()
    expect(page.get_by_role("heading", name="Annotate 3 frames")).to_be_visible()
    page.get_by_label("Annotation").fill("Low water")
    page.get_by_role("button", name="Annotate 3 frames").click()

    expect(page.locator("body")).to_contain_text("Annotated: 3.")
    expect(tides.locator("summary")).to_contain_text("3 annotated")
    with organization_scope(organization):
        noted = Frame.objects.filter(annotation="Low water").order_by("second")
        assert [region_of(frame) is not None for frame in noted] == [False, True, False]
    assert (faults, complaints) == ({}, [])


def test_batch_is_chosen_while_its_pictures_are_on_their_way(
    shelf: list[Frame], new_person: Callable[..., Page]
) -> None:
    page = new_person("alice@harbor.test", viewport=DESK)
    page.goto("/admin/frames/")
    waiting: list[Route] = []
    page.route("**/frames/batches/**", lambda route: route.continue_() if waiting else waiting.append(route))
    tides = page.locator("details").first

    with page.expect_request("**/frames/batches/**"):
        tides.locator("summary").click()
    tides.get_by_label("Choose all").check()
    waiting[0].continue_()

    expect(page.locator("[data-bar]")).to_contain_text("80 frames chosen")
    expect(tides.get_by_label("Choose all")).to_be_checked()


def test_pages_of_projects_are_good_to_look_at(
    organization: Organization, alice: User, new_person: Callable[..., Page]
) -> None:
    page = new_person("alice@harbor.test", viewport=DESK)
    page.goto("/admin/frames/")
    expect(page.locator("#content")).to_contain_text("No pictures were taken out of video yet.")
    assert looked_at(page, "empty") == {}
    with organization_scope(organization):
        talk: Media = make_media("W" * 60, seconds=1200)
        Rendition.objects.update(rungs=[{"name": "360p", "width": 640, "height": 360, "bitrate": 1}])
        talk.refresh_from_db()
        long = batch("W" * 50, project=Project.objects.create(title="P" * 50, created_by=alice))
        batch("Empty", project=long.project, position=2)
        frames(3, of=long, media=talk, content=slide())
        put_in_batch([talk.pk], long, by=alice)
        failed, running = (
            extract_frames(talk, long, Asked(ExtractionMode.EVERY, interval=60), by=alice) for _number in range(2)
        )
        Job.objects.filter(subject_id=failed.pk).update(state=JobState.FAILED, error_message="No room is left.")
        lease = {"lease_token": uuid4(), "lease_expires_at": timezone.now() + timedelta(hours=1)}
        Job.objects.filter(subject_id=running.pk).update(state=JobState.RUNNING, progress=42, **lease)

    project = f"/admin/media_library/project/{long.project_id}/change/"
    for name, address in {
        "projects": "/admin/media_library/project/",
        "project": project,
        "project-end": f"/admin/media_library/project/{long.project_id}/delete/",
        "batch-end": f"/admin/media_library/project/batches/{long.pk}/end/",
        "batch": f"/admin/frames/?batch={long.pk}",
    }.items():
        page.goto(address)
        assert looked_at(page, name) == {}, name
    page.goto(f"/admin/media_library/media/{talk.pk}/change/")
    expect(page.locator("[data-estimate]")).to_contain_text("At most")
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(CUT, "#frames") == []

    page.goto(project)
    page.get_by_role("link", name=re.compile(f"3 frames *: {long.name}")).click()
    expect(page.locator("[data-frame]")).to_have_count(3)
