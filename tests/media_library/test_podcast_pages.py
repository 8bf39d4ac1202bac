"""Shows and episodes as listeners find them, and whom their sound is open to."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Role
from core.tenancy import organization_scope
from media_library.models import (
    Audience,
    Episode,
    EpisodeType,
    Kind,
    Media,
    Podcast,
    PodcastPerson,
    Publication,
    Rendition,
    Season,
    ShowStatus,
    Source,
)
from media_library.podcasts.hearing import episodes_for, tell_of_shows
from media_library.services.watching import report_watching, start_session
from tests.conftest import member
from tests.media_library.shows import give_sound, show_of

DAY = timedelta(days=1)


def published_show(slug: str = "tides", **facts: Any) -> Podcast:
    """Without artwork, unless told otherwise."""
    return show_of(slug=slug, **{"title": slug.title(), "artwork_path": "", **facts})


def make_sound(title: str = "Sound", **facts: Any) -> Media:
    """A draft of the library that plays."""
    media = Media.objects.create(
        source=Source.UPLOAD, source_path="s", title=title, kind=Kind.AUDIO, duration=600.0, **facts
    )
    media.rendition = Rendition.objects.create(media=media, folder="f")
    media.save()
    return media


def make_episode(show: Podcast, title: str, *, days_ago: float | None = 1, **facts: Any) -> Episode:
    at = None if days_ago is None else timezone.now() - days_ago * DAY
    sound = facts.pop("media", None) or make_sound(title)
    return Episode.objects.create(podcast=show, title=title, media=sound, guid=title, published_at=at, **facts)


@pytest.fixture
def show(organization) -> Podcast:
    with organization_scope(organization):
        return published_show(audience=Audience.PRIVATE)


def titles(response: Any) -> list[str]:
    return [episode.title for episode, _, _ in response.context["episodes"]]


def test_show_lists_trailers_first_then_the_newest_and_only_what_is_out(show, organization, alice, bob, client_of):
    with organization_scope(organization):
        make_episode(show, "Old", days_ago=9)
        make_episode(show, "New", days_ago=1)
        make_episode(show, "Teaser", days_ago=20, type=EpisodeType.TRAILER)
        make_episode(show, "Tomorrow", days_ago=-1)
        make_episode(show, "Draft", days_ago=None)
        Episode.objects.create(podcast=show, title="Silent", guid="silent", published_at=timezone.now() - DAY)
    address = reverse("media_library:podcast", args=["harbor", "tides"])

    assert titles(client_of(bob).get(address)) == ["Teaser", "New", "Old"]
    assert sorted(titles(client_of(alice).get(address))) == ["Draft", "New", "Old", "Silent", "Teaser", "Tomorrow"]


def test_show_pages_three_hundred_episodes_and_narrows_by_season(show, organization, bob, client_of):
    with organization_scope(organization):
        first, second = (Season.objects.create(podcast=show, number=number) for number in (1, 2))
        media = [Media(source=Source.UPLOAD, source_path="s", title=str(n)) for n in range(300)]
        Media.objects.bulk_create(media)
        Rendition.objects.bulk_create([Rendition(media=one, folder="f") for one in media])
        for rendition in Rendition.objects.all():
            Media.objects.filter(pk=rendition.media_id).update(rendition=rendition)
        rows = [
            Episode(
                podcast=show, media=one, title=str(n), guid=str(n), season=first if n < 40 else second,
                published_at=timezone.now() - (n + 1) * DAY,
            )
            for n, one in enumerate(media)
        ]  # fmt: skip
        Episode.objects.bulk_create(rows)
    address = reverse("media_library:podcast", args=["harbor", "tides"])

    whole, narrowed = client_of(bob).get(f"{address}?page=10"), client_of(bob).get(f"{address}?season=1&page=2")

    assert titles(whole) == [str(n) for n in range(270, 300)]
    assert titles(narrowed) == [str(n) for n in range(30, 40)]
    assert 'href="?season=1&amp;page=1"' in narrowed.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_however_many_rows(show, organization, bob, client_of, rows, django_assert_num_queries):
    with organization_scope(organization):
        episodes = [make_episode(show, f"Episode {n}", days_ago=n + 1) for n in range(rows)]
        for n in range(rows):
            PodcastPerson.objects.create(podcast=show, name=f"Person {n}")
            published_show(f"show-{n}")
        give_sound(episodes[0].media)
    client = client_of(bob)

    with django_assert_num_queries(5):  # session, person, membership; how many shows; which
        client.get(reverse("media_library:podcasts", args=["harbor"]))
    with django_assert_num_queries(11):  # the same three; show, seasons, how many, which, people, following (3)
        client.get(reverse("media_library:podcast", args=["harbor", "tides"]))
    with django_assert_num_queries(9):  # the same three; show, episode, record; before, after; people
        client.get(reverse("media_library:episode", args=["harbor", "tides", episodes[0].pk]))


def test_episode_resumes_and_names_its_neighbors_people_and_chapters(show, organization, bob, client_of):
    with organization_scope(organization):
        make_episode(show, "Before", days_ago=3)
        one = make_episode(show, "Ebb", days_ago=2, media=make_sound(chapters=[{"at": 60, "title": "The moon"}]))
        make_episode(show, "After", days_ago=1)
        PodcastPerson.objects.create(podcast=show, name="Host of the show")
        PodcastPerson.objects.create(podcast=show, episode=one, name="Guest", role="guest")
        report_watching(start_session(one.media, user=bob).pk, user=bob, intervals=[[0, 9]], position=9.5)

    response = client_of(bob).get(reverse("media_library:episode", args=["harbor", "tides", one.pk]))
    page = response.content.decode()

    context = response.context
    assert (context["before"].title, context["after"].title) == ("After", "Before")  # the newest first
    assert [person.name for person in context["people"]] == ["Guest"]
    assert [mark.title for mark in context["marks"]] == ["The moon"]
    assert 'data-position="9.5"' in page
    assert 'data-seek="60"' in page
    assert 'data-sessions-url="/api/v1/harbor/watch/sessions/"' in page


def test_episode_of_a_film_plays_its_sound_alone_also_with_fresh_addresses(show, organization, bob, client_of):
    with organization_scope(organization):
        film = make_sound("Film")
        Media.objects.update(kind=Kind.VIDEO)
        Rendition.objects.update(facts={"sounds": [{"name": "audio"}, {"name": "audio2"}]})
        one = make_episode(show, "Ebb", media=film)
    client = client_of(bob)

    player = client.get(reverse("media_library:episode", args=["harbor", "tides", one.pk])).context["player"]
    fresh = client.get(player.links_url).json()

    assert (player.is_audio, player.previews_url, fresh["previews_url"]) == (True, "", "")
    assert [address.rpartition("/")[2] for address in (player.hls_url, fresh["hls_url"])] == ["audio.m3u8"] * 2


def test_sound_of_an_episode_is_open_with_its_day_though_the_library_keeps_it_a_draft(show, organization, bob):
    with organization_scope(organization):
        out, later = make_episode(show, "Out"), make_episode(show, "Later", days_ago=-1)
        gone = make_episode(show, "Gone", media=make_sound("Gone", publication=Publication.ARCHIVED))

        seen = set(Media.objects.visible_to(bob, organization))
        heard = list(episodes_for(bob, organization))
        Podcast.objects.update(status=ShowStatus.WITHDRAWN)
        after = list(Media.objects.visible_to(bob, organization))

    assert (seen, heard, after) == ({out.media}, [out], [])
    assert {later.media, gone.media}.isdisjoint(seen)


def test_private_show_is_no_show_for_customers_visitors_and_others(show, organization, charlie, client_of):
    customer = member("carol@harbor.test", organization, Role.CUSTOMER)
    with organization_scope(organization):
        one = make_episode(show, "Out")
        assert list(Media.objects.visible_to(customer, organization)) == []
        make_episode(published_show("open"), "Open")
    organization.is_open = True
    organization.save()
    base = "/harbor/podcasts/tides/"
    pages = [base, f"{base}{one.pk}/", f"{base}{one.pk}/picture/"]

    for client in (client_of(customer), client_of(charlie), Client()):
        assert [client.get(page).status_code for page in pages] == [404, 404, 404]
        assert client.get("/harbor/podcasts/open/").status_code == 200
        assert [show.slug for show, _ in client.get("/harbor/podcasts/").context["cards"]] == ["open"]


def test_visitors_hear_a_public_show_as_its_feed_has_it(show, organization):
    with organization_scope(organization):
        Podcast.objects.update(audience=Audience.PUBLIC)
        one = make_episode(show, "Out")
    organization.is_open = True
    organization.save()

    silent = Client().get(f"/harbor/podcasts/tides/{one.pk}/").content.decode()
    with organization_scope(organization):
        give_sound(one.media)
    page = Client().get(f"/harbor/podcasts/tides/{one.pk}/")

    assert ("Its sound is still being prepared." in silent, "<audio" in silent) == (True, False)
    assert (page.status_code, page.context["player"]) == (200, None)
    assert f'src="/harbor/podcasts/tides/episodes/{one.pk}.mp3"' in page.content.decode()
    organization.is_open = False
    organization.save()
    assert Client().get(f"/harbor/podcasts/tides/{one.pk}/").status_code == 404


def test_navigation_names_podcasts_where_there_are_some(show, organization, bob, client_of):
    named = []
    for _ in range(2):
        named.append(">Podcasts</a>" in client_of(bob).get("/harbor/my/").content.decode())
        with organization_scope(organization):
            tell_of_shows()

    assert named == [False, True]


def cards_of(client: Client) -> list[str]:
    return [show.slug for show, _ in client.get("/harbor/podcasts/").context["cards"]]


def test_show_without_an_episode_is_listed_to_makers_only(show, organization, alice, bob, client_of):
    with organization_scope(organization):
        make_episode(show, "Tomorrow", days_ago=-1)
        published_show("empty")
        make_episode(published_show("heard"), "Out")

    assert (cards_of(client_of(bob)), cards_of(client_of(alice))) == (["heard"], ["heard", "empty", "tides"])


def test_makers_see_when_the_next_episode_comes(show, organization, alice, bob, client_of):
    with organization_scope(organization):
        make_episode(show, "Out", days_ago=3)
        make_episode(show, "Later", days_ago=-9)
        make_episode(show, "Soon", days_ago=-2)
        last, soon = (date_format(Episode.objects.get(title=title).published_at) for title in ("Out", "Soon"))

    pages = [client_of(who).get("/harbor/podcasts/").content.decode() for who in (alice, bob)]

    assert [f"Last episode {last}" in page for page in pages] == [True, True]
    assert [f"Next episode {soon}" in page for page in pages] == [True, False]
    (card,) = client_of(alice).get("/harbor/podcasts/").context["cards"]
    assert (timezone.now() + DAY) < card[0].next_at < (timezone.now() + 3 * DAY)


@pytest.mark.parametrize("audience", [Audience.PRIVATE, Audience.PUBLIC])
def test_apps_are_offered_a_show_that_has_an_episode(show, organization, bob, client_of, audience):
    with organization_scope(organization):
        Podcast.objects.update(audience=audience)
    client, told = client_of(bob), []

    for _ in range(2):
        page = client.get("/harbor/podcasts/tides/").content.decode()
        told.append(("Listen in an app" in page, "Tides" in client.get("/harbor/my/feeds/").content.decode()))
        with organization_scope(organization):
            give_sound(make_episode(show, "Out").media) if len(told) == 1 else None

    assert told == [(False, False), (True, audience == Audience.PRIVATE)]
