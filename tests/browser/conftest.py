"""A real Chromium of the system, a real web server, a real worker."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.conftest import PASSWORD
from tests.processes import worker

# Playwright's loop lives in the main thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FLAGS = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage", "--autoplay-policy=no-user-gesture-required",
]  # fmt: skip
#: What a width or a theme can change is all that is looked for again.
OF_LOOKS = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "button-name",
            "link-name", "label")  # fmt: skip
#: Only what is wrong is told: all that is right would be many times as long.
FAULTS = """async (rules) => (await axe.run({resultTypes: ["violations"], preload: false, ...rules})).violations
    .filter(({impact}) => ["serious", "critical"].includes(impact))
    .flatMap(({id, nodes}) => nodes.map((node) => [id, node.target, [...node.any, ...node.none][0]?.message].join(" ")))
"""
SETTLED = 1000  # milliseconds
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = find_chromium()
    if executable is None:
        words = "No Chromium or Chrome on this system; set CHROMIUM to one."
        pytest.fail(words) if os.environ.get("REQUIRE_BROWSER") else pytest.skip(words)
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the pages wrote to the console as errors; a violated content policy is one."""
    return []


@pytest.fixture
def new_person(browser: Browser, live_server: object, complaints: list[str]) -> Iterator[object]:
    """Opens a browser of its own for somebody and logs in."""
    contexts: list[BrowserContext] = []

    def open_browser(email: str | None = None, **options: object) -> Page:
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if email:
            log_in(page, email)
        return page

    yield open_browser
    for context in contexts:
        context.close()


def log_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/accounts/login" not in url)


@pytest.fixture
def working(tmp_path: Path, transactional_db: None) -> Iterator[None]:
    with worker(tmp_path):
        yield


def serious_faults(page: Page, *, only: Sequence[str] = ()) -> list[str]:
    """What axe finds serious or critical, with where; of all its rules, or of some.

    It looks twice: on a busy machine a theme fades longer than one waits for it, and what is wrong stays wrong.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    rules = {"runOnly": list(only)} if only else {}
    if not page.evaluate(FAULTS, rules):
        return []
    page.wait_for_timeout(SETTLED)
    return page.evaluate(FAULTS, rules)


def keep_picture(page: Page, name: str, **options: Any) -> None:
    """For whoever wants to look at the pages: in the folder that PICTURES names."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", **options)


@pytest.fixture
def roll_up_now() -> object:
    return lambda: call_command("roll_up", verbosity=0)
