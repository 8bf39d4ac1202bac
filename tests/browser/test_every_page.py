"""Every page of every role, on a desk and dark on a phone: clean for axe, no wider than the window, a silent console.

The addresses are those of tests.walls, filled with the organization's own keys; what answers whoever is asking with a
page of HTML is opened. A new page is looked at without anybody adding it here.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from accounts.models import User
from tests.browser.conftest import OF_LOOKS, keep_picture, serious_faults
from tests.browser.states import addresses_between, make_everything
from tests.browser.test_player import film as film
from tests.conftest import prove_identity
from tests.walls.register import For, class_of
from tests.walls.routes import Route, routes
from tests.walls.tries import Ground, Tries

#: The group of tests.worker: it ends while all other browser tests are still under way in one process.
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("worker")]

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 320, "height": 640}
#: A theme that changes under a page fades; what is looked at has arrived.
ARRIVED = """async (isDark) => {
    document.documentElement.classList.toggle("dark", isDark);  // the back office asks the system once only
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    for (const one of document.getAnimations())
        one.effect.getComputedTiming().endTime === Infinity ? one.cancel() : one.finish();
}"""
#: Milliseconds; on a busy machine a theme may come later than it was asked for. What is wrong stays wrong.
SETTLED = 1000
TOO_WIDE = "() => document.documentElement.scrollWidth > innerWidth"
Pages = dict[str, str]  # addresses by a name for the picture

#: One page of Django's own for all models; it is looked at where a course has it.
#: Swagger UI's page is as its makers made it.
THEIRS = "api_docs"
ALIKE = re.compile(r"admin:(?!courses_course_).*_(history|delete)")


@pytest.fixture
def ground(organization: Any, film: Any, alice: User, bob: User) -> Ground:  # noqa: F811
    return make_everything(organization, film, owner=alice, learner=bob)


@pytest.fixture
def look(browser: Any, live_server: Any) -> Iterator[Callable[[Client, Pages], list[str]]]:
    """Answers what is wrong with these pages, as that client sees them."""
    contexts: list[BrowserContext] = []

    def look_at(client: Client, pages: Pages) -> list[str]:
        context = browser.new_context(base_url=live_server.url)
        contexts.append(context)
        context.add_init_script(AXE_SCRIPT)
        if cookie := client.cookies.get(django_settings.SESSION_COOKIE_NAME):
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        looking = Looking(context.new_page())
        return [fault for name, address in pages.items() for fault in looking.faults_of(name, address)]

    yield look_at
    for context in contexts:
        context.close()


class Looking:
    """One tab, by which page after page is looked at."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, said: ConsoleMessage) -> None:
        """What is locked or unknown is a page too, which the console mentions."""
        if said.type == "error" and said.location["url"] != self.page.url:
            self.complaints.append(said.text)

    def faults_of(self, name: str, address: str) -> list[str]:
        self.complaints.clear()
        self._turn(DESK, "light")
        self.page.goto(address)
        found = self._look("desk", (), name)
        self._turn(PHONE, "dark")
        found += self._look("phone-dark", OF_LOOKS, name)
        return [f"{address} {one}" for one in (*found, *self.complaints)]

    def _turn(self, size: Any, scheme: Any) -> None:
        self.page.set_viewport_size(size)
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        self.page.evaluate(ARRIVED, scheme == "dark")

    def _look(self, look: str, only: Sequence[str], name: str) -> list[str]:
        keep_picture(self.page, f"{name}-{look}", full_page=True)
        if faults := self._faults(only):
            self.page.wait_for_timeout(SETTLED)
            faults = self._faults(only)
        return [f"({look}) {fault}" for fault in faults]

    def _faults(self, only: Sequence[str]) -> list[str]:
        wide = ["is wider than the window"] if self.page.evaluate(TOO_WIDE) else []
        return [*wide, *serious_faults(self.page, only=only)]


def pages_of(client: Client, ground: Ground, is_meant: Callable[[For], bool]) -> Pages:
    """What answers this client with a page, of the addresses for those classes."""
    tries = Tries(ground, None)
    ours = [one for one in routes() if not (one.is_api or one.name == THEIRS or ALIKE.fullmatch(one.name))]
    addresses = {
        _file_name(one): tries.make(one, "GET", {}, slug=False, path=False, relations=[]).path
        for one in ours
        if is_meant(class_of(one))
    }
    return {name: address for name, address in addresses.items() if _is_page(client.get(address))}


def _file_name(route: Route) -> str:
    return route.name.replace(":", "-").replace("/", "-")


def _is_page(response: Any) -> bool:
    with closing(response):
        if response.status_code != 200 or response.streaming:
            return False
        return bool(response.content.lstrip()[:14].lower().startswith(b"<!doctype html"))


def seen_by(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="accounts.backends.EmailBackend")
    prove_identity(client, person)
    return client


def test_pages_of_visitors(ground: Ground, look: Any) -> None:
    ground.a["organization"].is_open = True
    ground.a["organization"].save()
    visitor = Client()

    pages = pages_of(visitor, ground, lambda meant: meant is For.PUBLIC)

    assert look(visitor, pages) == []


def test_pages_of_learners(ground: Ground, bob: User, look: Any) -> None:
    learner = seen_by(bob)

    pages = pages_of(learner, ground, lambda meant: meant <= For.MEMBER) | addresses_between(ground)

    assert look(learner, pages) == []


def test_pages_of_customers(ground: Ground, look: Any) -> None:
    customer = seen_by(User.objects.get(email="carla@harbor.test"))

    pages = pages_of(customer, ground, lambda meant: meant is For.MEMBER)

    assert look(customer, pages) == []


@pytest.mark.timeout(600)  # they are many, and two cores are sometimes busy
def test_pages_of_owners(ground: Ground, alice: User, look: Any) -> None:
    owner = seen_by(alice)

    pages = pages_of(owner, ground, lambda meant: For.MEMBER < meant < For.PLATFORM)

    assert look(owner, pages) == []


def test_pages_of_the_platform(ground: Ground, alice: User, look: Any) -> None:
    User.objects.filter(pk=alice.pk).update(is_superuser=True)
    operator = seen_by(alice)

    pages = pages_of(operator, ground, lambda meant: meant is For.PLATFORM)

    assert look(operator, pages) == []
