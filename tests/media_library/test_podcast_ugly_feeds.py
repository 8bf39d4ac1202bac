"""Feeds as they are in the world: what can be used of them comes, and what does not is told in words."""

import gzip
from typing import Any

import pytest
from django.utils import timezone

from core.models import Job
from core.models.job import JobState
from core.tenancy import organization_scope
from media_library.models import Episode, Media, Podcast, PodcastImport, ShowImportState
from media_library.podcasts.importing.report import sounds_of
from media_library.podcasts.importing.shows import import_show
from tests.media_library.test_podcast_importing import (  # noqa: F401  (fixtures)
    HEAD,
    fetch_all,
    host,
    item,
    plays,
    tones,
)

pytestmark = pytest.mark.usefixtures("scope")


@pytest.fixture
def bring_in(plays: Any, host: Any, alice: Any, fetch_all: Any) -> Any:  # noqa: F811
    """The import after all that goes out is done; `exchanges` stand before those that are there."""

    def act(exchanges: Any = (), **told: Any) -> PodcastImport:
        plays(**{"older": False, **told})
        host.exchanges = [*(host.filled(dict(one)) for one in exchanges), *host.exchanges]
        row = import_show(f"{host.origin}/feed.xml", by=alice)
        fetch_all()
        row.refresh_from_db()
        return row

    return act


def feed(text: str, **told: Any) -> dict[str, Any]:
    return {"path": "/feed.xml", "text": text, **told}


def test_what_a_newer_page_says_of_an_episode_is_believed(bring_in):
    row = bring_in(items=item(3), older=True)
    old = HEAD.format(more="", items=item(3, "As it was").replace("Number 3", "Old words"))

    again = bring_in([{"path": "/archive-1.xml", "text": old}], items=item(3), older=True)

    assert (row.episodes, again.episodes, again.changed, again.problems) == (3, 2, 0, [])
    assert Episode.objects.get(guid="ep-3").title == "Episode 3"


def test_two_entries_with_one_guid_are_told(bring_in):
    row = bring_in(items=item(1) + item(2).replace("ep-2", "ep-1") + item(1))

    assert [(one["about"], one["message"]) for one in row.problems] == [
        ("Episode 2", "Its guid is that of an entry before it: it was left out.")
    ]
    assert (row.episodes, Episode.objects.get().title) == (1, "Episode 1")


def test_title_that_was_made_is_told_once_and_gives_way_to_a_real_one(bring_in):
    nameless = item(1).replace("<title>Episode 1</title>", "")
    row = bring_in(items=nameless)
    told = (row.problems, Episode.objects.get().title)

    again = bring_in(items=nameless)
    bring_in(items=item(1))

    made = [{"code": "title_missing", "about": "Number 1.", "message": "It has no title: this one was made for it."}]
    assert (told, again.problems) == ((made, "Number 1."), [])
    assert Episode.objects.get().title == "Episode 1"


def test_show_without_a_title_is_called_as_its_author_or_its_host(bring_in):
    text = HEAD.format(more="", items=item(1)).replace("<title>Tides and tales</title>", "")

    row = bring_in([feed(text)])

    assert (row.state, row.problems) == (
        ShowImportState.DONE,
        [{"code": "title_missing", "about": "feed", "message": "It has no title."}],
    )
    assert Podcast.objects.get().title == "127.0.0.1"


@pytest.mark.parametrize(
    "sound",
    [
        {"text": "#EXTM3U\n#EXTINF:9,\npiece.ts\n", "headers": {"Content-Type": "application/vnd.apple.mpegurl"}},
        {"text": "<!doctype html><p>Please log in"},
        {"bytes": b""},
    ],
    ids=["HLS", "web page", "empty"],
)
def test_what_is_no_sound_becomes_no_media_and_is_told(bring_in, sound):
    row = bring_in([{"path": "/1.mp3", **sound}], items=item(1))

    told = sounds_of(row)
    assert (told.total, told.here, told.coming) == (1, 0, 0)
    assert [(one["about"], bool(one["message"])) for one in told.problems] == [("Episode 1", True)]
    assert (Media.objects.count(), Episode.objects.get().media) == (0, None)


