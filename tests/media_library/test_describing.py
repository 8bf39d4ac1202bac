"""What a host tells about a media item becomes what is known here; what it refuses is told in the creator's words."""

import pytest

from analytics.models import Event
from core.jobs import enqueue
from core.models import Job
from media_library.models import Kind, Media, Publication, Status
from media_library.models.media import LengthSource
from media_library.services.source_media import ask_again
from media_library.services.status import status_of
from media_library.sources import Description, SourceError
from tests.media_library.small_host import hosted, small_host

__all__ = ["small_host"]
UNTITLED = {"untitled": True}


@pytest.fixture
def media(scope, alice, small_host):
    return hosted(creator=alice, title="https://small.test/100001", source_metadata=UNTITLED)


def ask(media):
    enqueue("describe_media", media.pk, key=f"describe_media:{media.pk}:{Job.objects.count()}")


def described(media, work_off):
    ask(media)
    work_off()
    media.refresh_from_db()
    return media


def test_described_media_plays_and_knows_what_its_host_told(media, small_host, work_off):
    small_host.told = Description("A talk", "About tides", 61.5, author="Ada", author_key="u1", facts={"views": 3})

    found = described(media, work_off)

    assert (found.title, found.description, found.duration, found.duration_source, found.status) == (
        "A talk", "About tides", 61.5, LengthSource.HOST, Status.COMPLETED
    )  # fmt: skip
    assert (found.is_playable, found.kind, found.source_metadata) == (
        True, Kind.VIDEO, {"author": "Ada", "author_key": "u1", "facts": {"views": 3}}
    )  # fmt: skip


def test_described_media_keeps_what_people_wrote(scope, small_host, work_off):
    named = hosted(title="My own title", description="My own words")
    small_host.told = Description("Another", "Other words", None)

    found = described(named, work_off)

    assert (found.title, found.description, found.duration) == ("My own title", "My own words", None)


def test_described_media_is_told_to_analytics_once(media, small_host, work_off):
    described(media, work_off)
    described(media, work_off)

    events = Event.objects.filter(type="video_imported", media_id=media.pk)
    assert [event.metadata for event in events] == [
        {"source_type": "vimeo", "duration_seconds": 60.0, "file_size_bytes": None}
    ]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("private", "This video is private on Small Host. Make it public or unlisted there, or upload the file here."),
        ("embed_disabled", "Small Host does not let this video play on other sites."
         " Allow embedding in its settings there, or upload the file here."),
    ],
)  # fmt: skip
def test_refused_media_fails_at_once_and_says_what_to_do(media, small_host, work_off, code, words):
    small_host.told = SourceError(code)

    found = described(media, work_off)

    told = status_of(found)
    assert (found.status, told.code, told.message, small_host.asked) == (Status.FAILED, code, words, 1)


def test_busy_host_is_asked_later_and_no_attempt_is_charged(media, small_host, work_off):
    small_host.told = SourceError("rate_limited", delay=7)

    described(media, work_off)

    job = Job.objects.get(kind="describe_media")
    assert (job.state, job.attempt, job.error_code, job.postponements) == ("queued", 0, "rate_limited", 1)


def test_unreachable_host_is_tried_again(media, small_host, work_off):
    small_host.told = SourceError("network")

    described(media, work_off)

    job = Job.objects.get(kind="describe_media")
    assert (job.state, job.attempt, job.error_code) == ("queued", 1, "network")


def test_media_that_is_gone_at_its_host_plays_no_longer(media, small_host, work_off):
    described(media, work_off)
    small_host.told = SourceError("deleted")

    ask_again()
    work_off()

    media.refresh_from_db()
    assert (media.is_playable, media.status, status_of(media).code) == (False, Status.FAILED, "deleted")


def test_media_that_is_still_there_shows_no_work(media, small_host, work_off):
    described(media, work_off)
    before = media.described_at

    count = ask_again()

    media.refresh_from_db()
    status = media.status
    work_off()
    media.refresh_from_db()
    assert (count, status, media.status, media.described_at > before) == (1, Status.COMPLETED, Status.COMPLETED, True)


def test_asking_again_leaves_archived_media_and_uploads_alone(scope, small_host, stored_talk):
    hosted(publication=Publication.ARCHIVED)

    assert (ask_again(), Media.objects.count()) == (0, 2)
