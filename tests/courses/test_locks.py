"""A locked item, tried at every door: before it opens, after, and when the course or one's access has ended."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Organization, User
from core.tenancy import organization_scope
from courses.models import Chapter, Completion, ContentItem, Course, Enrollment, Grade, Reason
from courses.services.authoring import save_chapter, save_item
from courses.services.availability import open_in_order, open_side_by_side
from courses.services.enrolling import enroll
from courses.services.progress import complete_item
from tests.courses.conftest import Tides, fill
from tests.courses.places import API, COURSE_DOORS, COURSE_PAGES, ITEMS, MEDIA, OWN, seen
from tests.courses.school import School

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
LATER, EARLIER = timedelta(days=2), timedelta(days=-2)
AFTER_PREVIOUS = {"rules": [{"kind": "after_previous"}]}


def from_date(distance: timedelta) -> dict[str, Any]:
    return {"rules": [{"kind": "date", "at": (timezone.now() + distance).isoformat()}]}


def lesson(tides: Tides, item: ContentItem, page: str = "") -> str:
    return f"/harbor/courses/{tides.course.slug}/learn/{item.pk}/{page}"


def lock(row: ContentItem | Chapter, rules: dict[str, Any]) -> None:
    row.availability = rules
    save_item(row, by=None) if isinstance(row, ContentItem) else save_chapter(row)


@pytest.fixture
def alone(school: School, scope: Organization) -> School:
    """What everybody takes is all that there is: the open library is another matter."""
    return school


@pytest.mark.parametrize("where", ["item", "chapter", "opens_at", "closes_at", "ends_at"])
def test_every_door_is_shut_to_a_learner_and_opens_in_its_time(where: str, alone: School, client_of: ClientOf) -> None:
    client = client_of(alone.people["customer"])

    change(where, alone, shut=True)
    shut = seen({**ITEMS, **MEDIA}, client, alone)
    change(where, alone, shut=False)
    opened = seen({**ITEMS, **MEDIA}, client_of(alone.people["customer"]), alone)

    assert shut == {name: [] for name in (*ITEMS, *MEDIA)}
    assert opened == {name: ["taken"] for name in (*ITEMS, *MEDIA)}


def change(where: str, school: School, *, shut: bool) -> None:
    course = Course.objects.get(slug="taken")
    distance = LATER if shut else EARLIER
    match where:
        case "item":
            for row in ContentItem.objects.filter(chapter__course=course):
                lock(row, from_date(distance))
        case "chapter":
            lock(course.chapters.get(), from_date(distance))
        case "opens_at":
            Course.objects.filter(pk=course.pk).update(opens_at=timezone.now() + distance)
        case "closes_at":
            Course.objects.filter(pk=course.pk).update(closes_at=timezone.now() - distance)
        case "ends_at":
            Enrollment.objects.filter(course=course).update(ends_at=timezone.now() - distance)


def test_course_itself_stays_in_sight_when_ones_time_is_over(alone: School, client_of: ClientOf) -> None:
    places = {**COURSE_PAGES, **COURSE_DOORS, **OWN}
    client = client_of(alone.people["customer"])
    before = seen(places, client, alone)

    Enrollment.objects.update(ends_at=timezone.now() + EARLIER)

    assert seen(places, client, alone) == before


def test_makers_are_never_locked_out(alone: School, client_of: ClientOf) -> None:
    client = client_of(alone.people["maker"])
    before = seen({**ITEMS, **MEDIA}, client, alone)

    lock(Chapter.objects.get(title="Chapter taken"), from_date(LATER))
    Course.objects.update(closes_at=timezone.now() + EARLIER)

    assert seen({**ITEMS, **MEDIA}, client, alone) == before


def test_locked_media_opens_by_what_else_shows_it(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    page = f"/harbor/media/{tides.media.pk}/"
    client = client_of(bob)
    lock(tides.video, from_date(LATER))
    locked = client.get(page).status_code

    chapter = Chapter.objects.get(title="Endings")
    again = ContentItem.objects.create(chapter=chapter, type="video", title="Again", media=tides.media, position=9)

    assert (locked, client.get(page).status_code) == (404, 200)
    lock(again, {"rules": [{"kind": "after_item", "item": str(tides.text.pk)}]})
    assert client.get(page).status_code == 404
    complete_item(tides.text, enrollment=bobs_place, reason=Reason.READ)
    assert client.get(page).status_code == 200


# --- Pages ---


def test_locked_lesson_says_when_and_why_and_nothing_of_what_it_holds(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    tides.text.description = "A secret description"
    lock(tides.text, {"rules": [{"kind": "date", "at": "2099-05-03T00:00:00+02:00"}]})

    answer = client_of(bob).get(lesson(tides, tides.text))

    page = answer.content.decode()
    assert answer.status_code == 403
    assert [template.name for template in answer.templates][0] == "courses/lesson_locked.html"
    assert (answer.context["lock"].reasons, answer.context["instead"].id) == (
        ("Opens on 3 May 2099, 00:00.",), tides.video.pk,
    )  # fmt: skip
    told = [words for words in ("Some <strong>bold", "bold", "secret", "done/", "m3u8", "/media/") if words in page]
    assert told == []
    bobs_place.refresh_from_db()
    assert bobs_place.last_item_id is None


def test_outline_tells_when_and_why_without_a_link(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    lock(tides.test, {"rules": [{"kind": "after_item", "item": str(tides.text.pk)}]})
    addresses = (lesson(tides, tides.video), f"/harbor/courses/{tides.course.slug}/")

    pages = [client_of(bob).get(address).content.decode() for address in addresses]

    for page in pages:
        outline = page[page.index('<div class="outline"') :]
        assert [outline.count(text) for text in (
            "data-state=locked", "<span class=outline__lock>Complete “The words” first.</span>", "Locked</span>",
            f"{tides.test.pk}/",
        )] == [1, 1, 1, 0]  # fmt: skip


def test_primary_button_passes_over_what_is_locked(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    client, address = client_of(bob), f"/harbor/courses/{tides.course.slug}/"
    lock(tides.video, from_date(LATER))
    first = client.get(address).context["step"]

    complete_item(tides.text, enrollment=bobs_place, reason=Reason.READ)
    complete_item(tides.test, enrollment=bobs_place, reason=Reason.PASSED)
    waiting = client.get(address).context["step"]

    opens = ContentItem.objects.get(pk=tides.video.pk).availability["rules"][0]["at"]
    moment = datetime.fromisoformat(opens).astimezone(scope.zone)
    assert (first.label, first.item.id) == ("Start", tides.text.pk)
    assert (waiting.label, waiting.item.id) == (f"Opens on {moment:%-d %B %Y, %H:%M}", tides.video.pk)
    assert client.get(f"{address}learn/").url == lesson(tides, tides.video)


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        ({"opens_at": "2099-01-01T12:00+00:00"}, "The course opens on 1 January 2099, 13:00."),
        ({"closes_at": "2020-01-01T12:00+00:00"}, "The course ended on 1 January 2020, 13:00."),
    ],
)
def test_course_page_says_that_the_course_is_not_open(
    dates: dict[str, str], sentence: str, tides: Tides, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    address = f"/harbor/courses/{tides.course.slug}/"
    enroll(tides.course, user=bob)
    Course.objects.update(**{name: datetime.fromisoformat(value) for name, value in dates.items()})

    pages = [client_of(bob).get(address), Client().get(address)]

    assert pages[0].context["opening"].reasons == (sentence,)
    page = pages[0].content.decode()
    assert (sentence in page, "button--primary button--wide" in page) == (True, False)


def test_one_may_enroll_before_the_course_opens_and_waits(
    tides: Tides, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    Course.objects.update(opens_at=timezone.now() + LATER)

    client = client_of(bob)
    client.post(f"/harbor/courses/{tides.course.slug}/enroll/")

    assert Enrollment.objects.filter(user=bob, is_active=True).count() == 1
    assert client.get(lesson(tides, tides.video)).status_code == 403


def test_what_was_done_never_locks_again(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    client = client_of(bob)
    client.post(lesson(tides, tides.text, "done/"))

    lock(tides.text, from_date(LATER))
    lock(tides.text.chapter, from_date(LATER))

    addresses = [lesson(tides, item) for item in (tides.text, tides.video)]
    assert [client.get(address).status_code for address in addresses] == [200, 403]


def test_days_count_from_enrollment_and_not_from_visits(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    lock(tides.video, {"rules": [{"kind": "days", "days": 3}]})
    Enrollment.objects.update(started_at=timezone.now() - timedelta(days=3), last_accessed_at=timezone.now())

    client = client_of(bob)
    client.get(lesson(tides, tides.text))

    assert client.get(lesson(tides, tides.video)).status_code == 200


def test_score_opens_what_waits_for_it(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    lock(tides.text, {"rules": [{"kind": "min_score", "item": str(tides.test.pk), "percent": 80}]})
    grade = Grade.objects.create(enrollment=bobs_place, item=tides.test, percent="79.9")
    client = client_of(bob)

    told = client.get(lesson(tides, tides.text)).context["lock"].reasons
    grade.percent = 80
    grade.save()

    assert told == ("Score at least 80 % in “The quiz” first (you have 79 %).",)
    assert client.get(lesson(tides, tides.text)).status_code == 200


# --- Doors that write ---


def test_locked_item_takes_nothing(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    client = client_of(bob)
    for item in tides.items:
        lock(item, from_date(LATER))

    answers = [
        client.post(lesson(tides, tides.text, "done/")),
        client.post(f"{API}/items/{tides.text.pk}/done/"),
        client.post(f"{API}/quizzes/{tides.quiz.pk}/attempts/", {"answers": {}}, content_type="application/json"),
        client.post(f"{API}/watch/sessions/", {"media": str(tides.media.pk)}, content_type="application/json"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 404]
    assert [answer.json()["error"]["code"] for answer in answers[1:3]] == ["locked", "locked"]
    assert Completion.objects.count() == 0


def test_page_that_is_refused_says_why(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    lock(tides.text, {"rules": [{"kind": "after_item", "item": str(tides.video.pk)}]})

    page = client_of(bob).post(lesson(tides, tides.text, "done/"))
    told = client_of(bob).post(lesson(tides, tides.text, "done/"), headers={"accept": "application/json"})

    assert (page.status_code, page.context["message"]) == (403, "Complete “The film” first.")
    assert told.json() == {
        "error": {
            "code": "locked", "message": "Complete “The film” first.",
            "fields": {"item": ["Complete “The film” first."]},
        }
    }  # fmt: skip


# --- API ---


def test_structure_tells_what_is_locked(
    tides: Tides, bobs_place: Enrollment, alice: User, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    lock(tides.text, {"rules": [{"kind": "date", "at": "2099-05-03T00:00:00+02:00"}]})
    lock(tides.test.chapter, AFTER_PREVIOUS)
    path = f"{API}/courses/{tides.course.pk}/structure/"

    theirs, makers = (client_of(person).get(path).json()["chapters"] for person in (bob, alice))

    assert [_told(item) for chapter in theirs for item in chapter["items"]] == [
        (False, None, []),
        (True, "2099-05-02T22:00:00Z", ["Opens on 3 May 2099, 00:00."]),
        (True, None, ["Complete “Beginnings” first."]),
    ]
    assert [_told(item) for chapter in makers for item in chapter["items"]] == [(False, None, [])] * 3


def _told(item: dict[str, Any]) -> tuple[Any, ...]:
    return item["locked"], item["opens_at"], item["reasons"]


def test_locked_item_of_the_api_says_why(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    lock(tides.text, {"rules": [{"kind": "after_item", "item": str(tides.video.pk)}]})
    client = client_of(bob)

    answer = client.get(f"{API}/items/{tides.text.pk}/")
    listed = client.get(f"{API}/chapters/{tides.text.chapter_id}/items/").json()["results"]

    assert (answer.status_code, answer.json()["error"]) == (
        403,
        {"code": "locked", "message": "Complete “The film” first.", "fields": {"item": ["Complete “The film” first."]}},
    )
    assert [item["id"] for item in listed] == [str(tides.video.pk)]


# --- What it costs ---


@pytest.mark.parametrize(
    ("rules", "statements"),
    [({}, 5), (AFTER_PREVIOUS, 5), ({"rules": [{"kind": "min_score", "item": "test", "percent": 1}]}, 6)],
)
def test_locks_cost_a_statement_only_where_scores_are_asked_for(
    rules: dict[str, Any], statements: int, tides: Tides, bobs_place: Enrollment, alice: User, bob: User,
    client_of: ClientOf, scope: Organization, django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    fill(tides, alice, 100)
    named = [{**rule, **({"item": str(tides.test.pk)} if "item" in rule else {})} for rule in rules.get("rules", [])]
    lock(Chapter.objects.get(title="Many"), {"rules": named} if named else {})
    client = client_of(bob)
    client.get(lesson(tides, tides.text))

    with django_assert_num_queries(statements):
        client.get(lesson(tides, tides.text))


# --- Verbs ---


def test_chapters_open_one_after_another_and_side_by_side_again(
    tides: Tides, alice: User, bob: User, bobs_place: Enrollment, client_of: ClientOf, scope: Organization
) -> None:
    first, second = tides.course.chapters.order_by("position")
    lock(second, {"rules": [{"kind": "days", "days": 0}]})

    changed = [open_in_order(tides.course, by=alice), open_in_order(tides.course, by=alice)]
    shut = client_of(bob).get(lesson(tides, tides.test)).status_code
    second.refresh_from_db()
    rules = [rule["kind"] for rule in second.availability["rules"]]
    again = open_side_by_side(tides.course, by=alice)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (changed, again, shut, rules) == ([1, 0], 1, 403, ["days", "after_previous"])
    assert (first.availability, second.availability) == (
        {}, {"match": "all", "rules": [{"kind": "days", "days": 0}]},
    )  # fmt: skip


def test_foreign_rules_never_reach_into_another_organization(
    tides: Tides, foreign_tides: Tides, other_organization: Organization, bob: User, bobs_place: Enrollment,
    client_of: ClientOf,
) -> None:  # fmt: skip
    with organization_scope(other_organization):
        lock(foreign_tides.video, from_date(LATER))

    assert client_of(bob).get(lesson(tides, tides.video)).status_code == 200
