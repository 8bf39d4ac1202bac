"""Where one goes on with an episode, and what follows it: in its show, and in a playlist."""

import re

import pytest
from django.urls import reverse

from core.tenancy import organization_scope
from media_library.models import Audience, Episode, Kind, Playlist, Publication, ShowStatus, ShowType, WatchRecord
from media_library.playlists.contents import contents_of
from media_library.services.playlists import add_media, save_playlist
from media_library.services.watching import report_watching, start_session
from tests.media_library.test_podcast_pages import make_episode, make_sound, published_show

SHOW = "/harbor/podcasts/tides/"


@pytest.fixture
def show(scope):
    return published_show(audience=Audience.PRIVATE)


@pytest.fixture
def episodes(show):
    """The oldest first."""
    return [make_episode(show, title, days_ago=days) for title, days in (("Ebb", 3), ("Slack", 2), ("Flood", 1))]


def page_of(episode):
    return reverse("media_library:episode", args=["harbor", "tides", episode.pk])


def listen(episode, user, *, to, position):
    visit = start_session(episode.media, user=user)
    report_watching(visit.pk, user=user, intervals=[[0, to]], position=position)


def way_told(page, kind):
    """Where the button of this kind leads, and its words."""
    link = re.search(rf'class="button {kind}" href="([^"]*)"[^>]*>.*?</svg>\s*([^<]*)<', page)
    return link[1].rpartition("?")[2], link[2].strip()


@pytest.mark.parametrize(
    ("position", "is_completed", "told"),
    [
        (0, False, ("t=0", "Listen")),
        (77, False, ("t=77", "Continue at 1:17")),
        (77, True, ("t=0", "Listen again")),
        (595, False, ("t=0", "Listen again")),
        (600, True, ("t=0", "Listen again")),
    ],
)
def test_both_pages_lead_to_where_one_goes_on(episodes, bob, client_of, position, is_completed, told):
    one = episodes[0]
    listen(one, bob, to=9, position=position)
    if is_completed:
        WatchRecord.objects.update(percent=100, completed_at=one.published_at)
    client = client_of(bob)

    (own,) = re.findall(rf'<a class="button[^"]*" href="{page_of(one)}.*?</a>', client.get(SHOW).content.decode(), re.S)
    episode = client.get(page_of(one)).content.decode()

    assert (way_told(own, "button--quiet"), way_told(episode, "button--primary")) == (told, told)


@pytest.mark.parametrize(("type", "told"), [(ShowType.EPISODIC, ("Flood", "Ebb")), (ShowType.SERIAL, ("Ebb", "Flood"))])
def test_next_episode_is_the_one_that_the_show_is_heard_on_with(show, episodes, bob, client_of, type, told):
    show.type = type
    show.save()

    answer = client_of(bob).get(page_of(episodes[1]))

    context, page = answer.context, answer.content.decode()
    assert (context["previous"].title, context["next"].title) == told
    previous, following = (next(one for one in episodes if one.title == title) for title in told)
    assert f'data-next="{page_of(following)}?play=1" data-previous="{page_of(previous)}?play=1"' in page
    assert f'href="{page_of(following)}?play=1" data-up-next-play' in page


def test_nothing_follows_what_is_to_come_or_has_no_media(show, episodes, alice, client_of):
    make_episode(show, "Tomorrow", days_ago=-1)
    make_episode(show, "Silent", days_ago=0.5)
    Episode.objects.filter(title="Silent").update(media=None)
    show.type = ShowType.SERIAL
    show.save()

    page = client_of(alice).get(page_of(episodes[2]))

    assert page.context["after"].title == "Silent"
    assert ("next" in page.context, "data-up-next" in page.content.decode()) == (False, False)


