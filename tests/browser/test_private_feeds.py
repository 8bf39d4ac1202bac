"""Following a course with an app: by keyboard, on a narrow phone, and what a maker sees of it."""

import pytest
from django.utils import timezone

from core.tenancy import organization_scope
from courses.services.authoring import add_chapter, add_item, create_course
from courses.services.enrolling import enroll
from courses.services.publishing import publish_course
from media_library.models import FeedVisit, ListenerKey
from tests.browser.conftest import keep_picture, serious_faults
from tests.courses.school import make_media
from tests.media_library.listening import private_show
from tests.media_library.shows import SOUND, add_sound

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

NARROW, DESK = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
TOO_WIDE = "() => document.documentElement.scrollWidth > innerWidth"


@pytest.fixture
def course(organization, alice, bob):
    with organization_scope(organization):
        made = create_course(title="Tides", by=alice)
        media = make_media("Low tide")
        add_sound(media, "mp3", SOUND)
        add_item(add_chapter(made, title="Beginnings"), by=alice, type="video", title="Low tide", media=media)
        publish_course(made, by=alice)
        enroll(made, user=bob)
        private_show(title="Harbor talk")
    return made


def looked_at(page, name):
    """What is wrong with it, light on a desk and dark on a narrow phone."""
    found = []
    for viewport, scheme in ((DESK, "light"), (NARROW, "dark")):
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=scheme)
        keep_picture(page, f"{name}-{viewport['width']}-{scheme}", full_page=True)
        found += [f"{name} is too wide"] if page.evaluate(TOO_WIDE) else []
        found += serious_faults(page)
    return found


def test_learner_follows_a_course_with_the_keyboard(course, bob, new_person, complaints):
    page = new_person(bob.email, viewport=DESK)
    page.goto(f"/harbor/courses/{course.slug}/")
    page.get_by_role("link", name="Listen in an app").press("Enter")
    page.wait_for_url("**/listen/")
    found = looked_at(page, "listen")

    page.get_by_role("button", name="Make my address").press("Enter")
    address = page.get_by_role("textbox", name="Your private address").input_value()
    found += looked_at(page, "new-address")
    podcasts = page.get_by_role("link", name="Apple Podcasts").get_attribute("href")
    page.get_by_role("link", name="My feeds").last.press("Enter")
    page.wait_for_url("**/my/feeds/")
    found += looked_at(page, "my-feeds")

    assert (found, complaints) == ([], [])
    assert (address.startswith("http://localhost:8000/harbor/feeds/"), podcasts) == (
        True, address.replace("http://", "podcast://"),
    )  # fmt: skip
    page.get_by_role("button", name="Revoke the address of Tides").press("Enter")
    page.get_by_text("The address has ended.").wait_for()


def test_maker_sees_what_is_probably_shared(course, bob, alice, organization, new_person, complaints):
    with organization_scope(organization):
        key = ListenerKey.objects.create(organization=organization, user=bob, digest="x" * 64, context_id=course.pk)
        for n in range(9):
            FeedVisit.objects.create(key=key, day=timezone.localdate(), network=f"n{n}", app="Overcast")
    page = new_person(alice.email, viewport=DESK)

    page.goto("/admin/media_library/listenerkey/")

    page.get_by_text("9 networks in one day (more than 8)").wait_for()
    keep_picture(page, "private-addresses", full_page=True)
    assert (serious_faults(page), complaints) == ([], [])
