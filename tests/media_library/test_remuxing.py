"""What plays as it is becomes watchable at once; the rest follows, and takes its place."""

import os

import pytest
from django.conf import settings
from django.core.files import File

from core.jobs import enqueue
from core.jobs.worker import run_next
from core.models import Job
from core.tenancy import organization_scope
from media_library import ffmpeg
from media_library.models import Rendition
from media_library.services.recordings import examine, told
from media_library.services.uploads import upload_media

pytestmark = pytest.mark.usefixtures("scope")


@pytest.fixture
def bring(samples, alice):
    def bring(name):
        with samples[name].open("rb") as file:
            return upload_media(File(file, name=name), by=alice)

    return bring


@pytest.fixture
def work():
    """Do what a lane has to do, first things first, until this kind of job was done."""

    def work(lane, *, until):
        with organization_scope(None):
            while run_next(lane):
                if not Job.objects.filter(kind=until, state="queued").exists():
                    return

    return work


def made_of(media, kind="hls"):
    return [[(rung["name"], rung["made"]) for rung in one.rungs] for one in media.renditions.filter(kind=kind)]


def test_compliant_film_is_watchable_before_anything_is_encoded(bring):
    media = bring("compliant.mp4")

    with organization_scope(None):
        run_next("short"), run_next("short")

    media.refresh_from_db()
    assert (media.is_playable, made_of(media)) == (True, [[("360p", "copied")]])
    assert (settings.MEDIA_ROOT / media.thumbnail_path).read_bytes()[:3] == b"\xff\xd8\xff"
    assert sorted(Job.objects.filter(subject_id=media.pk, state="queued").values_list("kind", flat=True)) == [
        "draw_pictures", "make_audio", "process_media", "transcribe_media",
    ]  # fmt: skip


def test_smaller_renditions_join_the_copy(bring, work_off):
    media = bring("compliant.mp4")

    work_off()

    media.refresh_from_db()
    first = media.renditions.get(kind="hls", pk__lt=media.rendition_id)
    assert (media.status, made_of(media)[0]) == ("completed", [("360p", "copied"), ("240p", "encoded")])
    assert made_of(media, "mp4") == [[("360p", "copied")]]
    assert [
        os.path.samefile(settings.MEDIA_ROOT / one.folder / file, settings.MEDIA_ROOT / first.folder / file)
        for one in [media.rendition]
        for file in ("360p_00000.m4s", "audio_00000.m4s", "360p.m3u8")
    ] == [True, True, True]
    assert media.rendition.facts["sounds"][0]["made"] == "copied"
    assert sorted(path.name for path in settings.SCRATCH_DIR.glob("*")) == []


def test_film_whose_copy_fails_is_encoded(bring, samples):
    media = bring("compliant.mp4")
    recording = examine(samples["compliant.mp4"], should_stop=lambda: False)
    payload = told(recording)
    payload["probe"]["video"]["duration"] += 60  # the copy will not be as long as it should
    enqueue("remux_media", media.pk, key="again", payload=payload)
    Job.objects.filter(kind="inspect_media").update(state="cancelled")

    with organization_scope(None):
        run_next("short")

    media.refresh_from_db()
    job = Job.objects.get(kind="process_media")
    reason = "It could not be copied: 360p: 7.0 s written of 67.0 s"
    assert (media.is_playable, job.payload["refused"]) == (False, reason)
    assert ffmpeg.plan_ladder(recording.probe, recording.container, refused=reason).rungs[0].reason == reason


def test_sound_that_plays_as_it_is_needs_nothing_else(bring, work_off):
    media = bring("compliant.m4a")

    work_off()

    media.refresh_from_db()
    assert (media.status, media.kind, media.rendition.rungs) == ("completed", "audio", [])
    assert media.rendition.facts["sounds"][0]["made"] == "copied"
    assert Job.objects.filter(kind="process_media").count() == 0


def test_lost_copy_is_made_again(bring, work_off):
    media = bring("compliant.mp4")
    with organization_scope(None):
        run_next("short"), run_next("short")
    media.refresh_from_db()
    Rendition.objects.filter(media=media).delete()

    work_off()

    media.refresh_from_db()
    assert made_of(media) == [[("360p", "copied"), ("240p", "encoded")]]
