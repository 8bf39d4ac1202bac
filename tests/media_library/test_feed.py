"""The doors of a public feed: who gets what, and what is kept."""

import pytest
from django.test import Client

from tests.media_library.shows import CHAPTERS, SOUND, episode_of, show_of, sound_of

FEED = "/harbor/podcasts/tides/feed.xml"


@pytest.fixture
def episode(scope):
    return episode_of(show_of(), media=sound_of(words=True, chapters=CHAPTERS))


def get(path, **headers):
    """Of somebody who is not logged in; the body is read."""
    response = Client().get(path, headers=headers)
    response.body = response.getvalue()
    return response


def test_anybody_reads_the_feed(episode):
    answer = get(FEED)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/rss+xml; charset=utf-8")
    assert answer.body.count(b"<item>") == 1


def test_everything_it_names_is_there(episode):
    beside = f"/harbor/podcasts/tides/episodes/{episode.pk}"

    answers = {end: get(f"{beside}.{end}") for end in ("mp3", "m4a", "vtt", "chapters.json")}

    assert {end: (one.status_code, one["Content-Type"]) for end, one in answers.items()} == {
        "mp3": (200, "audio/mpeg"), "m4a": (200, "audio/x-m4a"), "vtt": (200, "text/vtt; charset=utf-8"),
        "chapters.json": (200, "application/json+chapters"),
    }  # fmt: skip
    assert answers["mp3"].body == SOUND
    assert get("/harbor/podcasts/tides/art/cover.jpg").body == b"cover"
