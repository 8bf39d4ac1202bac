"""Where words come from meets what people do meanwhile, and hosts that never get ready."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.jobs import enqueue
from core.models import Job
from core.models.job import JobState
from media_library.captions import MAX_SECONDS, TimedText
from media_library.models import Media, Rendition, Upload
from media_library.services.corrections import Corrections
from media_library.services.giving import give_cues
from media_library.services.rung_record import rungs_tried
from media_library.services.sidecars import give_captions, read_captions, store_captions
from media_library.services.transcribing import look_for_words
from media_library.services.transcripts import correct_transcript, delete_version
from media_library.services.uploads import upload_media
from media_library.sources import HostCaptions, SourceError
from tests.media_library.small_host import hosted, small_host

__all__ = ["small_host"]
WRITTEN = [TimedText(0, 1, "Written by hand")]


def file_of(words: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.vtt", f"WEBVTT\n\n00:00.500 --> 00:01.500\n{words}\n".encode())


def read_now(media: Media) -> list[str]:
    media.refresh_from_db()
    return [cue.text for cue in media.transcript.cues.all()]


@pytest.fixture
def talk(scope, alice) -> Media:
    """It was processed, and nothing waits."""
    media = upload_media(SimpleUploadedFile("talk.mp4", b"x" * 1000), by=alice)
    media.rendition = Rendition.objects.create(media=media, folder="f")
    media.save()
    Job.objects.all().delete()
    return media


@pytest.fixture
def give(talk, alice, work_off) -> Callable[[str], None]:
    def give(words: str) -> None:
        give_captions(Upload.objects.get(), file_of(words), by=alice)
        work_off()

    return give


def test_each_file_that_is_given_is_read_also_one_that_was_given_before(talk, give):
    told = [give(words) or read_now(talk) for words in ("A", "B", "A", "A")]

    assert told == [["A"], ["B"], ["A"], ["A"]]


def test_file_is_read_in_place_of_what_was_corrected_before_it_was_given(talk, give, alice):
    give("A")
    give_cues(talk, WRITTEN, by=alice)

    give("A")

    assert read_now(talk) == ["A"]


def test_looking_again_leaves_what_was_corrected(talk, give, alice, work_off):
    give("A")
    given = Media.objects.get().transcript
    correct_transcript(talk, Corrections(changed={0: WRITTEN[0]}), base=given.pk, by=alice)
    delete_version(given, by=alice)

    look_for_words(talk, by=alice)
    work_off()

    assert read_now(talk) == ["Written by hand"]


def test_words_that_are_written_before_the_first_search_stay(talk, alice, work_off):
    store_captions(Upload.objects.get(), read_captions(file_of("A")))
    enqueue("transcribe_media", talk.pk, key="first")
    give_cues(talk, WRITTEN, by=alice)

    work_off()

    assert read_now(talk) == ["Written by hand"]


def test_words_that_are_written_after_a_file_was_given_stay(talk, alice, work_off):
    give_captions(Upload.objects.get(), file_of("A"), by=alice)
    give_cues(talk, WRITTEN, by=alice)

    work_off()

    assert read_now(talk) == ["Written by hand"]


def test_file_that_is_given_before_the_first_search_replaces_what_was_written(talk, alice, work_off):
    talk.rendition = None
    talk.save()
    give_cues(talk, WRITTEN, by=alice)

    give_captions(Upload.objects.get(), file_of("A"), by=alice)
    work_off()

    assert read_now(talk) == ["A"]


# At hosts


@pytest.fixture
def search(scope, alice, small_host, work_off) -> Callable[[timedelta], Job]:
    """One search that began so long ago."""

    def search(ago: timedelta = timedelta()) -> Job:
        media = hosted(creator=alice, described_at=timezone.now())
        job = enqueue("transcribe_media", media.pk, key="one")
        Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - ago)
        work_off()
        job.refresh_from_db()
        return job

    return search


@pytest.mark.parametrize(
    ("ago", "delay"),
    [(timedelta(), 30), (timedelta(minutes=40), 600), (timedelta(hours=23), 3600)],
)
def test_captions_that_are_being_prepared_are_waited_for_ever_longer(small_host, search, ago, delay):
    small_host.words = SourceError("not_ready", delay=30)

    job = search(ago)

    waits = (job.available_at - timezone.now()).total_seconds()
    assert (job.state, job.error_code, delay - 15 < waits <= delay + 15) == (JobState.QUEUED, "not_ready", True)


def test_captions_that_never_get_ready_leave_the_next_rung_its_turn(small_host, search):
    small_host.words = SourceError("not_ready", delay=30)

    job = search(timedelta(hours=25))

    told = {rung.method: (rung.outcome, rung.code) for rung in rungs_tried(Media.objects.get())}
    assert (job.state, told["host"], told["speech"]) == (
        JobState.SUCCEEDED, ("none", "not_ready"), ("refused", "nobody_listens"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "cue",
    [
        TimedText(1, MAX_SECONDS + 1, "a"), TimedText(1e300, 1e301, "a"), TimedText(-1, 1, "a"), TimedText(1, 1, "a"),
        TimedText(float("nan"), 2, "a"),
    ],
)  # fmt: skip
def test_words_where_no_recording_is_are_no_words(small_host, search, cue):
    small_host.words = HostCaptions([TimedText(0, 1, "Good evening"), cue], "en")

    search()

    media = Media.objects.get()
    told = {rung.method: (rung.outcome, rung.code) for rung in rungs_tried(media)}
    assert (media.transcript, media.duration, told["host"]) == (None, None, ("failed", "provider_changed"))
