"""Private feeds over the API, and in the back office."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import Role
from core.models import OutgoingMail
from media_library.models import FeedVisit, ListenerKey
from media_library.podcasts.my_feeds import following_of
from tests.conftest import member
from tests.media_library.listening import addresses, ask, followed_by, private_show
from tests.media_library.shows import episode_of, show_of

API = "/api/v1/harbor/feeds/"
ADMIN = "/admin/media_library/listenerkey/"
JSON = "application/json"


@pytest.fixture
def tides(scope):
    return private_show()


def share(key):
    """Used from nine networks today."""
    for n in range(9):
        FeedVisit.objects.create(key=key, day=timezone.localdate(), network=f"n{n}", app="Overcast")


def test_listener_makes_lists_renews_and_ends_an_address(tides, bob, client_of):
    client = client_of(bob)

    made = client.post(API, {"podcast": str(tides.show.pk)}, JSON)
    again = client.post(API, {"podcast": str(tides.show.pk)}, JSON)
    mine = client.get(API).json()["results"]
    renewed = client.post(f"{API}{made.json()['id']}/address/")
    states = [ask(one.json()["address"].removeprefix("http://localhost:8000")).status_code for one in (made, renewed)]
    ended = client.delete(f"{API}{renewed.json()['id']}/")

    assert (made.status_code, made.json()["title"], again.status_code) == (201, "Tides & Winds", 409)
    assert [(one["title"], one["podcast"]) for one in mine] == [("Tides & Winds", str(tides.show.pk))]
    assert (states, ended.status_code, client.get(API).json()["count"]) == ([404, 200], 204, 0)


def test_what_is_followed_is_named_once_and_here(tides, bob, charlie, client_of):
    both = {"podcast": str(tides.show.pk), "context_id": str(tides.show.pk)}

    answers = [client_of(bob).post(API, sent, JSON) for sent in ({}, both, {"context_id": str(tides.show.pk)})]
    foreign = client_of(charlie).post("/api/v1/summit/feeds/", {"podcast": str(tides.show.pk)}, JSON)

    assert [one.status_code for one in (*answers, foreign)] == [400, 400, 404, 404]


def test_maker_sees_who_probably_shares_and_ends_it(tides, bob, alice, client_of):
    key, token = followed_by(tides.show, bob)
    other, _ = followed_by(tides.show, alice)
    share(key)
    client = client_of(alice)

    shared = client.get(f"{API}listeners/?shared=true&podcast={tides.show.pk}").json()["results"]
    fine = client.get(f"{API}listeners/?shared=false").json()["results"]
    nonsense = client.get(f"{API}listeners/?shared=nonsense").json()["error"]
    renewed = client.post(f"{API}{key.pk}/renew/")
    revoked = client.post(f"{API}listeners/revoke/", {"podcast": str(tides.show.pk)}, JSON)

    assert (nonsense["code"], nonsense["fields"]) == ("invalid", {"shared": ["Write true or false."]})
    assert [(one["email"], one["reasons"]) for one in shared] == [
        ("bob@harbor.test", ["9 networks in one day (more than 8)"])
    ]
    assert [one["id"] for one in fine] == [str(other.pk)]
    assert (renewed.status_code, revoked.json(), OutgoingMail.objects.count()) == (204, {"revoked": 1}, 1)
    assert (token in str(shared), ListenerKey.objects.filter(revoked_at=None).count()) == (False, 0)


def test_learner_sees_and_ends_nothing_of_others(tides, bob, alice, client_of):
    key, _ = followed_by(tides.show, alice)
    client = client_of(bob)

    answers = {
        "listeners": client.get(f"{API}listeners/"), "delete": client.delete(f"{API}{key.pk}/"),
        "renew": client.post(f"{API}{key.pk}/renew/"), "rotate": client.post(f"{API}{key.pk}/address/"),
        "revoke": client.post(f"{API}listeners/revoke/", {"podcast": str(tides.show.pk)}, JSON),
        "downloads": client.get(f"/api/v1/harbor/podcasts/{tides.show.pk}/downloads/"),
    }  # fmt: skip

    assert {name: one.status_code for name, one in answers.items()} == {
        "listeners": 403, "delete": 404, "renew": 403, "rotate": 404, "revoke": 403, "downloads": 403,
    }  # fmt: skip
    assert ListenerKey.objects.filter(revoked_at=None).count() == 1


def test_downloads_are_told_by_episode_and_day(tides, bob, alice, client_of):
    _, token = followed_by(tides.show, bob)
    ask(addresses(token, tides.episode.pk)["mp3"])
    path = f"/api/v1/harbor/podcasts/{tides.show.pk}/downloads/"

    told = client_of(alice).get(path).json()
    later = client_of(alice).get(f"{path}?since=2999-01-01").json()
    wrong = client_of(alice).get(f"{path}?since=soon")

    row = {"episode": str(tides.episode.pk), "title": "Why the tide comes in", "total": 1, "private": 1}
    assert told == {"total": 1, "private": 1, "episodes": [row]}
    assert (later["total"], wrong.status_code) == (0, 400)


@pytest.mark.parametrize("people", [1, 3])
def test_back_office_lists_them_in_a_fixed_number_of_statements(
    people, tides, bob, alice, client_of, django_assert_num_queries, organization
):
    carla = member("carla@harbor.test", organization, Role.LEARNER)
    for user in [bob, alice, carla][:people]:
        share(followed_by(tides.show, user)[0])
    client = client_of(alice)
    client.get(ADMIN)

    with django_assert_num_queries(8):
        page = client.get(ADMIN).content.decode()

    assert page.count("9 networks in one day (more than 8)") == people


def told_on_page(client, row):
    page = client.get(f"/admin/media_library/{row._meta.model_name}/{row.pk}/change/").content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_page_of_a_show_and_of_an_episode_tells_downloads_and_listeners(tides, bob, alice, client_of):
    key, token = followed_by(tides.show, bob)
    ask(addresses(token, tides.episode.pk)["mp3"])
    share(key)

    show, episode = (told_on_page(client_of(alice), row) for row in (tides.show, tides.episode))

    for words in ("1 download, 1 of them", "1 private address", "1 is probably shared", "Why the tide comes in 1 1"):
        assert words in show
    for words in ("1 download, 1 of them", "1 of all by a private address"):
        assert words in episode


def test_page_of_a_show_offers_what_there_is_to_follow(tides, bob, charlie, rf, organization):
    public = show_of(slug="winds")
    episode_of(public)

    def offered(show, user):
        following = following_of(show, user=user, organization=organization)
        context = {"following": following, "organization": organization}
        return " ".join(render_to_string("media_library/podcasts/follow.html", context).split())

    before = offered(tides.show, bob)
    followed_by(tides.show, bob)

    assert 'value="http://localhost:8000/harbor/podcasts/winds/feed.xml"' in offered(public, AnonymousUser())
    assert 'href="podcast://localhost:8000/harbor/podcasts/winds/feed.xml"' in offered(public, AnonymousUser())
    assert f'action="/harbor/my/feeds/shows/{tides.show.pk}/"' in before
    assert "an address of your own" in offered(tides.show, bob)
    assert [offered(tides.show, user) for user in (charlie, AnonymousUser())] == ["", ""]


def test_addresses_of_one_show_are_a_list_of_their_own(tides, bob, alice, client_of):
    followed_by(tides.show, bob)
    other = private_show(slug="winds", title="Winds")

    pages = [client_of(alice).get(f"{ADMIN}?podcast__id__exact={show.pk}") for show in (tides.show, other.show)]

    assert [one.context["cl"].result_count for one in pages] == [1, 0]


def test_back_office_ends_an_address_with_one_press(tides, bob, alice, client_of):
    key, token = followed_by(tides.show, bob)
    share(key)
    client = client_of(alice)

    shared = client.get(f"{ADMIN}?state=shared").content.decode()
    chosen = {"_selected_action": [str(key.pk)], "action": "renew_selected"}
    said = client.post(ADMIN, chosen, follow=True).content.decode()
    ended = client.get(f"{ADMIN}?state=ended").content.decode()

    assert ("bob@harbor.test" in shared or "Bob" in shared, "1 address has ended." in said) == (True, True)
    assert ("Tides &amp; Winds" in ended, client.get(f"{ADMIN}{key.pk}/change/").status_code) == (True, 200)
    assert ask(addresses(token, tides.episode.pk)["feed"]).status_code == 404


@pytest.mark.parametrize(("verb", "mails"), [("revoke", 0), ("renew", 1)])
def test_page_of_an_address_ends_it_with_one_press(verb, mails, tides, bob, alice, charlie, client_of):
    key, token = followed_by(tides.show, bob)
    page, press = f"{ADMIN}{key.pk}/change/", f"{ADMIN}{key.pk}/do/{verb}/"
    client = client_of(alice)

    refused = [client_of(person).post(press).status_code for person in (bob, charlie)]
    refused += [client.get(press).status_code, client.post(f"{ADMIN}{key.pk}/do/sing/").status_code]
    before, living = client.get(page).content.decode(), ListenerKey.objects.filter(revoked_at=None).count()
    after = client.post(press, follow=True).content.decode()

    assert (f'action="{press}"' in before, f'action="{press}"' in after) == (True, False)
    assert ("1 address has ended." in after, OutgoingMail.objects.count()) == (True, mails)
    assert (refused, living) == ([302, 404, 405, 404], 1)
    assert ask(addresses(token, tides.episode.pk)["feed"]).status_code == 404
