"""The doors of a public feed: who gets what, and what is kept."""

import gzip
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from core.tenancy import organization_scope
from media_library.models import Episode, PodcastPerson, Publication, Season
from media_library.models.podcasts import Audience, ShowStatus
from media_library.services.transcripts import publish_transcript
from tests.media_library.fetching import fetch
from tests.media_library.shows import CHAPTERS, CUES, SOUND, add_sound, episode_of, show_of, sound_of, stored

FEED = "/harbor/podcasts/tides/feed.xml"
ENDS = ("mp3", "m4a", "vtt", "chapters.json")


@pytest.fixture
def episode(scope):
    return episode_of(show_of(), media=sound_of(words=True, chapters=CHAPTERS), artwork_path=stored("one.png", b"one"))


def get(path: str, **headers: str) -> Any:
    """Of somebody who is not logged in."""
    return fetch(Client(), path, **headers)


def statuses(episode: Episode, *, organization: str = "harbor") -> dict[str, int]:
    """Of the feed and of all that it names."""
    show = f"/{organization}/podcasts/{episode.podcast.slug}"
    paths = ["feed.xml", "art/cover.jpg", "art/one.png", *(f"episodes/{episode.pk}.{end}" for end in ENDS)]
    return {path.rpartition(".")[2]: get(f"{show}/{path}").status_code for path in paths}


def all_of(status: int, *, feed: int | None = None, show: int | None = None) -> dict[str, int]:
    told = dict.fromkeys(("xml", "jpg", "png", "mp3", "m4a", "vtt", "json"), status)
    return {**told, "xml": feed or status, "jpg": show or status}


def test_anybody_gets_what_a_public_show_has_whether_its_organization_is_open_or_not(episode):
    assert statuses(episode) == all_of(200)
    assert get(f"/harbor/podcasts/tides/episodes/{episode.pk}.mp3").body == SOUND


@pytest.mark.parametrize("facts", [{"audience": Audience.PRIVATE}, {"status": ShowStatus.DRAFT}])
def test_other_shows_are_nowhere(episode, facts):
    type(episode.podcast).objects.update(**facts)

    assert statuses(episode) == all_of(404)


def test_show_of_another_organization_is_nowhere(episode, charlie, other_organization):
    with organization_scope(other_organization):
        show = show_of(slug="hills")

    assert get("/summit/podcasts/hills/feed.xml").status_code == 200
    assert get(f"/harbor/podcasts/{show.slug}/feed.xml").status_code == 404
    assert get(f"/summit/podcasts/hills/episodes/{episode.pk}.mp3").status_code == 404
    assert get("/summit/podcasts/hills/art/one.png").status_code == 404


def test_withdrawn_show_is_gone_with_all_it_had(episode):
    type(episode.podcast).objects.update(status=ShowStatus.WITHDRAWN)

    assert statuses(episode) == all_of(404, feed=410)


@pytest.mark.parametrize(
    "facts", [{"published_at": None}, {"published_at": timezone.now() + timedelta(hours=1)}, {"media": None}]
)
def test_episode_comes_with_its_publication_and_its_sound(episode, facts):
    Episode.objects.update(**facts)

    assert statuses(episode) == all_of(404, feed=200, show=200)
    assert b"<item>" not in get(FEED).body


def test_episode_leaves_with_its_media(episode):
    episode.media.publication = Publication.ARCHIVED
    episode.media.save()

    assert statuses(episode) == all_of(404, feed=200, show=200)


def test_episode_without_mp3_is_not_heard_yet(episode):
    episode.media.renditions.filter(kind="mp3").delete()

    assert statuses(episode) == all_of(404, feed=200, show=200)


def test_only_sound_that_apps_play_is_given(episode):
    beside = f"/harbor/podcasts/tides/episodes/{episode.pk}"

    assert [get(f"{beside}.{end}").status_code for end in ("mp4", "hls", "wav")] == [404] * 3
    assert get("/harbor/podcasts/tides/art/jpg").status_code == 404


