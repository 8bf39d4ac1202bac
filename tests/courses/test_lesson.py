"""The learn space, and what it costs."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Organization, Role, User
from core.tenancy import organization_scope
from courses.models import Chapter, Completion, ContentItem, Enrollment
from courses.services.authoring import add_item
from courses.services.enrolling import enroll
from courses.services.publishing import unpublish_course
from tests.courses.conftest import Tides, fill, make_media, watched
from tests.courses.homework import Homework

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def lesson_address(tides: Tides, item: ContentItem) -> str:
    return f"/harbor/courses/{tides.course.slug}/learn/{item.pk}/"


@pytest.mark.parametrize("hidden", ["item", "course"])
def test_what_is_not_published_is_a_preview_also_for_a_maker_who_takes_the_course(
    hidden: str, homework: Homework, alice: User, client_of: ClientOf, scope: Organization
) -> None:
    enroll(homework.course, user=alice)
    client, items = client_of(alice), (homework.chart, homework.essay)
    if hidden == "course":
        unpublish_course(homework.course, by=alice)
    else:
        ContentItem.objects.update(state="draft")

    pages = [client.get(homework.page(item)).content.decode() for item in items]
    file = client.get(homework.page(homework.chart, "open/"))

    offered = [[door in page for door in ('action="done/"', 'action="work/"')] for page in pages]
    assert ([">Preview<" in page for page in pages], offered) == ([True] * 2, [[False] * 2] * 2)
    assert (file.status_code, b"".join(file)) == (200, b"%PDF-1.4 tides")


@pytest.mark.parametrize("name", ["lesson", "mark_done", "start_quiz"])
def test_foreign_lesson_is_not_found_in_ones_own_organization(
    tides: Tides, foreign_tides: Tides, alice: User, client_of: ClientOf, name: str
) -> None:
    address = reverse(f"courses:{name}", args=["harbor", tides.course.slug, foreign_tides.text.pk])
    client = client_of(alice)

    assert (client.get if name == "lesson" else client.post)(address).status_code == 404


def test_enrolling_leads_to_the_first_lesson(tides: Tides, bob: User, client_of: ClientOf) -> None:
    answer = client_of(bob).post("/harbor/courses/tides-and-currents/enroll/", follow=True)

    assert answer.redirect_chain[-1] == (lesson_address(tides, tides.video), 302)


def test_enrolling_in_an_open_organization_makes_a_learner_of_a_stranger(
    tides: Tides, open_organization: Organization, charlie: User, client_of: ClientOf
) -> None:
    client_of(charlie).post("/harbor/courses/tides-and-currents/enroll/")

    membership = Membership.objects.get(organization=open_organization, user=charlie)
    with organization_scope(open_organization):
        assert (membership.role, Enrollment.objects.filter(user=charlie).count()) == (Role.LEARNER, 1)


def test_enrolling_after_membership_ended_is_refused(
    tides: Tides, open_organization: Organization, bob: User, client_of: ClientOf
) -> None:
    Membership.objects.filter(user=bob).update(is_active=False)

    client_of(bob).post("/harbor/courses/tides-and-currents/enroll/")

    with organization_scope(open_organization):
        assert Enrollment.objects.count() == 0


def test_learn_goes_on_at_the_last_lesson(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    client = client_of(bob)
    client.get(lesson_address(tides, tides.text))

    assert client.get("/harbor/courses/tides-and-currents/learn/").url == lesson_address(tides, tides.text)


def test_learn_passes_over_what_is_done(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    client = client_of(bob)
    client.post(f"{lesson_address(tides, tides.text)}done/")
    client.get(lesson_address(tides, tides.text))

    assert client.get("/harbor/courses/tides-and-currents/learn/").url == lesson_address(tides, tides.test)


def test_lesson_sends_who_is_not_enrolled_to_the_course(tides: Tides, bob: User, client_of: ClientOf) -> None:
    answer = client_of(bob).get(lesson_address(tides, tides.video))

    assert (answer.status_code, answer.url) == (302, "/harbor/courses/tides-and-currents/")


def test_lesson_is_a_preview_for_a_maker(tides: Tides, alice: User, client_of: ClientOf) -> None:
    answer = client_of(alice).get(lesson_address(tides, tides.video))

    assert (answer.status_code, answer.context["item"].enrollment_id) == (200, None)


def test_lesson_shows_the_player_of_its_video(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    watched(tides.media, bob, percent=40, position=48)

    player = client_of(bob).get(lesson_address(tides, tides.video)).context["player"]

    assert (player.media_id, player.item_id, player.position) == (tides.media.pk, tides.video.pk, 48)


@pytest.mark.parametrize(("kind", "statements"), [("video", 8), ("text", 6), ("test", 8)])
def test_lesson_costs_at_most_eight_statements(
    tides: Tides, bobs_place: Enrollment, bob: User, alice: User, client_of: ClientOf, kind: str, statements: int,
    scope: Organization, django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    fill(tides, alice, 100)
    watched(tides.media, bob, percent=40, position=48)
    client = client_of(bob)

    with django_assert_num_queries(statements):
        client.get(lesson_address(tides, getattr(tides, kind)))


def test_lesson_with_a_hundred_items_stays_small(
    tides: Tides, bobs_place: Enrollment, bob: User, alice: User, client_of: ClientOf, scope: Organization
) -> None:
    fill(tides, alice, 97)

    answer = client_of(bob).get(lesson_address(tides, tides.video))

    assert (answer.content.count(b"outline__link"), len(answer.content) <= 45_000) == (100, True)


def test_second_look_within_a_minute_writes_nothing(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization,
    django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    client = client_of(bob)
    client.get(lesson_address(tides, tides.text))

    with django_assert_num_queries(5):
        client.get(lesson_address(tides, tides.text))

    bobs_place.refresh_from_db()
    assert bobs_place.last_item_id == tides.text.pk


def test_marking_a_text_as_done_completes_it_once(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    client = client_of(bob)
    for _ in range(2):
        client.post(f"{lesson_address(tides, tides.text)}done/")

    assert list(Completion.objects.values_list("item", "reason")) == [(tides.text.pk, "read")]


def test_video_cannot_be_marked_as_done(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    answer = client_of(bob).post(f"{lesson_address(tides, tides.video)}done/", follow=True)

    assert [str(message) for message in answer.context["messages"]] == [
        "Only texts and resources are marked as done; what is measured or graded completes itself."
    ]
    assert Completion.objects.count() == 0


def test_unready_media_in_a_preview_says_so(
    tides: Tides, alice: User, client_of: ClientOf, scope: Organization
) -> None:
    chapter = tides.video.chapter
    item = add_item(chapter, by=alice, type="video", title="Later", media=make_media("Later", ready=False))

    assert b"still being prepared" in client_of(alice).get(lesson_address(tides, item)).content


def test_lesson_of_a_completed_course_leads_to_the_certificate(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    client, notice = client_of(bob), "data-course-complete hidden>"
    before = client.get(lesson_address(tides, tides.text)).content.decode()
    for item in tides.items:
        Completion.objects.create(item=item, enrollment=bobs_place, reason="read")

    after = client.get(lesson_address(tides, tides.text)).content.decode()

    assert (before.count(notice), after.count(notice)) == (1, 0)
    assert [after.count(part) for part in ("You have completed this course.", 'href="../../certificate/"')] == [1, 1]


def test_descriptions_of_items_and_chapters_are_shown(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    ContentItem.objects.of_course(tides.course).update(description="About *this*.")
    Chapter.objects.filter(title="Endings").update(description="Read *slowly*.")
    client = client_of(bob)

    lessons = [client.get(f"/harbor/courses/{tides.course.slug}/learn/{one.pk}/") for one in tides.items]
    course = client.get(f"/harbor/courses/{tides.course.slug}/")

    assert [page.content.count(b"About <em>this</em>.") for page in lessons] == [1, 1, 1]
    assert course.content.count(b"Read <em>slowly</em>.") == 1
