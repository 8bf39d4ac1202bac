"""A show is imported in the back office and through the API; whoever is of another organization sees nothing of it."""

import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from media_library.models import Episode, Podcast, PodcastImport, ShowImportState
from tests.media_library.test_podcast_importing import fetch_all, host, plays, tones  # noqa: F401  (fixtures)

pytestmark = pytest.mark.usefixtures("scope")

PAGE = "/admin/podcast-imports/"
API = "/api/v1/harbor/podcasts/imports/"


def post(client: Any, url: str, body: Any) -> Any:
    return client.post(url, json.dumps(body), content_type="application/json")


def test_back_office_looks_at_a_show_first_and_then_brings_it(plays, alice, client_of, fetch_all):  # noqa: F811
    client = client_of(alice)
    asked = client.post(PAGE, {"url": plays()})
    address = asked["Location"]
    fetch_all()
    looked = client.get(address).content.decode()
    before = Podcast.objects.count()

    client.post(f"{address}start/")
    again = client.post(f"{address}start/", follow=True).content.decode()
    fetch_all()
    done = client.get(f"{address}state/").content.decode()

    assert "Found, not brought in yet" in looked
    assert "Tides and tales" in looked
    assert "Import it" in looked
    assert before == 0
    assert "This is under way already." in again
    assert "Brought in" in done
    assert "3 of 3" in done
    assert "Import a show" in client.get("/admin/media_library/podcast/").content.decode()


def test_back_office_refuses_an_address_beside_its_field(alice, client_of):
    page = client_of(alice).post(PAGE, {"url": "feed.xml"}).content.decode()

    assert 'id="url-error"' in page
    assert PodcastImport.objects.count() == 0


def test_back_office_looks_again_where_a_look_ended_badly(plays, host, settings, alice, client_of, fetch_all):  # noqa: F811
    settings.PODCAST_ORIGINS = [host.origin]
    host.play([{"path": "/feed.xml", "status": 404, "text": "gone"}])
    client = client_of(alice)
    address = client.post(PAGE, {"url": f"{host.origin}/feed.xml"})["Location"]
    fetch_all()
    refused = client.get(f"{address}state/").content.decode()
    plays()

    client.post(f"{address}start/")
    fetch_all()

    assert ("Look again" in refused, "Bring it up to date" in refused) == (True, False)
    assert (PodcastImport.objects.get().state, Podcast.objects.count()) == (ShowImportState.FOUND, 0)


def test_look_at_a_locked_feed_says_whom_it_comes_for(plays, alice, client_of, fetch_all):  # noqa: F811
    client = client_of(alice)
    locked = '<podcast:locked owner="ada@sea.test">yes</podcast:locked>'
    address = client.post(PAGE, {"url": plays(older=False, more=locked)})["Location"]
    fetch_all()
    row = PodcastImport.objects.get()
    others = (client.get(f"{address}state/").content.decode(), client.get(f"{API}{row.pk}/").json())

    EmailAddress.objects.create(user=alice, email="ada@sea.test", verified=True)
    own = (client.get(f"{address}state/").content.decode(), client.get(f"{API}{row.pk}/").json())

    assert "it comes only for ada@sea.test, and your account has not proven" in others[0]
    assert "it comes only for ada@sea.test. That is you." in own[0]
    assert ["Import it" in page for page in (others[0], own[0])] == [False, True]
    assert [(told["locked_by"], told["may_start"]) for _, told in (others, own)] == [
        ("ada@sea.test", False), ("ada@sea.test", True),
    ]  # fmt: skip


def test_api_starts_an_import_and_tells_how_far_it_is(plays, alice, client_of, fetch_all):  # noqa: F811
    client = client_of(alice)
    looked = post(client, API, {"url": plays(), "look": True})
    fetch_all()
    found = client.get(f"{API}{looked.json()['id']}/").json()
    started = client.post(f"{API}{looked.json()['id']}/start/")
    fetch_all()
    done = client.get(f"{API}{looked.json()['id']}/").json()

    assert (looked.status_code, found["state"], found["episodes"]) == (202, ShowImportState.FOUND, 3)
    assert (started.status_code, done["state"], done["added"]) == (202, ShowImportState.DONE, 3)
    assert done["sounds"] == {"total": 3, "here": 3, "coming": 0, "problems": []}
    assert client.get(API).json()["count"] == 1


def test_api_looks_first_at_what_nothing_was_seen_of(plays, host, settings, alice, client_of, fetch_all):  # noqa: F811
    settings.PODCAST_ORIGINS = [host.origin]
    host.play([{"path": "/feed.xml", "status": 404, "text": "gone"}])
    client = client_of(alice)
    row = post(client, API, {"url": f"{host.origin}/feed.xml", "look": True}).json()["id"]
    fetch_all()
    plays()

    client.post(f"{API}{row}/start/")
    fetch_all()

    assert (client.get(f"{API}{row}/").json()["state"], Podcast.objects.count()) == (ShowImportState.FOUND, 0)


def test_api_has_the_sound_of_an_episode_fetched(plays, host, alice, client_of, fetch_all):  # noqa: F811
    plays()
    show = Podcast.objects.create(title="Own", slug="own", guid="00000000-0000-5000-8000-000000000001")
    episode = Episode.objects.create(podcast=show, title="First", guid="1")
    address = f"/api/v1/harbor/podcasts/{show.pk}/episodes/{episode.pk}/sound/"

    refused = post(client_of(alice), address, {"url": "file:///etc/passwd"})
    taken = post(client_of(alice), address, {"url": f"{host.origin}/2.mp3"})
    fetch_all()

    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "invalid_address")
    assert taken.status_code == 202
    episode.refresh_from_db()
    assert episode.media.original_filename == "2.mp3"


def test_another_organization_and_learners_see_nothing_of_it(alice, bob, charlie, client_of):
    row = PodcastImport.objects.create(url="https://sea.test/feed", by=alice)

    for path in (f"{PAGE}{row.pk}/", f"{PAGE}{row.pk}/state/"):
        assert client_of(charlie).get(path).status_code == 404
    assert client_of(bob).get(PAGE).status_code in (302, 403)
    assert client_of(charlie).post(f"{PAGE}{row.pk}/start/").status_code == 404
    assert client_of(charlie).get(f"{API}{row.pk}/").status_code == 404
    assert client_of(charlie).get(f"/api/v1/summit/podcasts/imports/{row.pk}/").status_code == 404
    assert client_of(bob).get(API).status_code == 403
