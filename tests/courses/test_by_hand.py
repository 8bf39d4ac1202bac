"""Videos that nobody can measure are marked as watched by hand, and the record says so (requirement C6)."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse

from courses.models import Completion, ContentItem, Course, Enrollment
from courses.progress.counting import standing_of
from courses.services.authoring import add_chapter, add_item, create_course
from courses.services.enrolling import enroll
from courses.services.publishing import publish_course
from media_library.models import Media
from media_library.models.media import LengthSource
from tests.media_library.hosted import hosted

pytestmark = pytest.mark.django_db

REFUSAL = "Only texts and resources are marked as done; what is measured or graded completes itself."
KNOWN: dict[str, Any] = {"duration": 60.0, "duration_source": LengthSource.HOST}


@dataclass
class Films:
    """A course of three videos: of a player that tells nothing, of unknown length, and one that is measured."""

    course: Course
    blind: ContentItem
    unmeasured: ContentItem
    measured: ContentItem
    place: Enrollment

    def page(self, item: ContentItem) -> str:
        return f"/harbor/courses/{self.course.slug}/learn/{item.pk}/"


@pytest.fixture
def films(scope: Any, alice: Any, bob: Any) -> Films:
    course = create_course(title="Films", by=alice)
    chapter = add_chapter(course, title="All")
    media = {
        "blind": hosted("loom", alice, **KNOWN),
        "unmeasured": hosted("youtube", alice),
        "measured": hosted("vimeo", alice, **KNOWN),
    }
    items = {name: add_item(chapter, by=alice, type="video", title=name, media=one) for name, one in media.items()}
    publish_course(course, by=alice)
    return Films(course, **items, place=enroll(course, user=bob))


def completions() -> list[tuple[str, str]]:
    return sorted(Completion.objects.values_list("item__title", "reason"))


def test_lesson_says_why_and_offers_the_button(films, bob, client_of):
    client = client_of(bob)

    pages = {
        name: client.get(films.page(getattr(films, name))).content.decode()
        for name in ("blind", "unmeasured", "measured")
    }

    assert {name: "Mark as watched" in page for name, page in pages.items()} == {
        "blind": True, "unmeasured": True, "measured": False,
    }  # fmt: skip
    standings = client.get(f"/harbor/courses/{films.course.slug}/progress/").content.decode()
    sentences = {
        "blind": "Progress is by hand here: its player does not say what was watched. Mark it as watched yourself.",
        "unmeasured": "nobody knows yet how long this is, so that no part of it can be measured. Mark it as watched",
    }
    said = [[words in pages[name], words in standings] for name, words in sentences.items()]
    assert said == [[True, True]] * 2
    assert {name: "data-media-percent" in page for name, page in pages.items()} == {
        "blind": False, "unmeasured": False, "measured": True,
    }  # fmt: skip


def test_marking_by_hand_is_recorded_as_such(films, bob, client_of, scope):
    client = client_of(bob)

    for item in (films.blind, films.unmeasured, films.blind):
        client.post(f"{films.page(item)}done/")

    assert completions() == [("blind", "by_hand"), ("unmeasured", "by_hand")]
    assert standing_of(films.place.pk).completed == 2
    assert "Mark as watched" not in client.get(films.page(films.blind)).content.decode()


def test_what_is_measured_is_not_marked_by_hand(films, bob, client_of):
    answer = client_of(bob).post(f"{films.page(films.measured)}done/", follow=True)

    assert [str(message) for message in answer.context["messages"]] == [REFUSAL]
    assert completions() == []


def test_once_the_length_is_known_it_is_measured(films, bob, client_of):
    Media.objects.filter(pk=films.unmeasured.media_id).update(duration=60, duration_source="players")

    client_of(bob).post(f"{films.page(films.unmeasured)}done/")

    assert completions() == []


def test_what_does_not_play_is_not_marked_by_hand(films, bob, client_of):
    Media.objects.filter(pk=films.blind.media_id).update(described_at=None)

    client_of(bob).post(f"{films.page(films.blind)}done/")

    assert completions() == []


def test_maker_who_previews_sees_no_button(films, alice, client_of):
    page = client_of(alice).get(films.page(films.blind)).content.decode()

    assert ("Progress is by hand" in page, "Mark as watched" in page) == (True, False)


def done_address(item: ContentItem) -> str:
    return reverse("api_item_done", args=["harbor", item.pk])


def test_api_marks_by_hand_what_the_page_does(films, alice, bob, charlie, client_of):
    answer = client_of(bob).post(done_address(films.blind))
    refused = client_of(bob).post(done_address(films.measured))
    others = [client_of(who).post(done_address(films.blind)).status_code for who in (alice, charlie)]

    assert (answer.status_code, answer.json()) == (200, {"completed": 1, "total": 3, "percentage": 33})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "not_by_hand")
    assert others == [404, 404]
    assert completions() == [("blind", "by_hand")]


def test_owner_sees_what_was_marked_by_hand(films, alice, bob, client_of):
    client_of(bob).post(done_address(films.blind))

    page = client_of(alice).get(reverse("admin:courses_enrollment_change", args=[films.place.pk]))

    shown = page.context["adminform"].model_admin
    assert (shown.progress(films.place), shown.by_hand(films.place)) == ("1 of 3 (33 %)", "blind")
    assert "Videos marked as watched by hand" in page.content.decode()


@pytest.mark.parametrize(("name", "statements"), [("measured", 9), ("blind", 9)])
def test_lesson_of_hosted_media_costs_one_statement_more(
    films, bob, client_of, django_assert_num_queries, name, statements
):
    client = client_of(bob)
    client.get(films.page(films.unmeasured))

    with django_assert_num_queries(statements):
        client.get(films.page(getattr(films, name)))
