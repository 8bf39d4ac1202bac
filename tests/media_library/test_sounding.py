"""The sound of an upload, as MP3 and M4A."""

import shlex
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.files.base import ContentFile

from core.jobs import enqueue
from core.models import Job
from core.models.job import JobState
from media_library.models import Media, Rendition, RenditionKind
from media_library.services.sounding import audio_of
from media_library.services.uploads import upload_media

pytestmark = pytest.mark.usefixtures("scope")

SOUND = [RenditionKind.M4A, RenditionKind.MP3]


@pytest.fixture
def heard(samples, alice, work_off) -> Callable[[str], Media]:
    """An upload with all the work on it done."""

    def upload(name: str) -> Media:
        media = upload_media(ContentFile(samples[name].read_bytes(), name=name), by=alice)
        work_off()
        media.refresh_from_db()
        return media

    return upload


def make_again(media: Media, work_off: Callable[[], int]) -> Job:
    job = enqueue("make_audio", media.pk, key=f"again:{media.pk}")
    work_off()
    job.refresh_from_db()
    return job


def test_sound_comes_as_two_files(heard):
    media = heard("quiet.wav")

    made = audio_of(media)
    assert [(one.kind, one.main_file) for one in made] == [("m4a", "sound.m4a"), ("mp3", "sound.mp3")]
    assert [(settings.MEDIA_ROOT / one.path).stat().st_size for one in made] == [one.size_bytes for one in made]
    assert [one.facts for one in made] == [made[0].facts] * 2
    assert {name: made[0].facts[name] for name in ("normalization", "bitrate", "duration")} == {
        "normalization": "linear", "bitrate": 128000, "duration": 4.0,
    }  # fmt: skip
    assert (made[0].facts["loudness_before"] < -40, round(made[0].facts["loudness"])) == (True, -16)


def test_command_is_kept_for_operators(heard):
    [sound, _] = audio_of(heard("quiet.wav"))

    command = shlex.split(sound.command)
    assert (command.count("-i"), command.count("libmp3lame"), command.count("aac")) == (1, 1, 1)


@pytest.mark.parametrize(("name", "reason"), [("mute.wav", "silent"), ("blip.wav", "too_short")])
def test_what_cannot_be_measured_is_said(heard, name, reason):
    facts = audio_of(heard(name))[0].facts

    assert {key: facts[key] for key in ("normalization", "loudness", "loudness_before", "unmeasured")} == {
        "normalization": "none", "loudness": None, "loudness_before": None, "unmeasured": reason,
    }  # fmt: skip


def test_silent_film_has_no_sound_to_make(heard):
    media = heard("silent.mp4")

    job = Job.objects.get(subject_id=media.pk, kind="make_audio")
    assert (job.state, audio_of(media), media.status) == (JobState.SUCCEEDED, [], "completed")


def test_sound_of_a_film_is_as_long_as_it(heard):
    assert audio_of(heard("talk.mp4"))[0].facts["duration"] == pytest.approx(6.0, abs=0.05)


def test_newest_sound_counts(heard, work_off, django_assert_num_queries):
    media = heard("blip.wav")
    before = audio_of(media)

    make_again(media, work_off)

    with django_assert_num_queries(1):
        after = audio_of(media)
    assert [one.kind for one in after] == SOUND
    assert not {one.pk for one in after} & {one.pk for one in before}
    assert Rendition.objects.filter(media=media, kind__in=SOUND).count() == 4


def test_what_plays_stays_what_plays(heard, work_off):
    media = heard("blip.wav")

    make_again(media, work_off)

    media.refresh_from_db()
    assert media.rendition.kind == RenditionKind.HLS


def test_lost_source_is_told_and_leaves_nothing(heard, work_off):
    media = heard("blip.wav")
    (settings.MEDIA_ROOT / media.source_path).unlink()

    job = make_again(media, work_off)

    assert (job.state, job.error_code) == (JobState.FAILED, "source_missing")
    assert (len(audio_of(media)), list(settings.SCRATCH_DIR.iterdir())) == (2, [])
