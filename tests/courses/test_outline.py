"""The order of a course: at once over the API, in parallel, and the chapter of the old kind."""

import itertools
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Organization, User
from core.tenancy import organization_scope
from courses.models import Chapter, ContentItem, Course
from courses.services.authoring import add_chapter, add_item
from courses.services.rearranging import reorder
from tests.courses.conftest import Tides, make_media, make_tides

ClientOf = Callable[[User], Client]
API = "/api/v1/harbor"
EDITORS = 20


def send(client: Client, method: str, path: str, body: Any = None) -> Any:
    return getattr(client, method)(f"{API}/{path}", body, content_type="application/json")


def order_of(course: Course) -> list[tuple[Any, list[Any]]]:
    chapters = Chapter.objects.filter(course=course).order_by("position")
    return [(one.pk, list(one.items.order_by("position").values_list("pk", flat=True))) for one in chapters]


def written(order: list[tuple[Any, list[Any]]]) -> dict[str, Any]:
    return {"chapters": [{"id": str(key), "items": [str(item) for item in items]} for key, items in order]}


@pytest.mark.django_db
def test_whole_order_is_written_at_once(tides: Tides, alice: User, client_of: ClientOf, scope: Organization) -> None:
    (first, (film, words)), (last, (quiz,)) = order_of(tides.course)
    wanted = [(last, [words]), (first, [quiz, film])]

    answer = send(client_of(alice), "post", f"courses/{tides.course.pk}/order/", written(wanted))

    tides.course.refresh_from_db()
    assert (answer.status_code, answer.json()) == (200, {"revision": tides.course.revision})
    assert order_of(tides.course) == wanted


@pytest.mark.django_db
def test_same_media_may_change_places_between_chapters(tides: Tides, alice: User, scope: Organization) -> None:
    chapter = tides.test.chapter
    twin = add_item(chapter, by=alice, type="video", title="Again", media=tides.media)
    wanted = [(tides.video.chapter_id, [twin.pk, tides.text.pk]), (chapter.pk, [tides.test.pk, tides.video.pk])]

    reorder(tides.course, wanted, by=alice)

    assert order_of(tides.course) == wanted


@pytest.mark.django_db
def test_wrong_order_is_told_by_field(
    tides: Tides, foreign_tides: Tides, alice: User, client_of: ClientOf, scope: Organization
) -> None:
    client, path, order = client_of(alice), f"courses/{tides.course.pk}/order/", order_of(tides.course)
    (first, (film, words)), (last, (quiz,)) = order
    foreign = foreign_tides.text.pk
    add_item(tides.test.chapter, by=alice, type="video", title="Again", media=tides.media)
    twin = ContentItem.objects.get(title="Again").pk
    wrong = [
        [(first, [film, words])], [(first, [film, words]), (last, [quiz, twin, foreign])],
        [(first, [film, words, words]), (last, [quiz, twin])], [(first, [film, words, twin]), (last, [quiz])],
        [(first, [film, words]), (uuid4(), [quiz, twin])],
    ]  # fmt: skip

    answers = [send(client, "post", path, written(one)) for one in wrong]

    told = [(one.status_code, one.json()["error"]["code"], sorted(one.json()["error"]["fields"])) for one in answers]
    assert told == [
        (400, "wrong_order", ["chapters", "items"]), (400, "wrong_order", ["items"]), (400, "wrong_order", ["items"]),
        (400, "wrong_order", ["items"]), (400, "wrong_order", ["chapters"]),
    ]  # fmt: skip
    assert send(client, "post", path, {"chapters": "x"}).status_code == 400
    assert order_of(tides.course) == [(first, [film, words]), (last, [quiz, twin])]


@pytest.mark.django_db
def test_order_upon_an_old_revision_is_refused(
    tides: Tides, alice: User, client_of: ClientOf, scope: Organization
) -> None:
    tides.course.refresh_from_db()
    body = {**written(order_of(tides.course)[::-1]), "revision": tides.course.revision - 1}

    stale = send(client_of(alice), "post", f"courses/{tides.course.pk}/order/", body)
    fresh = send(
        client_of(alice), "post", f"courses/{tides.course.pk}/order/", {**body, "revision": body["revision"] + 1}
    )

    assert (stale.status_code, stale.json()["error"]["code"], fresh.status_code) == (409, "outline_changed", 200)


