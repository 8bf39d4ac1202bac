"""The editor of texts in the back office: keys, preview, and a picture that is pasted."""

import re
from typing import Any

import pytest
from django.core.files.storage import default_storage
from playwright.sync_api import Page, Route, expect

from core.tenancy import organization_scope
from courses.models import Course
from media_library.models import LibraryImage
from tests.browser.conftest import keep_picture, serious_faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

TEXT = """## What the moon does

It pulls: $F = G\\frac{m_1 m_2}{r^2}$, so

$$
\\Delta h \\approx \\frac{3}{2}\\,\\frac{m}{M}\\,\\frac{r^4}{d^3}
$$

```python
def height(hours: float) -> float:
    return 2.1 * cos(hours / 12.42)  # two a day
```

| Day | High water |
|-----|-----------:|
| Mon | 03:12      |

> The sea does *not* wait. [More](https://tides.test)

"""
PASTE = """async (area) => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [320, 180];
  const brush = canvas.getContext("2d");
  brush.fillStyle = "teal";
  brush.fillRect(0, 0, 320, 180);
  const blob = await new Promise((done) => canvas.toBlob(done));
  const transfer = new DataTransfer();
  transfer.items.add(new File([blob], "bay.png", { type: "image/png" }));
  area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def editor(new_person: Any, alice: Any) -> Page:
    page: Page = new_person(alice.email)
    page.goto("/admin/courses/course/add/?title=Tides&description=Water")
    return page


def area(page: Page) -> Any:
    return page.locator("textarea[name=description]")


def preview(page: Page) -> Any:
    return page.get_by_role("region", name="Preview").first


def test_text_is_written_seen_and_kept(editor, organization, complaints):
    expect(preview(editor)).to_have_text("Water")

    area(editor).select_text()
    area(editor).press("Control+b")
    expect(preview(editor).locator("strong")).to_have_text("Water")
    area(editor).press("Control+b")
    expect(area(editor)).to_have_value("Water")
    area(editor).press("Control+i")
    area(editor).press("Control+z")
    expect(area(editor)).to_have_value("Water")
    editor.get_by_role("button", name="Numbered list").first.click()
    expect(preview(editor).locator("ol li")).to_have_text("Water")
    area(editor).fill(TEXT)
    expect(preview(editor).locator("math")).to_have_count(2)

    area(editor).press("Control+End")
    area(editor).evaluate(PASTE)
    dialog = editor.get_by_role("dialog", name="Image")
    dialog.get_by_label("What does it show?").fill("The bay")
    assert serious_faults(editor) == []
    dialog.get_by_role("button", name="Insert").click()
    expect(preview(editor).locator("img[alt='The bay']")).to_be_visible()
    assert serious_faults(editor) == []
    assert preview(editor).locator("img").evaluate("(img) => img.decode().then(() => img.naturalWidth)") == 320
    take_screens(editor)
    editor.get_by_role("button", name="Save", exact=True).click()
    editor.wait_for_url("**/change/**")

    with organization_scope(organization):
        image = LibraryImage.objects.get()
        text = Course.objects.get().description
    shown = f"![The bay](/harbor/images/{image.pk}.webp#320x180)"
    assert (text.replace("\r\n", "\n"), default_storage.exists(image.path)) == (TEXT + shown, True)
    assert complaints == []


def test_picture_that_cannot_be_read_is_told(editor, tmp_path, complaints):
    broken = tmp_path / "bay.png"
    broken.write_bytes(b"no picture")

    editor.get_by_role("button", name="Image").first.click()
    dialog = editor.get_by_role("dialog", name="Image")
    dialog.get_by_role("button", name="Insert").click()
    expect(dialog.get_by_role("status")).to_have_text("Please choose a picture first.")
    dialog.locator("input[type=file]").set_input_files(broken)
    dialog.get_by_role("button", name="Insert").click()

    expect(dialog.get_by_role("status")).to_contain_text("This file is not a picture that can be read.")
    dialog.get_by_role("button", name="Cancel").click()
    expect(area(editor)).to_have_value("Water")
    expect(area(editor)).to_be_focused()

    waiting: list[Route] = []
    editor.route("**/images/", lambda route: waiting.append(route))
    editor.get_by_role("button", name="Image").first.click()
    dialog.locator("input[type=file]").set_input_files(broken)
    with editor.expect_request("**/images/"):
        dialog.get_by_role("button", name="Insert").click()
    dialog.get_by_role("button", name="Cancel").click()
    editor.get_by_role("button", name="Image").first.click()
    with editor.expect_response("**/images/"):
        waiting.pop().fulfill(status=201, json={"markdown": "![Given up](/)"})
    dialog.get_by_role("button", name="Insert").click()
    expect(dialog.get_by_role("status")).to_have_text("Please choose a picture first.")
    expect(area(editor)).to_have_value("Water")
    assert [words for words in complaints if not re.search("400", words)] == []


def take_screens(page: Page) -> None:
    """Light and dark, wide and on a phone."""
    for scheme in ("light", "dark"):
        page.evaluate("(dark) => document.documentElement.classList.toggle('dark', dark)", scheme == "dark")
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.locator("markdown-editor").first.scroll_into_view_if_needed()
            keep_picture(page, f"markdown-{scheme}-{width}")
            assert serious_faults(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
