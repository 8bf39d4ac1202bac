"""Media as episodes of shows: where its sound comes from, and when it is heard."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from config.demo.podcast import start_podcast
from core.errors import Refused
from core.models import Job
from media_library.captions import TimedText
from media_library.chapter_marks import marks_in
from media_library.demo.talks import TALKS
from media_library.models import Episode, Media, Podcast, Season, ShowStatus, Source
from media_library.podcasts.channels import heard_episodes
from media_library.podcasts.episodes import (
    delete_episode,
    episode_of,
    heard_instead,
    publish_episode,
    save_episode,
    unpublish_episode,
    warnings_about,
)
from media_library.podcasts.seasons import save_season
from media_library.podcasts.sound import Sound, sound_of
from media_library.podcasts.states import EpisodeState, state_of, with_state
from media_library.services.publishing import archive_media
from media_library.services.purging import purge_media
from media_library.services.sounding import audio_of
from media_library.services.transcripts import publish_transcript
from media_library.services.uploads import upload_media
from tests.media_library.shows import make_show, make_talk

pytestmark = pytest.mark.django_db


@pytest.fixture
def show(scope, alice):
    show = make_show(by=alice)
    show.made = show.changed_at
    return show


def refused(verb, *arguments, **named):
    with pytest.raises(Refused) as refusal:
        verb(*arguments, **named)
    return refusal.value.code, [*refusal.value.fields]


def changed(show):
    """Since this was last asked, or since the show was made."""
    told = Podcast.objects.values_list("changed_at", flat=True).get(pk=show.pk)
    before, show.seen = getattr(show, "seen", show.made), told
    return told > before


def test_video_becomes_an_episode_in_one_switch_with_the_sound_it_has(show, samples, alice, work_off):
    Podcast.objects.update(status=ShowStatus.PUBLISHED)
    media = upload_media(ContentFile(samples["talk.mp4"].read_bytes(), name="talk.mp4"), title="Talk", by=alice)
    waiting = publish_episode(episode_of(media, show, by=alice), by=alice)
    before = (state_of(waiting), sound_of(media), Job.objects.filter(kind="make_audio").count())

    work_off()
    media.refresh_from_db()
    again = episode_of(media, show, by=alice, title="Another")

    assert before == (EpisodeState.WAITING, Sound.UNDER_WAY, 0)  # it follows by itself
    assert (again.pk, again.title, state_of(waiting)) == (waiting.pk, "Talk", EpisodeState.PUBLISHED)
    assert (len(audio_of(media)), Job.objects.filter(kind="make_audio").count()) == (2, 1)
    assert changed(show)


def test_sound_that_is_not_there_is_made_once(show, samples, alice, work_off):
    media = upload_media(ContentFile(samples["talk.mp4"].read_bytes(), name="talk.mp4"), by=alice)
    work_off()
    media.refresh_from_db()
    media.renditions.filter(kind__in=["mp3", "m4a"]).delete()

    episode_of(media, show, by=alice)
    episode_of(media, make_show("Other", by=alice), by=alice)
    told = (sound_of(media), work_off(), sound_of(media))

    assert told == (Sound.UNDER_WAY, 1, Sound.THERE)


def test_what_has_nothing_to_hear_is_no_episode(show, alice):
    silent, archived = make_talk("Silent"), make_talk("Archived")
    silent.source_metadata = {"audio": []}
    silent.save()
    archive_media(archived, by=alice)
    hosted = Media.objects.create(title="Hosted", source=Source.YOUTUBE, youtube_video_id="abc")

    assert refused(episode_of, silent, show, by=alice) == ("silent", ["media"])
    assert refused(episode_of, archived, show, by=alice) == ("archived", ["media"])
    assert refused(episode_of, hosted, show, by=alice) == ("not_an_upload", ["media"])
    empty = save_episode(Episode(podcast=show, title="Empty"), by=alice)
    assert refused(publish_episode, empty, by=alice) == ("sound_missing", ["media"])
    talk = make_talk()
    episode_of(talk, show, by=alice)
    assert refused(save_episode, Episode(podcast=show, media=talk), by=alice) == ("episode_twice", ["media"])


def test_episode_says_what_its_media_says_and_is_a_draft(show, alice):
    talk = make_talk()
    talk.description = "é" * 2100
    talk.save()

    episode = episode_of(talk, show, by=alice)

    assert (episode.title, len(episode.description.encode()), UUID(episode.guid).version) == ("Spring tide", 4000, 7)
    assert (episode.created_by, state_of(episode), changed(show)) == (alice, EpisodeState.DRAFT, True)
    episode.title = " "
    assert refused(save_episode, episode, by=alice) == ("title_missing", ["title"])
    episode.title, episode.number = "Spring", 0
    assert refused(save_episode, episode, by=alice) == ("invalid", ["number"])
    episode.number, episode.description = 1, "é" * 2001
    assert refused(save_episode, episode, by=alice) == ("too_long", ["description"])


def test_episode_is_heard_when_its_time_has_come(show, alice):
    Podcast.objects.update(status=ShowStatus.PUBLISHED)
    tomorrow = timezone.now() + timedelta(days=1)
    episode = episode_of(make_talk(), show, by=alice)

    publish_episode(episode, at=tomorrow, by=alice)
    scheduled = (
        state_of(episode),
        heard_episodes(show).count(),
        changed(show),
    )
    publish_episode(episode, by=alice)
    out = (
        state_of(episode),
        heard_episodes(show).count(),
        changed(show),
    )
    since = episode.published_at
    publish_episode(episode, by=alice)

    assert (scheduled, out) == ((EpisodeState.SCHEDULED, 0, True), (EpisodeState.PUBLISHED, 1, True))
    assert episode.published_at == since
    unpublish_episode(episode, by=alice)
    assert (state_of(episode), changed(show)) == (EpisodeState.DRAFT, True)


def test_the_same_number_twice_is_warned_of(show, alice):
    season = save_season(Season(podcast=show, number=1), by=alice)
    first = episode_of(make_talk("First"), show, by=alice, season=season, number=1)
    second = episode_of(make_talk("Second"), show, by=alice, season=season, number=1)
    bonus = episode_of(make_talk("Bonus"), show, by=alice, season=season, number=1, type="bonus")

    assert warnings_about(second) == ["“First” has the number 1 too."]
    assert (warnings_about(bonus), warnings_about(episode_of(make_talk(), show, by=alice))) == ([], [])
    assert warnings_about(first) == ["“Second” has the number 1 too."]


def test_media_of_an_episode_is_kept_and_archived_media_is_not_heard(show, alice):
    talk = make_talk()
    episode = publish_episode(episode_of(talk, show, by=alice), by=alice)

    archive_media(talk, by=alice)

    assert (refused(purge_media, talk, by=alice), changed(show)) == (("in_use", []), True)
    assert state_of(episode) == EpisodeState.WAITING
    delete_episode(episode, by=alice)
    assert changed(show)
    purge_media(talk, by=alice)


def test_episodes_of_a_double_are_of_the_first(show, alice):
    first, double = make_talk("First"), make_talk("Double")
    episode = episode_of(double, show, by=alice)
    both = make_show("Both", by=alice)
    kept, left = (episode_of(media, both, by=alice) for media in (first, double))

    heard_instead(double, first)

    told = Episode.objects.order_by("pk").values_list("pk", "media__title")
    assert list(told) == [(episode.pk, "First"), (kept.pk, "First")]
    assert left.pk not in {key for key, _title in told}


def test_podcast_of_the_demo_is_made_once_out_of_its_talks(scope, alice):
    films = [make_talk(talk.title) for talk in TALKS]
    for film, talk in zip(films, TALKS, strict=True):
        cues = [TimedText(at, at + 2, words) for at, (_slide, words) in enumerate(talk.sentences())]
        publish_transcript(film, cues, method="sidecar", language="en")
        film.refresh_from_db()

    show, again = (start_podcast(films, by=alice) for _ in range(2))

    episodes = with_state(Episode.objects.filter(podcast=show)).order_by("published_at")
    told = [(one.type, one.number, one.state) for one in episodes]
    assert (show, show.status) == (again, "published")
    assert told == [("trailer", None, "published"), ("full", 1, "published"), ("full", 2, "scheduled")]
    assert [mark.title for mark in marks_in(films[0].chapters)] == [slide.headline for slide in TALKS[0].slides]
