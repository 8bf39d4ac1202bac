"""Media in an order of somebody's own, and the courses that are made of it."""

import json
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core.errors import Refused
from core.tenancy import organization_scope
from courses.models import ContentItem, Course
from courses.services.playlist_courses import course_from_playlist
from media_library.models import Playlist, PlaylistEntry, Publication
from media_library.services import playlists
from media_library.services.playlists import (
    add_media,
    delete_playlist,
    remove_media,
    reorder_playlist,
    save_playlist,
    share_playlist,
    stop_sharing,
)
from media_library.services.publishing import archive_media
from tests.courses.conftest import watched
from tests.courses.school import make_media

pytestmark = pytest.mark.django_db
API = "/api/v1/harbor/playlists/"
UNKNOWN = "01a1f8ba-0000-7000-8000-000000000000"


@pytest.fixture
def films(scope):
    return [make_media(f"Film {number}", seconds=60 * number) for number in range(1, 4)]


@pytest.fixture
def evenings(scope, alice):
    return save_playlist(Playlist(title=" Evenings\n", description="By the *sea*"), by=alice)


def keys(films):
    return [film.pk for film in films]


def listed(playlist):
    entries = PlaylistEntry.objects.filter(playlist=playlist).order_by("position")
    return list(entries.values_list("media__title", "position"))


def test_playlist_is_filled_moved_and_emptied_without_gaps(evenings, films, alice):
    first, second, third = films

    assert add_media(evenings, keys([first, second, first]), by=alice) == 2
    assert add_media(evenings, keys([second, third]), by=alice, position=2) == 1
    assert listed(evenings) == [("Film 1", 1), ("Film 3", 2), ("Film 2", 3)]

    reorder_playlist(evenings, keys([second]), by=alice)
    assert listed(evenings) == [("Film 2", 1), ("Film 1", 2), ("Film 3", 3)]

    remove_media(evenings, first.pk, by=alice)
    assert listed(evenings) == [("Film 2", 1), ("Film 3", 2)]
    assert (evenings.title, evenings.created_by) == ("Evenings", alice)


def test_playlists_that_cannot_be_are_refused(evenings, films, alice, monkeypatch):
    def refused(verb, *arguments):
        with pytest.raises(Refused) as refusal:
            verb(*arguments, by=alice)
        return refusal.value.code

    monkeypatch.setattr(playlists, "MOST_ENTRIES", 2)
    assert refused(save_playlist, Playlist(title=" ")) == "title_missing"
    assert refused(add_media, evenings, [UNKNOWN]) == "unknown_media"
    assert refused(add_media, evenings, keys(films)) == "too_many"
    assert refused(reorder_playlist, evenings, keys(films)) == "unknown_media"
    assert refused(remove_media, evenings, films[0].pk) == "not_in_playlist"


def test_a_new_title_leaves_what_was_changed_meanwhile(evenings, alice):
    share_playlist(evenings, by=alice)
    held = Playlist.objects.get(pk=evenings.pk)
    stop_sharing(evenings, by=alice)
    held.title = "Nights"

    save_playlist(held, by=alice, written=["title"])

    assert Playlist.objects.filter(pk=held.pk).values_list("title", "status").get() == ("Nights", "draft")
    held_twice = Playlist.objects.get(pk=held.pk)
    delete_playlist(held, by=alice)
    with pytest.raises(Refused) as refusal:
        save_playlist(held_twice, by=alice, written=["title"])
    assert (refusal.value.code, refusal.value.status) == ("playlist_gone", 404)


def test_duplicated_media_gives_its_place_to_the_first(evenings, films, alice):
    first, second, third = films
    both = save_playlist(Playlist(title="Both"), by=alice)
    add_media(evenings, keys([third, second]), by=alice)
    add_media(both, keys([second, first]), by=alice)

    playlists.list_instead(second, first)

    assert [name for name, _place in listed(evenings)] == ["Film 3", "Film 1"]
    assert [name for name, _place in listed(both)] == ["Film 1"]


