"""Shows and episodes for integrators."""

import json

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from core.tenancy import organization_scope
from media_library.models import Podcast, ShowStatus
from media_library.podcasts.episodes import episode_of
from tests.media_library.shows import artwork, make_show, make_talk

pytestmark = pytest.mark.django_db
API = "/api/v1/harbor/podcasts/"
UNKNOWN = "01a1f8ba-0000-7000-8000-000000000000"


def call(client, method, path="", body=None):
    if body and "file" in body:
        return client.generic(method, f"{API}{path}", encode_multipart(BOUNDARY, body), content_type=MULTIPART_CONTENT)
    return client.generic(method, f"{API}{path}", json.dumps(body), content_type="application/json")


def code(answer):
    return answer.status_code, answer.json()["error"]["code"]


def test_show_is_made_completed_published_withdrawn_and_deleted(scope, alice, client_of, settings):
    settings.SITE_URL = "https://learn.test"
    with organization_scope(None):
        client = client_of(alice)
        made = call(client, "POST", body={"title": "Tides", "audience": "private", "category": "Education"}).json()
        page = f"{made['id']}/"
        early = call(client, "POST", f"{page}publish/")
        told = call(client, "PATCH", page, {"description": "The sea", "category": "Education/Courses"}).json()
        narrow = call(client, "PUT", f"{page}artwork/", {"file": artwork(size=(1400, 1000))})
        drawn = call(client, "PUT", f"{page}artwork/", {"file": artwork()}).json()
        published = call(client, "POST", f"{page}publish/").json()
        moved = call(client, "PATCH", page, {"slug": "ebb"})
        bare = call(client, "DELETE", f"{page}artwork/")
        kept = call(client, "DELETE", page)
        withdrawn = call(client, "POST", f"{page}withdraw/").json()
        gone = [call(client, "DELETE", f"{page}artwork/"), call(client, "DELETE", page)]
        listed = call(client, "GET").json()["count"]

    assert (made["slug"], made["feed_url"]) == ("tides", "")
    assert (code(early), [*early.json()["error"]["fields"]]) == ((400, "show_incomplete"), ["description", "file"])
    assert (told["category"], code(narrow), drawn["artwork_side"]) == ("Education/Courses", (400, "not_square"), 1400)
    assert (published["status"], withdrawn["status"]) == ("published", "withdrawn")
    assert [code(one) for one in (moved, bare, kept)] == [
        (409, "address_stays"), (409, "show_incomplete"), (409, "is_published"),
    ]  # fmt: skip
    assert ([one.status_code for one in gone], listed) == ([204, 204], 0)


def test_only_a_public_show_has_a_feed_that_may_move(scope, alice, client_of, settings):
    page, moved = f"{make_show(by=alice).pk}/", {"new_feed_url": "https://elsewhere.test/feed.xml"}
    with organization_scope(None):
        client = client_of(alice)
        public = call(client, "PATCH", page, moved).json()
        hidden = call(client, "PATCH", page, {"audience": "private"})
        private = call(client, "PATCH", page, {"audience": "private", "new_feed_url": ""}).json()
        again = call(client, "PATCH", page, moved)

    told = f"{settings.SITE_URL}/harbor/podcasts/tides/feed.xml"
    assert (public["feed_url"], public["new_feed_url"], private["feed_url"]) == (told, *moved.values(), "")
    assert [code(one) for one in (hidden, again)] == [(400, "private_feed_stays")] * 2
    assert [*again.json()["error"]["fields"]] == ["new_feed_url"]


def test_seasons_and_people_are_written(scope, alice, client_of):
    page = f"{make_show(by=alice).pk}/"
    with organization_scope(None):
        client = client_of(alice)
        first, second = (call(client, "POST", f"{page}seasons/", {"name": "Winter"}).json() for _ in range(2))
        twice = call(client, "PATCH", f"{page}seasons/{second['id']}/", {"number": 1})
        named = call(client, "PATCH", f"{page}seasons/{second['id']}/", {"name": "Spring"}).json()
        call(client, "DELETE", f"{page}seasons/{first['id']}/")
        left = call(client, "GET", f"{page}seasons/").json()["results"]
        people = {"people": [{"name": "Ada"}, {"name": "Bo", "role": "Editor", "group": "Video Post-Production"}]}
        call(client, "PUT", f"{page}people/", people)
        unknown = call(client, "PUT", f"{page}people/", {"people": [{"name": "Ada", "role": "king"}]})
        told = call(client, "GET", f"{page}people/").json()["results"]

    assert ([first["number"], second["number"]], code(twice)) == ([1, 2], (400, "season_taken"))
    assert left == [{**named, "name": "Spring"}]
    assert unknown.json()["error"]["message"] == "“king”, which Ada is to have, is no role in the taxonomy of podcasts."
    assert (code(unknown), [(one["name"], one["role"], one["group"]) for one in told]) == (
        (400, "unknown_role"), [("Ada", "host", "cast"), ("Bo", "editor", "video post-production")],
    )  # fmt: skip