def test_feed_is_asked_for_again_with_what_was_told(episode):
    first = get(FEED)

    by_tag = get(FEED, **{"If-None-Match": first["ETag"]})
    by_time = get(FEED, **{"If-Modified-Since": first["Last-Modified"]})

    assert [(one.status_code, one.body, one["ETag"]) for one in (by_tag, by_time)] == [(304, b"", first["ETag"])] * 2
    assert first["Cache-Control"] == "public, max-age=300"
    assert "Vary" not in first or "Cookie" not in first["Vary"]


def change_show(episode):
    episode.podcast.title = "Other tides"
    episode.podcast.save()


def rename_organization(episode):
    type(episode.podcast).objects.update(author="")
    organization = episode.podcast.organization
    organization.name = "Lighthouse School"
    organization.save()


def name_season(episode):
    episode.season = Season.objects.create(podcast=episode.podcast, number=1)
    episode.save()
    episode.season.name = "Spring"
    get(FEED)
    episode.season.save()


CHANGES = [
    change_show,
    rename_organization,
    name_season,
    lambda episode: Episode.objects.update(title="Renamed"),
    lambda episode: PodcastPerson.objects.create(podcast=episode.podcast, episode=episode, name="Grace"),
    lambda episode: add_sound(episode.media, "mp3", SOUND + b"more"),
    lambda episode: type(episode.media).objects.update(chapters=[]),
    lambda episode: publish_transcript(episode.media, CUES[:1], language="de", method="edited"),
    lambda episode: episode_of(episode.podcast, title="Next"),
    lambda episode: episode.delete(),
]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_is_told_within_a_minute(episode, change, move_clock):
    before = get(FEED)

    change(episode)
    move_clock(61)

    told = {"If-None-Match": before["ETag"], "If-Modified-Since": before["Last-Modified"]}
    after = get(FEED, **told)
    assert (after.status_code, after.body != before.body) == (200, True)
    assert get(FEED, **{"If-Modified-Since": before["Last-Modified"]}).status_code == 200


def test_change_that_the_show_knows_of_is_told_at_once(episode):
    before = get(FEED)

    Episode.objects.update(title="Renamed")
    unseen = get(FEED)
    type(episode.podcast).objects.update(changed_at=timezone.now())

    assert (unseen.body == before.body, b"Renamed" in get(FEED).body) == (True, True)


def test_episode_appears_when_its_time_has_come(episode):
    Episode.objects.update(published_at=timezone.now() + timedelta(seconds=0.2))
    before = get(FEED)
    while timezone.now() < Episode.objects.get().published_at:
        pass

    assert (b"<item>" in before.body, b"<item>" in get(FEED).body) == (False, True)


@pytest.mark.parametrize("episodes", [1, 3])
def test_statements_of_a_feed(episode, django_assert_num_queries, episodes):
    for number in range(1, episodes):
        episode_of(episode.podcast, media=sound_of(words=True), title=f"{number}")

    with django_assert_num_queries(15):  # the last six note since when it reads like this
        first = get(FEED)
    with django_assert_num_queries(2):
        again = get(FEED)
    with django_assert_num_queries(2):
        known = get(FEED, **{"If-None-Match": first["ETag"]})
    assert (first.body.count(b"<item>"), again.body == first.body, known.status_code) == (episodes, True, 304)


def test_statements_of_what_a_feed_names(episode, django_assert_num_queries):
    beside = f"/harbor/podcasts/tides/episodes/{episode.pk}"
    paths = [*(f"{beside}.{end}" for end in ENDS), "/harbor/podcasts/tides/art/one.png"]

    for path, statements in zip(paths, (5, 5, 4, 3, 3), strict=True):
        with django_assert_num_queries(statements):
            assert get(path).status_code == 200


