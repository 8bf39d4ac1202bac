"""Account pages in a real browser: each fits a phone, is clean for axe and the content policy, light and dark."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Page

from accounts.models import Organization
from accounts.services.limits import LIMITS, charge
from tests.browser.conftest import keep_picture, log_in, serious_faults
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
OF_VISITORS = (
    "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-wrong/", "/accounts/password/reset/key/done/", "/accounts/inactive/",
    "/accounts/confirm-email/wrong/", "/accounts/confirm-email/", "/harbor/", "/",
)  # fmt: skip
OF_PEOPLE = (
    "/account/", "/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/sessions/",
    "/account/tokens/", "/accounts/logout/",
)  # fmt: skip
WIDER_THAN_THE_WINDOW = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(params=["light", "dark"])
def visit(request, new_person):
    return lambda email=None: new_person(email, color_scheme=request.param, viewport=PHONE)


def look_at(page: Page, name: str) -> list[str]:
    """What is wrong with the page, on a phone and on a desk."""
    found = []
    for width, viewport in (("desktop", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(viewport)
        if page.evaluate(WIDER_THAN_THE_WINDOW):
            found.append(f"{name} is wider than a {width}")
        theme = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
        keep_picture(page, f"{name}-{width}-{theme}", full_page=True)
    return [*found, *(f"{name}: {fault}" for fault in serious_faults(page))]


def look_at_all(page: Page, paths: tuple[str, ...]) -> list[str]:
    found = []
    for path in paths:
        page.goto(path)
        found += look_at(page, path.strip("/").replace("/", "-") or "front")
    return found


def test_pages_of_visitors(visit, organization, complaints):
    Organization.objects.update(is_open=True)

    found = look_at_all(visit(), OF_VISITORS)

    assert (found, complaints) == ([], [])


def test_pages_of_people(visit, bob, complaints):
    EmailAddress.objects.create(user=bob, email=bob.email, verified=True, primary=True)
    EmailAddress.objects.create(user=bob, email="robert.of.the.long.harbor.school@mail.harbor.test")

    found = look_at_all(visit(bob.email), OF_PEOPLE)

    assert (found, complaints) == ([], [])


def test_second_factor_from_turning_on_to_logging_in(visit, alice, complaints):
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    page = visit(alice.email)

    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Turn on").click()
    found = look_at(page, "reauthenticate")
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Go on").click()
    found += look_at(page, "totp-activate")
    secret = page.input_value("#authenticator_secret")
    page.fill("input[name=code]", code_of(secret))
    page.get_by_role("button", name="Turn on").click()
    page.wait_for_url("**/recovery-codes/**")
    found += look_at(page, "recovery-codes")
    found += look_at_all(page, ("/accounts/2fa/recovery-codes/generate/", "/accounts/2fa/totp/deactivate/"))
    page.goto("/accounts/2fa/")
    found += look_at(page, "2fa-on")
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Log out").click()
    log_in(page, alice.email)
    found += look_at(page, "2fa-authenticate")
    page.fill("input[name=code]", code_of(secret, ahead=1))  # a phone may be half a minute ahead
    page.locator("main").get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: "/2fa/" not in url)

    assert (found, complaints) == ([], [])


def code_of(secret: str, *, ahead: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())) + ahead))


def test_limit_page_tells_when_to_come_back(visit, bob):
    for _ in range(LIMITS["log_in"].here):
        charge("log_in", account=bob.email, address="127.0.0.1")
    page = visit()

    page.goto("/accounts/login/")
    page.fill("input[name=login]", bob.email)
    page.fill("input[name=password]", "wrong")
    page.keyboard.press("Enter")

    page.get_by_text("Please try again in 15 minutes.").wait_for()
    assert look_at(page, "limit") == []