def test_course_of_a_playlist_is_a_draft_with_its_media_in_order(evenings, films, alice):
    first, second, third = films
    add_media(evenings, keys([third, first, second]), by=alice)
    archive_media(first, by=alice)

    course, again = (course_from_playlist(evenings, by=alice) for _each in range(2))

    items = ContentItem.objects.of_course(course).in_order().values_list("chapter__title", "type", "title", "position")
    assert list(items) == [("Evenings", "video", "Film 3", 1), ("Evenings", "video", "Film 2", 2)]
    assert (course.title, course.description, course.is_published) == ("Evenings", "By the *sea*", False)
    assert (course.created_by, course.slug, again.slug) == (alice, "evenings", "evenings-2")


def test_course_of_an_empty_playlist_is_refused(evenings, alice):
    with pytest.raises(Refused) as refusal:
        course_from_playlist(evenings, by=alice)

    assert (refusal.value.code, refusal.value.status, Course.objects.count()) == ("playlist_empty", 409, 0)


def test_api_makes_fills_orders_and_turns_into_a_course(films, alice, bob, client_of):
    ids = [str(key) for key in keys(films)]
    with organization_scope(None):
        maker, learner = client_of(alice), client_of(bob)

        def call(client, method, path="", body=None):
            return client.generic(method, f"{API}{path}", json.dumps(body), content_type="application/json")

        def media(answer):
            return [entry["media"] for entry in answer.json()["results"]]

        one = call(maker, "POST", body={"title": "Evenings", "type": "course"}).json()
        page = f"{one['id']}/"
        added = media(call(maker, "POST", f"{page}entries/", {"media": ids}))
        ordered = media(call(maker, "POST", f"{page}order/", {"media": ids[::-1]}))
        gone = call(maker, "DELETE", f"{page}entries/{ids[0]}/").status_code
        left = call(maker, "GET", page).json()
        course = call(maker, "POST", f"{page}course/")
        renamed = call(maker, "PATCH", page, {"title": "Nights", "status": "published"}).json()
        unknown = call(maker, "POST", f"{page}entries/", {"media": [UNKNOWN]})
        forbidden = [
            call(learner, "PATCH", page, {"title": "Mine"}).status_code, call(learner, "POST").status_code,
            call(learner, "POST", f"{page}course/").status_code,
        ]  # fmt: skip
        deleted = call(maker, "DELETE", page).status_code

    assert (one["type"], one["status"], one["created_by"]) == ("course", "draft", str(alice.pk))
    assert (added, ordered, gone) == (ids, ids[::-1], 204)
    assert (left["media_count"], left["seconds"]) == (2, 300.0)
    assert (course.status_code, course.json()["title"], course.json()["is_published"]) == (201, "Evenings", False)
    assert (renamed["title"], renamed["status"], unknown.json()["error"]["code"]) == (
        "Nights", "published", "unknown_media",
    )  # fmt: skip
    assert (forbidden, deleted) == ([403, 400, 403], 204)


@pytest.mark.parametrize("count", [1, 20])
def test_lists_cost_the_same_for_any_number(scope, alice, client_of, count, django_assert_num_queries):
    for number in range(count):
        made = save_playlist(Playlist(title=f"List {number}"), by=alice)
        add_media(made, [make_media(f"Film {number} {one}").pk for one in range(2)], by=alice)
    client = client_of(alice)

    with django_assert_num_queries(6):
        client.get(API)
    with django_assert_num_queries(6):
        client.get(f"{API}{made.pk}/entries/")


def test_own_lists_of_people_are_nobody_elses(evenings, bob, alice, client_of):
    Playlist.objects.create(title="Bob's", owner=bob)
    client = client_of(alice)

    assert [one["title"] for one in client.get(API).json()["results"]] == ["Evenings"]
    assert "Bob" not in client.get("/admin/media_library/playlist/").content.decode()