@pytest.mark.parametrize(("sample", "comes"), [("talk.mp4", True), ("silent.mp4", False)])
def test_film_is_heard_where_it_has_sound(bring_in, samples, sample, comes):
    film = {"path": "/1.mp3", "bytes": samples[sample].read_bytes()}

    row = bring_in([film, {**film, "method": "HEAD"}], items=item(1))

    assert sounds_of(row).here == Media.objects.count() == comes


def test_server_that_asks_to_come_later_is_asked_later(bring_in, fetch_all, host):  # noqa: F811
    busy = feed("slow down", status=429, headers={"Retry-After": "90"})
    row = bring_in([busy])
    job = Job.objects.get(kind="import_show")
    waits = (job.available_at - timezone.now()).total_seconds()
    told = (row.state, row.code, row.message, job.state, job.attempt)

    host.exchanges = host.exchanges[1:]
    Job.objects.update(available_at="2020-01-01T00:00Z")
    fetch_all()

    row.refresh_from_db()
    words = "Its server is asked too often just now. It is tried again by itself."
    assert told == (ShowImportState.IMPORTING, "asked_too_often", words, JobState.QUEUED, 0)
    assert 30 < waits <= 90
    assert (row.state, row.code, row.message) == (ShowImportState.DONE, "", "")


def test_server_that_is_busy_for_more_than_a_day_is_given_up(bring_in, fetch_all):  # noqa: F811
    busy = feed("slow down", status=503, headers={"Retry-After": "Fri, 20 Nov 2099 08:00:00 GMT"})
    row = bring_in([busy, busy])
    Job.objects.update(available_at="2020-01-01T00:00Z", created_at="2020-01-01T00:00Z")

    fetch_all()

    row.refresh_from_db()
    assert (row.state, row.code) == (ShowImportState.REFUSED, "asked_too_often")


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        ({"status": 410, "text": "gone"}, "not_there", "gone for good"),
        ({"status": 401, "text": "who?"}, "not_there", "password"),
        ({"text": '<html><link type="application/rss+xml" href="/rss">'}, "not_a_podcast", "/rss"),
        (
            {"bytes": gzip.compress(bytes(30 * 1024**2)), "headers": {"Content-Encoding": "gzip"}},
            "too_large", "larger than it may be",
        ),
    ],
    ids=["410", "401", "page", "gzip bomb"],
)  # fmt: skip
def test_refusals_say_what_is_wrong(bring_in, answer, code, words):
    row = bring_in([{"path": "/feed.xml", **answer}])

    assert (row.state, row.code, words in row.message) == (ShowImportState.REFUSED, code, True)


def test_page_of_the_archive_that_is_gone_takes_nothing_along(bring_in):
    row = bring_in([{"path": "/archive-2.xml", "status": 404, "text": "gone"}], older=True)

    words = "Page 2 could not be read, and those behind it: There is nothing at this address."
    assert (row.state, row.problems) == (
        ShowImportState.DONE,
        [{"code": "not_there", "about": "feed", "message": words}],
    )
    assert Podcast.objects.get().artwork_side == 1400


def test_feed_that_was_redirected_is_known_at_its_new_address(bring_in, host, alice, fetch_all):  # noqa: F811
    moved = HEAD.format(more="", items=item(3, "Moved"))
    there = {"path": "/moved.xml", "text": moved}
    bring_in([feed("moved", status=301, headers={"Location": "/moved.xml"}), there])

    row = import_show(f"{host.origin}/moved.xml", by=alice)
    fetch_all()

    row.refresh_from_db()
    assert (row.state, Podcast.objects.count()) == (ShowImportState.DONE, 1)


def test_feed_that_says_that_it_has_moved_is_told(bring_in):
    row = bring_in(more="<itunes:new-feed-url>https://new.test/feed</itunes:new-feed-url>")

    assert row.problems == [
        {"code": "moved", "about": "feed", "message": "It says that it has moved: https://new.test/feed"}
    ]


def test_the_same_feed_comes_to_two_organizations(bring_in, host, charlie, other_organization, fetch_all):  # noqa: F811
    bring_in()
    with organization_scope(other_organization):
        row = import_show(f"{host.origin}/feed.xml", by=charlie)
        fetch_all()
        row.refresh_from_db()
        there = (row.state, Podcast.objects.count(), Episode.objects.get().media is not None)

    assert there == (ShowImportState.DONE, 1, True)
    assert (Podcast.objects.count(), Episode.objects.count(), Media.objects.count()) == (1, 1, 1)
