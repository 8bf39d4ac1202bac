"""A film that is open by an episode alone: its sound and its words are, its picture and its files are not."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from core.tenancy import organization_scope
from media_library.models import Episode, Kind, Media, Publication
from media_library.services.watching import start_session
from tests.media_library import framed
from tests.media_library.fetching import address, status
from tests.media_library.shows import show_of

DAY = timedelta(days=1)


@pytest.fixture
def episode(stored_talk, organization) -> Episode:
    """Of a film that is a draft of the library."""
    with organization_scope(organization):
        Media.objects.filter(pk=stored_talk.pk).update(publication=Publication.DRAFT, kind=Kind.VIDEO)
        folder = stored_talk.rendition.folder
        for name in ("audio.m3u8", "audio_00000.m4s"):
            default_storage.save(f"{folder}/{name}", ContentFile(b"heard"))
        stored_talk.rendition.facts = {"sounds": [{"name": "audio"}]}
        stored_talk.rendition.save()
        day = timezone.now() - DAY
        return Episode.objects.create(podcast=show_of(), media=stored_talk, title="Heard", guid="h", published_at=day)


def test_stream_opens_sound_alone(episode, stored_talk, bob, client_of):
    client = client_of(bob)
    names = ["audio.m3u8", "audio_00000.m4s", "master.m3u8", "240p_00000.m4s"]

    assert [status(client, address(stored_talk, client, name)) for name in names] == [200, 200, 404, 404]


def test_stream_opens_whole_to_makers(episode, stored_talk, alice, client_of):
    client = client_of(alice)

    assert [status(client, address(stored_talk, client, name)) for name in ("audio.m3u8", "master.m3u8")] == [200, 200]


def test_watch_page_leads_to_the_episode(episode, stored_talk, bob, client_of):
    watch = reverse("media_library:watch", args=["harbor", stored_talk.pk])

    answer = client_of(bob).get(watch, {"t": "4", "ref": "search"})

    page = reverse("media_library:episode", args=["harbor", "tides", episode.pk])
    assert (answer.status_code, answer["Location"]) == (302, f"{page}?t=4&ref=search")


def test_library_of_the_api_does_not_list_it(episode, stored_talk, bob, client_of):
    client, media = client_of(bob), reverse("media_list", args=["harbor"])

    assert client.get(media).json()["count"] == 0
    assert [client.get(f"{media}{stored_talk.pk}/{name}").status_code for name in ("", "renditions/")] == [404, 404]
    assert [client.get(f"{media}{stored_talk.pk}/{name}").status_code for name in ("links/", "transcript/")] == [
        200
    ] * 2


def test_links_name_the_sound_however_they_are_asked_for(episode, stored_talk, bob, client_of):
    client, links = client_of(bob), reverse("media_links", args=["harbor", stored_talk.pk])

    told = [client.get(links).json(), client.get(links, {"sound": "true"}).json()]

    assert [urlsplit(one["hls_url"]).path.rpartition("/")[2] for one in told] == ["audio.m3u8"] * 2
    assert [one["previews_url"] for one in told] == ["", ""]


def test_frames_of_it_are_not_shown(episode, stored_talk, organization, alice, bob, client_of):
    with organization_scope(organization):
        (frame,) = framed.frames(1, of=framed.batch(), media=stored_talk)
    picture = reverse("media_library:frame_picture", args=["harbor", frame.pk])

    assert [status(client_of(who), picture) for who in (alice, bob)] == [200, 404]


def test_history_calls_it_by_its_episode(episode, stored_talk, organization, bob, client_of):
    with organization_scope(organization):
        start_session(stored_talk, user=bob)

    (seen,) = client_of(bob).get(reverse("courses:history", args=["harbor"])).context["watched"]

    page = reverse("media_library:episode", args=["harbor", "tides", episode.pk])
    assert (seen.title, seen.address, seen.picture) == ("Heard", page, "")