def test_back_office_lists_saves_in_order_and_makes_courses(films, alice, client_of):
    first, second, _third = films
    client = client_of(alice)
    rows = {
        "title": "Evenings", "type": "course", "status": "draft",
        "entries-TOTAL_FORMS": "3", "entries-INITIAL_FORMS": "0",
        "entries-0-media": str(first.pk), "entries-0-position": "2",
        "entries-1-media": str(second.pk), "entries-1-position": "1",
    }  # fmt: skip

    twice = client.post("/admin/media_library/playlist/add/", {**rows, "entries-2-media": str(first.pk)})
    client.post("/admin/media_library/playlist/add/", {**rows, "entries-TOTAL_FORMS": "2"})
    made = Playlist.objects.get()
    before = client.get("/admin/media_library/playlist/").content.decode()
    chosen = {"action": "make_courses", "_selected_action": [str(made.pk)]}
    answer = client.post("/admin/media_library/playlist/", chosen)

    course = Course.objects.get()
    assert (twice.status_code, listed(made), "3 min" in before) == (200, [("Film 2", 1), ("Film 1", 2)], True)
    assert answer.url == f"/admin/courses/course/{course.pk}/change/#outline"


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Alps", "Coast", "Dunes"]),
        ("type=podcast", ["Dunes"]),
        ("status=published", ["Coast"]),
        ("owner=me", ["Alps"]),
        ("q=sand+sea", ["Dunes"]),
        ("ordering=-title", ["Dunes", "Coast", "Alps"]),
        ("ordering=created_at", ["Coast", "Dunes", "Alps"]),
        ("owner=library&ordering=title", ["Coast", "Dunes"]),
    ],
)
def test_lists_are_narrowed_and_ordered(scope, alice, client_of, query, titles):
    for facts in (
        {"title": "Coast", "status": "published"},
        {"title": "Dunes", "type": "podcast", "description": "Of sand, at the SEA"},
        {"title": "Alps", "owner": alice},
    ):
        Playlist.objects.create(**facts)
    found = client_of(alice).get(f"{API}?{query}").json()["results"]

    assert [one["title"] for one in found] == titles


def test_nonsense_in_a_query_of_lists_is_named(scope, alice, client_of):
    error = client_of(alice).get(f"{API}?type=x&status=x&owner=x&ordering=length").json()["error"]

    assert (error["code"], sorted(error["fields"])) == ("invalid", ["ordering", "owner", "status", "type"])