def test_episode_is_made_of_media_published_and_taken_back(scope, alice, client_of):
    page, talk = f"{make_show(by=alice).pk}/episodes/", make_talk()
    Podcast.objects.update(status=ShowStatus.PUBLISHED)
    with organization_scope(None):
        client = client_of(alice)
        made = call(client, "POST", page, {"media": str(talk.pk), "number": 1})
        one = f"{page}{made.json()['id']}/"
        twice = call(client, "POST", page, {"media": str(talk.pk)})
        unknown = [call(client, "POST", page, {name: UNKNOWN, "title": "A"}) for name in ("media", "season")]
        coming = call(client, "POST", f"{one}publish/", {"at": "2040-05-01T08:00:00Z"}).json()
        found = [call(client, "GET", f"{page}?state={state}").json()["count"] for state in ("scheduled", "published")]
        heard = call(client, "POST", f"{one}publish/", {}).json()
        renamed = call(client, "PATCH", one, {"title": "Ebb", "type": "bonus"}).json()
        drawn = call(client, "PUT", f"{one}artwork/", {"file": artwork("JPEG")}).json()
        people = call(client, "PUT", f"{one}people/", {"people": [{"name": "Cy", "role": "guest"}]}).json()
        draft = call(client, "POST", f"{one}unpublish/").json()
        gone = [call(client, "DELETE", f"{one}artwork/").status_code, call(client, "DELETE", one).status_code]

    assert (made.status_code, made.json()["title"], made.json()["warnings"]) == (201, "Spring tide", [])
    assert (made.json()["state"], made.json()["has_sound"], code(twice)) == ("draft", True, (400, "episode_twice"))
    assert [code(each) for each in unknown] == [(400, "unknown_media"), (400, "unknown_season")]
    assert (coming["state"], found, heard["state"]) == ("scheduled", [1, 0], "published")
    assert (renamed["title"], renamed["type"], renamed["published_at"]) == ("Ebb", "bonus", heard["published_at"])
    assert (drawn["artwork_side"], people["people"][0]["group"], draft["state"], gone) == (
        1400, "cast", "draft", [204, 204],
    )  # fmt: skip


def test_shows_are_for_makers_of_the_organization(scope, alice, bob, charlie, client_of):
    show = make_show(by=alice)
    episode = episode_of(make_talk(), show, by=alice)
    other = make_show("Other", by=alice)
    with organization_scope(None):
        learner, stranger, maker = client_of(bob), client_of(charlie), client_of(alice)
        paths = ("", f"{show.pk}/", f"{show.pk}/episodes/", f"{show.pk}/episodes/{episode.pk}/")
        answers = [[call(client, "GET", path).status_code for path in paths] for client in (learner, stranger)]
        elsewhere = call(maker, "GET", f"{other.pk}/episodes/{episode.pk}/").status_code

    assert (answers, elsewhere) == ([[403] * 4, [404] * 4], 404)


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_any_number(scope, alice, client_of, count, django_assert_num_queries):
    shows = [make_show(f"Show {number}", by=alice) for number in range(count)]
    for number in range(count):
        episode_of(make_talk(f"Talk {number}"), shows[0], by=alice)
    client = client_of(alice)

    with django_assert_num_queries(5):
        client.get(API)
    with django_assert_num_queries(6):
        client.get(f"{API}{shows[0].pk}/episodes/")


def test_number_that_no_column_holds_is_refused_beside_its_field(scope, alice, client_of):
    page = f"{make_show(by=alice).pk}/"
    with organization_scope(None):
        client = client_of(alice)
        answers = [
            call(client, "POST", f"{page}seasons/", {"number": 99999999999}),
            call(client, "POST", f"{page}episodes/", {"title": "One", "number": 99999999999}),
        ]

    assert [code(one) for one in answers] == [(400, "invalid")] * 2
    assert [list(one.json()["error"]["fields"]) for one in answers] == [["number"]] * 2
