"""Chapters inside the MP3."""

import av
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core.jobs import enqueue
from core.models import Job
from core.models.job import JobState
from media_library.models import Media, Podcast, Rendition
from media_library.podcasts.sounds import sound_file
from media_library.podcasts.tagging import tag_audio_later
from tests.media_library.shows import add_sound, episode_of, show_of, sound_of

pytestmark = pytest.mark.usefixtures("scope")

CHAPTERS = [
    {"at": 0, "title": "Low; tide = 1#"},
    {"at": 2.5, "title": "High\\ <tide> 🌊"},
    {"at": 900, "title": "Late"},
]


@pytest.fixture
def talk(samples) -> Media:
    """Six seconds with an MP3, and no chapters."""
    source = default_storage.save("quiet.wav", ContentFile(samples["quiet.wav"].read_bytes()))
    media = sound_of(title="Tide", duration=6.0, source_path=source)
    media.renditions.all().delete()
    add_sound(media, "mp3", samples["tone.mp3"].read_bytes())
    return media


def chaptered(media: Media, chapters: list[dict[str, object]]) -> Media:
    media.chapters = chapters
    media.save()
    return media


def packets(file: Rendition) -> list[bytes]:
    with av.open(str(settings.MEDIA_ROOT / file.path)) as opened:
        return [bytes(packet) for packet in opened.demux(audio=0)]


def chapters_in(file: Rendition) -> list[tuple[float, float, str]]:
    with av.open(str(settings.MEDIA_ROOT / file.path)) as opened:
        told = opened.chapters()
    return [(float(one["start"] * one["time_base"]), float(one["end"] * one["time_base"]), one["metadata"]["title"])
            for one in told]  # fmt: skip


def test_chapters_are_written_into_a_copy_that_sounds_the_same(talk, work_off):
    before = sound_file(talk, "mp3")
    show = episode_of(show_of(), media=talk).podcast

    tag_audio_later(chaptered(talk, CHAPTERS))
    changed_at = Podcast.objects.get(pk=show.pk).changed_at
    work_off()

    after = sound_file(talk, "mp3")
    path = settings.MEDIA_ROOT / after.path
    content = path.read_bytes()
    assert Podcast.objects.get(pk=show.pk).changed_at > changed_at  # its feed tells the length
    assert (after.pk != before.pk, after.size_bytes, after.main_file) == (True, path.stat().st_size, "sound.mp3")
    assert (content[:5], content.count(b"CHAP"), content.count(b"CTOC")) == (b"ID3\x03\x00", 2, 1)
    assert chapters_in(after) == [(0.0, 2.5, "Low; tide = 1#"), (2.5, pytest.approx(6, abs=0.1), "High\\ <tide> 🌊")]
    assert packets(after) == packets(before)
    assert (after.facts["bitrate"], "-c copy" in after.command) == (before.facts["bitrate"], True)
    with av.open(str(path)) as opened:
        assert {name: opened.metadata[name] for name in ("title", "artist")} == {
            "title": talk.title, "artist": "Harbor School",
        }  # fmt: skip


def test_the_same_chapters_are_written_once(talk, work_off):
    tag_audio_later(chaptered(talk, CHAPTERS))
    work_off()
    made = sound_file(talk, "mp3")

    tag_audio_later(talk)
    enqueue("tag_audio", talk.pk, key="again")
    work_off()

    assert (sound_file(talk, "mp3"), talk.renditions.filter(kind="mp3").count()) == (made, 2)


def test_chapters_go_from_the_sound_as_well(talk, work_off):
    for chapters in (CHAPTERS, [], CHAPTERS[:1]):
        tag_audio_later(chaptered(talk, chapters))
        work_off()

        assert len(chapters_in(sound_file(talk, "mp3"))) == len(chapters[:2])


def test_sound_made_anew_gets_the_chapters(talk, work_off):
    chaptered(talk, CHAPTERS)

    enqueue("make_audio", talk.pk, key="anew")
    work_off()

    assert len(chapters_in(sound_file(talk, "mp3"))) == 2


def test_nothing_is_done_without_sound_or_chapters(talk):
    tag_audio_later(talk)
    talk.renditions.filter(kind="mp3").delete()
    tag_audio_later(chaptered(talk, CHAPTERS))

    assert Job.objects.filter(kind="tag_audio").count() == 0


def test_lost_sound_is_told_and_leaves_nothing(talk, work_off):
    file = sound_file(talk, "mp3")
    (settings.MEDIA_ROOT / file.path).unlink()

    tag_audio_later(chaptered(talk, CHAPTERS))
    work_off()

    job = Job.objects.get(kind="tag_audio")
    assert (job.state, job.error_code) == (JobState.FAILED, "source_missing")
    assert (sound_file(talk, "mp3"), list(settings.SCRATCH_DIR.iterdir())) == (file, [])


def test_media_stays_ready_while_chapters_are_written(talk):
    tag_audio_later(chaptered(talk, CHAPTERS))

    talk.refresh_from_db()
    assert talk.status == "completed"