def test_api_is_for_ones_own_lists_too(scope, alice, bob, charlie, client_of):
    films = [make_media(f"Film {number}", seconds=60) for number in range(3)]
    for one in films[:2]:
        one.publication = Publication.PUBLISHED
        one.save()
    ids = [str(one.pk) for one in films]
    library = save_playlist(Playlist(title="Tides", status="published"), by=alice)
    add_media(library, keys(films), by=alice)
    watched(films[0], bob)

    with organization_scope(None):
        maker, learner, foreign = client_of(alice), client_of(bob), client_of(charlie)

        def call(client, method, path="", body=None):
            return client.generic(method, f"{API}{path}", json.dumps(body), content_type="application/json")

        def titles(client, query=""):
            return [one["title"] for one in call(client, "GET", query).json()["results"]]

        mine = call(learner, "POST", body={"title": "Mine", "own": True}).json()
        not_mine = call(learner, "POST", body={"title": "The library's"})
        page = f"{mine['id']}/"
        refused = call(learner, "POST", f"{page}entries/", {"media": ids}).json()["error"]["code"]
        added = call(learner, "POST", f"{page}entries/", {"media": ids[:2]}).json()["results"]
        picture = BytesIO()
        Image.new("RGB", (64, 36)).save(picture, "PNG")
        upload = SimpleUploadedFile("cover.png", picture.getvalue())
        no_picture = learner.post(f"{API}{page}cover/", {"file": SimpleUploadedFile("cover.png", b"x")}).json()["error"]
        covered = learner.post(f"{API}{page}cover/", {"file": upload}).json()["cover"]
        shown = b"".join(learner.get(covered).streaming_content)[:3]
        private = [call(one, "GET", page).status_code for one in (maker, foreign)]
        shared = call(learner, "PATCH", page, {"status": "published"}).json()
        read_only = [call(maker, method, page, {"title": "No"}).status_code for method in ("GET", "PATCH", "DELETE")]
        seen = call(learner, "GET", f"{library.pk}/").json()
        lists = [titles(learner), titles(learner, "?owner=me"), titles(maker, "?owner=members")]
        unknown = call(learner, "GET", "?owner=x").status_code
        gone = [call(learner, "DELETE", f"{page}cover/").status_code, learner.get(covered).status_code]

    assert (mine["owner"], not_mine.json()["error"]["code"], refused) == ("me", "library_of_makers", "unknown_media")
    assert (no_picture["code"], list(no_picture["fields"])) == ("not_a_picture", ["file"])
    assert [(one["title"], one["completed"]) for one in added] == [("Film 0", True), ("Film 1", False)]
    assert (shown, private, read_only, unknown, gone) == (b"\xff\xd8\xff", [404, 404], [200, 403, 403], 400, [204, 404])
    assert (shared["status"], shared["completed"], shared["owner"]) == ("published", 1, "me")
    assert (seen["owner"], seen["media_count"], seen["seconds"], seen["completed"]) == ("library", 2, 120.0, 1)
    assert lists == [["Mine", "Tides"], ["Mine"], ["Mine"]]


def test_back_office_fills_lists_with_many_media_and_keeps_covers(films, alice, bob, evenings, client_of):
    client, fill = client_of(alice), "/admin/media_library/playlist/fill/"
    chosen = {"action": "add_to_playlist", "_selected_action": [str(key) for key in keys(films[:2])]}
    picture = BytesIO()
    Image.new("RGB", (64, 36)).save(picture, "PNG")
    told = {
        "title": "Evenings", "type": "course", "status": "published", "cover": SimpleUploadedFile("c.png", b""),
        "entries-TOTAL_FORMS": "0", "entries-INITIAL_FORMS": "0",
    }  # fmt: skip

    leads_to = client.post("/admin/media_library/media/", chosen).url
    asked = client.get(leads_to).content.decode()
    filled = client.post(fill, {"media": keys(films[:2]), "playlist": evenings.pk})
    made = client.post(fill, {"media": keys(films), "title": "New", "type": "course"})
    neither = client.post(fill, {"media": keys(films), "title": " "}).content.decode()
    own = Playlist.objects.create(title="Bob's", owner=bob)
    not_his = client.post(fill, {"media": keys(films), "playlist": own.pk}).status_code
    page = f"/admin/media_library/playlist/{evenings.pk}/change/"
    refused = client.post(page, told, follow=True).content.decode()
    client.post(page, {**told, "cover": SimpleUploadedFile("c.png", picture.getvalue())})
    shown = client.get(page).content.decode()
    evenings.refresh_from_db()
    media = client.get(f"/admin/media_library/media/{films[0].pk}/change/").content.decode()

    assert (leads_to.startswith(f"{fill}?media="), "Film 1" in asked, filled.url) == (True, True, page)
    assert listed(evenings) == [("Film 1", 1), ("Film 2", 2)]
    assert listed(Playlist.objects.get(title="New")) == [("Film 1", 1), ("Film 2", 2), ("Film 3", 3)]
    assert (made.status_code, "This needs a title." in neither, not_his) == (302, True, 200)
    assert ("This file is not a picture" in refused, evenings.cover_bytes > 0) == (True, True)
    assert f"/harbor/playlists/{evenings.pk}/cover.jpg?v=" in shown
    assert f"{fill}?media={films[0].pk}" in media
