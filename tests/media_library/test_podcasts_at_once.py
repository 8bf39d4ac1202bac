"""Shows and what belongs to them are written by several at once: each waits for the other, and nothing is lost."""

import pytest
from django.core.files.storage import default_storage

from core.errors import Refused
from core.tenancy import organization_scope
from media_library.models import Episode, Podcast, PodcastPerson, Season
from media_library.podcasts.artwork import remove_artwork, set_artwork
from media_library.podcasts.episodes import delete_episode, episode_of, heard_instead, save_episode
from media_library.podcasts.importing.beside import give_artwork
from media_library.podcasts.importing.sound import sound_from_url
from media_library.podcasts.people import PersonLine, people_of, save_person, set_people
from media_library.podcasts.seasons import delete_season, save_season
from media_library.podcasts.shows import publish_podcast, save_podcast
from tests.media_library.shelf import files
from tests.media_library.shows import artwork, make_show, make_talk
from tests.media_library.test_batches_at_once import begins_to_wait, meanwhile

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "https://example.com/1.mp3"


@pytest.fixture
def here(organization):
    with organization_scope(organization):
        yield organization


def drafted(show, *, by):
    return save_episode(Episode(podcast=show, title="First"), by=by)


def test_sound_is_asked_for_while_its_episode_is_written(here, alice):
    """Whoever held the episode first and wanted the show then would wait for ever."""
    episode = drafted(make_show(by=alice), by=alice)
    stale = Episode.objects.get()

    with meanwhile(here, lambda: sound_from_url(stale, ADDRESS, by=alice).enclosure_url) as (thread, told):
        save_podcast(episode.podcast, by=alice, written=[])
        begins_to_wait(thread)
        episode.title = "Second"
        save_episode(episode, by=alice, written=["title"])

    assert told == [ADDRESS]
    assert list(Episode.objects.values_list("title", "enclosure_url")) == [("Second", ADDRESS)]


def test_picture_of_an_episode_that_goes_meanwhile_leaves_no_file(here, alice):
    episode = drafted(make_show(by=alice), by=alice)
    stale, before = Episode.objects.get(), files()

    with meanwhile(here, lambda: set_artwork(stale, artwork(), by=alice)) as (thread, told):
        delete_episode(episode, by=alice)
        begins_to_wait(thread)

    assert (told, files()) == (["episode_gone"], before)


def test_artwork_is_not_taken_from_a_show_that_is_published_meanwhile(here, alice):
    show = make_show(by=alice)
    stale = Podcast.objects.get()

    with meanwhile(here, lambda: remove_artwork(stale, by=alice)) as (thread, told):
        publish_podcast(show, by=alice)
        begins_to_wait(thread)

    now = Podcast.objects.get()
    assert (told, now.status, default_storage.exists(now.artwork_path)) == (["show_incomplete"], "published", True)


def test_picture_from_a_feed_waits_for_who_holds_the_show(here, alice):
    episode = drafted(make_show(by=alice), by=alice)
    stale, content = Episode.objects.get(), artwork().read()

    with meanwhile(here, lambda: give_artwork(stale, content, by=alice)) as (thread, told):
        save_podcast(episode.podcast, by=alice, written=[])
        begins_to_wait(thread)
        set_artwork(episode, artwork(size=(1500, 1500)), by=alice)

    assert (told, Episode.objects.get().artwork_side) == ([None], 1500)


def test_double_leaves_the_episode_whose_media_was_changed_meanwhile(here, alice):
    double, first, other = (make_talk(title) for title in ("Double", "First", "Other"))
    episode = episode_of(double, make_show(by=alice), by=alice)

    with meanwhile(here, lambda: heard_instead(double, first)) as (thread, told):
        episode.media = other
        save_episode(episode, by=alice, written=["media"])
        begins_to_wait(thread)

    assert (told, Episode.objects.get().media) == ([None], other)


def test_people_are_set_twice_at_once(here, alice):
    show = make_show(by=alice)
    lines = [PersonLine("Ada"), PersonLine("Bo")]

    with meanwhile(here, lambda: len(set_people(show, lines, by=alice))) as (thread, told):
        set_people(Podcast.objects.get(), lines, by=alice)
        begins_to_wait(thread)

    assert (told, [one.name for one in people_of(show)]) == ([2], ["Ada", "Bo"])


def test_season_goes_while_its_episode_is_written(here, alice):
    show = make_show(by=alice)
    season = save_season(Season(podcast=show, number=1), by=alice)
    episode = episode_of(make_talk(), show, by=alice, season=season)
    stale = Season.objects.get()

    with meanwhile(here, lambda: delete_season(stale, by=alice)) as (thread, told):
        save_podcast(show, by=alice, written=[])
        begins_to_wait(thread)
        season.name = "Winter"
        save_season(season, by=alice, written=["name"])

    episode.refresh_from_db()
    assert (told, episode.season, Season.objects.count()) == ([None], None, 0)


def test_season_and_person_keep_what_others_changed_meanwhile(here, alice):
    show = make_show(by=alice)
    season = save_season(Season(podcast=show, number=1, name="Ebb"), by=alice)
    person = save_person(PodcastPerson(podcast=show, name="Ada"), by=alice)
    stale, stale_person = Season.objects.get(), PodcastPerson.objects.get()
    season.name, person.role, person.group = "Flood", "guest", ""
    save_season(season, by=alice, written=["name"])
    save_person(person, by=alice, written=["role", "group"])

    stale.number, stale_person.name = 2, "Bo"
    save_season(stale, by=alice, written=["number"])
    save_person(stale_person, by=alice, written=["name"])

    assert list(Season.objects.values_list("number", "name")) == [(2, "Flood")]
    assert list(PodcastPerson.objects.values_list("name", "role", "group")) == [("Bo", "guest", "cast")]


def test_season_and_person_that_are_gone_are_not_written_anew(here, alice):
    show = make_show(by=alice)
    season = save_season(Season(podcast=show, number=1), by=alice)
    person = save_person(PodcastPerson(podcast=show, name="Ada"), by=alice)
    Season.objects.all().delete()
    set_people(show, [], by=alice)

    told = []
    for save, row in ((save_season, season), (save_person, person)):
        with pytest.raises(Refused) as refused:
            save(row, by=alice)
        told.append((refused.value.code, refused.value.status))

    assert told == [("season_gone", 404), ("person_gone", 404)]
    assert (Season.objects.count(), PodcastPerson.objects.count()) == (0, 0)
