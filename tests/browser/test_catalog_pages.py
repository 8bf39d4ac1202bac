"""What learners choose from and come back to, as it looks: catalogue, collection, course page, dashboard."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.tenancy import organization_scope
from courses.models import Certificate, Collection, Course, CourseCompletion, Enrollment
from courses.services.collections import put_courses, save_collection
from courses.services.enrolling import enroll
from media_library.models import Category
from media_library.services.shelving import save_category
from tests.browser.conftest import OF_LOOKS, keep_picture, serious_faults
from tests.courses.conftest import make_tides, watched
from tests.courses.homework import make_homework

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
LOOKS = {
    "desktop": (1280, "light"),
    "desktop_dark": (1280, "dark"),
    "phone": (320, "light"),
    "phone_dark": (320, "dark"),
}
COVER = Path(__file__).parents[2] / "media_library/demo/cover.jpg"
LONG = "A very long title about the Donaudampfschifffahrtsgesellschaftskapitän and everything that he knows of tides"


@pytest.fixture
def shown(organization: Any, alice: Any, bob: Any) -> None:
    """Three courses of bob's, one of them completed, one due, one with a picture and a long title."""
    with organization_scope(organization):
        sea = save_category(Category(name="Sea"), by=alice)
        inner = save_category(Category(name="Tides and currents"), by=alice)
        inner.parent = sea
        save_category(inner, by=alice)
        tides, long = make_tides(alice), make_tides(alice, title=LONG)
        homework = make_homework(alice, learner=bob)
        homework.ask(due_at=timezone.now() - timedelta(days=2))
        cover = default_storage.save("covers/cover.jpg", ContentFile(COVER.read_bytes()))
        Course.objects.filter(pk=tides.course.pk).update(thumbnail_path=cover, category=inner)
        Course.objects.filter(pk=long.course.pk).update(category=sea, level="advanced")
        tides.course.instructors.add(alice)
        shores = save_collection(Collection(title="Shores", description="All about *shores*."), by=alice)
        put_courses(shores, [tides.course.pk, long.course.pk], by=alice)
        deep = save_collection(Collection(title="Deep water", parent=shores), by=alice)
        put_courses(deep, [homework.course.pk], by=alice)
        place, done = enroll(tides.course, user=bob), enroll(long.course, user=bob)
        later = timezone.now() + timedelta(hours=1)
        Enrollment.objects.filter(pk=place.pk).update(last_accessed_at=later, ends_at=later + timedelta(days=3))
        watched(tides.media, bob, percent=40, position=48)
        CourseCompletion.objects.create(enrollment=done, counted=[])
        Certificate.objects.create(
            enrollment=done, number="ABCD-EFGH-JKLM", learner_name="Bob", course_title=LONG, completed_at=later
        )


def look_at(page: Page, address: str, name: str) -> None:
    for look, (width, scheme) in LOOKS.items():
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} {look} is too wide"
        assert serious_faults(page, only=() if look == "desktop" else OF_LOOKS) == [], f"{name} {look}"
        keep_picture(page, f"catalogue_{name}_{look}", full_page=True)


def test_pages_to_choose_and_come_back_to(shown: None, bob: Any, new_person: Any, complaints: list[str]) -> None:
    page = new_person(bob.email, java_script_enabled=True)

    look_at(page, "/harbor/", "whole")
    look_at(page, "/harbor/?q=a&category=sea&level=advanced&duration=short&sort=title", "filtered")
    look_at(page, "/harbor/?q=nothing", "empty")
    look_at(page, "/harbor/collections/shores/", "collection")
    look_at(page, "/harbor/courses/tides-and-currents/", "course")
    look_at(page, "/harbor/my/", "dashboard")

    assert complaints == []


def test_everything_works_without_javascript(shown: None, bob: Any, new_person: Any) -> None:
    page = new_person(bob.email, java_script_enabled=False, viewport={"width": 320, "height": 800})
    page.goto("/harbor/")

    page.locator("summary", has_text="Level").click()
    page.get_by_role("link", name="Advanced").click()
    expect(page.locator(".results__count")).to_have_text("1 course")
    keep_picture(page, "catalogue_menu_phone")
    page.locator("summary", has_text="Category").click()
    keep_picture(page, "catalogue_menu_open_phone")
    page.locator("summary", has_text="Category").click()
    page.get_by_role("link", name="Remove Advanced").click()
    expect(page.locator(".results__count")).to_have_text("3 courses")
    page.goto("/harbor/my/")
    page.get_by_role("link", name="Continue at 0:48").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The film")