def test_sound_has_one_address_whatever_is_made_of_it(episode):
    address = f"/harbor/podcasts/tides/episodes/{episode.pk}.mp3"
    before = get(address)

    add_sound(episode.media, "mp3", b"again")

    after = get(address, **{"If-None-Match": before["ETag"], "Range": "bytes=0-1", "If-Range": before["ETag"]})
    assert (after.status_code, after.body) == (200, b"again")
    assert get(address, **{"If-None-Match": after["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-0", 206, SOUND[:1]),
        ("bytes=-10", 206, SOUND[-10:]),
        ("bytes=51199-99999", 206, SOUND[-1:]),
        ("bytes=51200-", 416, b""),
        ("bytes=0-1,5-6", 200, SOUND),
    ],
)
def test_player_gets_the_part_it_asks_for(episode, asked, status, part):
    answer = get(f"/harbor/podcasts/tides/episodes/{episode.pk}.mp3", Range=asked)

    assert (answer.status_code, answer.body) == (status, part)


def test_lost_file_is_not_found(episode):
    for name in ("mp3", "m4a"):
        default_storage.delete(episode.media.renditions.get(kind=name).path)

    assert get(f"/harbor/podcasts/tides/episodes/{episode.pk}.mp3").status_code == 404


def test_what_is_named_may_be_read_by_players_of_other_sites(episode):
    beside = f"/harbor/podcasts/tides/episodes/{episode.pk}"
    paths = [FEED, *(f"{beside}.{end}" for end in ENDS), "/harbor/podcasts/tides/art/one.png"]

    assert [get(path)["Access-Control-Allow-Origin"] for path in paths] == ["*"] * 6


def test_feed_takes_nothing_but_reading(episode):
    assert [getattr(Client(), method)(FEED).status_code for method in ("post", "put", "delete")] == [405] * 3


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [
        ("gzip, deflate, br", True), ("br;q=1.0, GZIP;q=0.5", True), ("x-gzip", True), ("*", True),
        ("identity", False), ("gzip;q=0", False), ("gzip;q=0, *", False), ("gzip;q=much", False), ("", False),
    ],
)  # fmt: skip
def test_feed_is_packed_for_who_takes_that(episode, accepted, is_packed):
    plain, asked = get(FEED), get(FEED, **{"Accept-Encoding": accepted})

    assert (asked.get("Content-Encoding"), asked["Vary"]) == ("gzip" if is_packed else None, "Accept-Encoding")
    assert (gzip.decompress(asked.body) if is_packed else asked.body) == plain.body
    assert asked["Content-Length"] == str(len(asked.body))
    assert (asked["ETag"] == plain["ETag"], plain["Vary"]) == (not is_packed, "Accept-Encoding")


def test_packed_feed_is_known_by_its_own_tag(episode):
    packing = {"Accept-Encoding": "gzip"}
    plain, packed = get(FEED), get(FEED, **packing)

    known = get(FEED, **packing, **{"If-None-Match": packed["ETag"]})
    other = get(FEED, **packing, **{"If-None-Match": plain["ETag"]})
    head = Client().head(FEED, headers=packing)

    assert (known.status_code, known.body, known["ETag"], known["Vary"]) == (
        304, b"", packed["ETag"], "Accept-Encoding",
    )  # fmt: skip
    assert (known.get("Content-Encoding"), other.status_code) == (None, 200)
    told = ("ETag", "Content-Encoding", "Content-Length", "Vary")
    assert [head[name] for name in told] == [packed[name] for name in told]
    assert head.content == b""


@pytest.mark.parametrize("end", ["vtt", "chapters.json"])
def test_words_and_chapters_are_asked_for_again_with_what_was_told(episode, end):
    path = f"/harbor/podcasts/tides/episodes/{episode.pk}.{end}"
    first = get(path)

    known = get(path, **{"If-None-Match": first["ETag"]})
    publish_transcript(episode.media, CUES[:1], language="en", method="edited")
    type(episode.media).objects.update(chapters=CHAPTERS[:1])
    changed = get(path, **{"If-None-Match": first["ETag"]})

    assert (known.status_code, known.body, known["ETag"]) == (304, b"", first["ETag"])
    assert known["Access-Control-Allow-Origin"] == "*"
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)
