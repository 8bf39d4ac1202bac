"""“Add to playlist” where courses are: what a course holds at once, and single media from where they are met."""

import pytest
from django.test import Client
from django.urls import reverse

from core.tenancy import organization_scope
from courses.services.authoring import add_chapter, add_item
from courses.services.enrolling import enroll
from courses.services.publishing import publish_course
from media_library.models import Media, Playlist, PlaylistEntry, Publication
from tests.courses.conftest import watched
from tests.courses.school import make_media
from tests.media_library.test_podcast_pages import make_episode, published_show

pytestmark = pytest.mark.django_db
PAGE = "/harbor/courses/tides-and-currents/playlist/"


def titles():
    return list(PlaylistEntry.objects.in_order().values_list("media__title", flat=True))


@pytest.fixture
def long_course(scope, tides, alice):
    """Three films in two chapters, one of them twice."""
    second, third = make_media("Ebb"), make_media("Flow")
    chapter = add_chapter(tides.course, title="More")
    for media in (third, second, tides.media):
        add_item(chapter, by=alice, type="video", title=media.title, media=media)
    publish_course(tides.course, by=alice)
    return tides.course


def test_course_goes_into_a_list_in_the_order_of_its_outline(long_course, tides, bob, client_of):
    enroll(long_course, user=bob)
    client = client_of(bob)

    link = f'href="{PAGE}"' in client.get("/harbor/courses/tides-and-currents/").content.decode()
    asked = client.get(PAGE).content.decode()
    made = client.post(PAGE, {"title": "Tides and currents"})
    mine = Playlist.objects.get()
    PlaylistEntry.objects.filter(media=tides.media).delete()
    filled = client.post(PAGE, {"playlist": mine.pk}, headers={"X-Requested-With": "fetch"}).content.decode()
    again = client.post(PAGE, {"playlist": mine.pk}, follow=True).content.decode()

    assert (link, "Tides and currents · 3 videos" in asked, 'value="Tides and currents"' in asked) == (True, True, True)
    assert (made.url, mine.owner, mine.type) == ("/harbor/courses/tides-and-currents/", bob, "course")
    assert "1 is new in “Tides and currents”." in filled
    assert "All of it stands in “Tides and currents” already." in again
    assert titles() == ["Flow", "Ebb", tides.media.title]


def test_course_offers_only_what_one_may_watch(long_course, tides, bob, charlie, client_of):
    Media.objects.filter(pk=tides.media.pk).update(publication=Publication.DRAFT)

    outside = client_of(bob).post(PAGE, {"title": "Mine"}, follow=True).content.decode()
    enroll(long_course, user=bob)
    client_of(bob).post(PAGE, {"title": "Mine"})
    with organization_scope(None):
        foreign = client_of(charlie).get(PAGE.replace("harbor", "summit")).status_code

    assert "There is no video in this course that you may watch now." in outside
    assert (titles(), foreign) == (["Flow", "Ebb"], 404)


def test_media_is_added_from_history_and_from_podcasts(scope, tides, bob, client_of):
    enroll(tides.course, user=bob)
    watched(tides.media, bob, percent=50, position=60)
    episode = make_episode(published_show(), "The moon")
    pages = {
        "/harbor/my/history/": tides.media.pk,
        "/harbor/podcasts/tides/": episode.media_id,
        reverse("media_library:episode", args=["harbor", "tides", episode.pk]): episode.media_id,
    }

    shown = [
        f"/harbor/playlists/add/?media={key}" in client_of(bob).get(page).content.decode()
        for page, key in pages.items()
    ]
    stranger = Client()
    hidden = ["playlists/add/" in stranger.get(page).content.decode() for page in pages if "podcasts" in page]

    assert (shown, hidden) == ([True, True, True], [False, False])