@pytest.fixture
def evening(bob, episodes):
    """Bob's list: two episodes whose media stand in no open library, one of them a film, and a film that does."""
    film = make_sound("Open film", publication=Publication.PUBLISHED)
    made = save_playlist(Playlist(title="Evening", owner=bob), by=bob)
    media = [episodes[0].media, film, episodes[1].media]
    type(film).objects.filter(pk=media[2].pk).update(kind=Kind.VIDEO, title="Raw cut 7", thumbnail_path="raw.jpg")
    add_media(made, [one.pk for one in media], by=bob)
    return made


def test_playlist_calls_what_is_heard_by_its_episode_and_leads_there(evening, episodes, bob, client_of):
    page = client_of(bob).get(f"/harbor/playlists/{evening.pk}/")

    rows = page.context["contents"].rows
    assert [(row.title, row.kind, row.picture) for row in rows] == [
        ("Ebb", "audio", ""), ("Open film", "audio", ""), ("Slack", "audio", ""),
    ]  # fmt: skip
    watch = reverse("media_library:watch", args=["harbor", rows[1].media_id])
    addresses = [page_of(episodes[0]), watch, page_of(episodes[1])]
    assert [row.address for row in rows] == [f"{address}?list={evening.pk}" for address in addresses]
    assert "raw.jpg" not in page.content.decode()
    assert page.context["card"].picture == ""
    assert client_of(bob).get("/harbor/playlists/").context["cards"][0].picture == ""


def test_makers_watch_in_a_playlist_what_others_hear(scope, episodes, alice):
    made = save_playlist(Playlist(title="All"), by=alice)
    add_media(made, [episodes[0].media_id], by=alice)

    (row,) = contents_of(made, user=alice, organization=scope).rows

    assert row.address == reverse("media_library:watch", args=["harbor", row.media_id]) + f"?list={made.pk}"


def test_playlist_of_many_episodes_is_read_in_five_statements(
    scope, show, bob, django_assert_num_queries
):  # what is open (1), rows; what may be watched (2); episodes
    made = save_playlist(Playlist(title="Long", owner=bob), by=bob)
    add_media(made, [make_episode(show, str(number), days_ago=1 + number).media_id for number in range(9)], by=bob)

    with django_assert_num_queries(5):
        assert len(contents_of(made, user=bob, organization=scope).rows) == 9


def test_episode_stands_in_the_list_it_is_played_through(evening, episodes, bob, client_of):
    client = client_of(bob)
    first = client.get(f"{page_of(episodes[0])}?list={evening.pk}&play=1")
    last = client.get(f"{page_of(episodes[1])}?list={evening.pk}")
    alone = client.get(f"{page_of(episodes[2])}?list={evening.pk}")

    standing, page = first.context["standing"], first.content.decode()
    film = f"{standing.next.address}&amp;play=1"
    assert (standing.place, standing.next.title) == (1, "Open film")
    assert f'data-next="{film}"' in page
    assert f'href="{film}" data-up-next-play' in page
    assert f'href="{film}" rel="next"' in page
    assert f"{page_of(episodes[0])}?list={evening.pk}" in page  # the bar leads back into the list
    assert f'href="?t=0&amp;list={evening.pk}"' in page
    assert "That was the last one of “Evening”." in last.content.decode()
    assert ("next" in last.context, last.context["previous"].title) == (False, "Open film")
    assert ("standing" in alone.context, alone.context["next"].title) == (False, "Slack")


def test_episode_that_is_gone_from_a_list_is_passed_over(evening, show, episodes, organization, bob, client_of):
    gone = page_of(episodes[0])
    Episode.objects.filter(pk=episodes[0].pk).update(published_at=None)

    with organization_scope(None):
        alone, inside = client_of(bob).get(gone), client_of(bob).get(f"{gone}?list={evening.pk}&play=1")

    assert (alone.status_code, inside.status_code) == (404, 302)
    assert inside["Location"].endswith(f"?list={evening.pk}&play=1")
    show.status = ShowStatus.WITHDRAWN
    show.save()
    assert client_of(bob).get(f"{gone}?list={evening.pk}").status_code == 302