@pytest.mark.django_db(transaction=True)
def test_twenty_parallel_reorders_end_in_one_that_was_asked_for(organization: Organization, alice: User) -> None:
    with organization_scope(organization):
        tides = make_tides(alice)
        chapters, items = [key for key, _ in order_of(tides.course)], [item.pk for item in tides.items]
    shuffled = random.Random(6)
    wanted = [_some_order(shuffled, chapters, items) for _ in range(EDITORS)]

    def write(order: list[tuple[Any, list[Any]]]) -> None:
        try:
            with organization_scope(organization):
                reorder(tides.course, order, by=alice)
        finally:
            connection.close()

    with ThreadPoolExecutor(EDITORS) as editors:
        list(editors.map(write, wanted))

    with organization_scope(organization):
        assert order_of(tides.course) in wanted
        assert list(Chapter.objects.order_by("position").values_list("position", flat=True)) == [1, 2]
        for chapter in chapters:
            places = ContentItem.objects.filter(chapter=chapter).order_by("position").values_list("position", flat=True)
            assert list(places) == list(range(1, len(places) + 1))
        assert Course.objects.get().revision == tides.course.revision + 5 + EDITORS


def _some_order(shuffled: random.Random, chapters: list[Any], items: list[Any]) -> list[tuple[Any, list[Any]]]:
    mixed, cut = shuffled.sample(items, len(items)), shuffled.randint(0, len(items))
    return list(zip(shuffled.sample(chapters, 2), (mixed[:cut], mixed[cut:]), strict=True))


@pytest.mark.django_db
def test_chapter_with_one_direct_video_reads_as_one_item(
    tides: Tides, alice: User, client_of: ClientOf, scope: Organization
) -> None:
    client, media = client_of(alice), make_media("Storm")
    body = {"title": "Weather", "description": "Wind.", "media": str(media.pk)}

    made = send(client, "post", f"courses/{tides.course.pk}/chapters/", body).json()
    for _ in range(2):
        send(client, "patch", f"chapters/{made['id']}/", {"media": str(media.pk)})

    items = send(client, "get", f"chapters/{made['id']}/items/").json()["results"]
    assert (made["title"], made["description"], "media" in made) == ("Weather", "Wind.", False)
    assert [(item["type"], item["title"], item["media"]) for item in items] == [("video", "Storm", str(media.pk))]


@pytest.mark.django_db
def test_rules_are_checked_by_what_the_course_has(
    tides: Tides, foreign_tides: Tides, alice: User, client_of: ClientOf, scope: Organization
) -> None:
    client = client_of(alice)

    def waits_for(item: ContentItem) -> dict[str, Any]:
        return {"availability": {"match": "all", "rules": [{"kind": "after_item", "item": str(item.pk)}]}}

    asked = waits_for(tides.text)
    good = send(client, "patch", f"items/{tides.test.pk}/", asked)
    bad = [
        send(client, "patch", f"items/{tides.test.pk}/", waits_for(foreign_tides.text)),
        send(client, "patch", f"items/{tides.test.pk}/", waits_for(tides.test)),
        send(client, "patch", f"chapters/{tides.text.chapter_id}/", waits_for(tides.text)),
        *(
            send(client, "patch", f"items/{tides.text.pk}/", {"availability": one})
            for one in ("soon", [], "", 0, False)
        ),
        send(client, "patch", f"chapters/{tides.text.chapter_id}/", {"availability": []}),
    ]
    tides.text.delete()
    renamed = send(client, "patch", f"items/{tides.test.pk}/", {"title": "Still here"})

    assert (good.status_code, good.json()["availability"]) == (200, asked["availability"])
    assert [(one.status_code, list(one.json()["error"]["fields"])) for one in bad] == [(400, ["availability"])] * 9
    assert renamed.status_code == 200


@pytest.mark.django_db
def test_items_hold_assignments_and_resources(
    tides: Tides, alice: User, client_of: ClientOf, scope: Organization
) -> None:
    client, chapter = client_of(alice), tides.test.chapter_id
    add_chapter(tides.course, title="Last")
    unfit = [
        send(client, "post", f"chapters/{chapter}/items/", {"type": kind, "title": "x"}).json()["error"]["fields"]
        for kind in ("assignment", "resource")
    ]

    assert [list(fields) for fields in unfit] == [["assignment"], ["resource"]]
    assert list(itertools.chain(*(items for _, items in order_of(tides.course)))) == [one.pk for one in tides.items]
