"""What people see of processing is derived from jobs, by one function."""

import re
import sys

import pytest
from django.core.management import call_command

from core.errors import Refused
from core.jobs import enqueue
from core.models import Job
from core.models.job import JobState
from core.tenancy import every_organization, organization_scope
from media_library.models import Media, Publication, Rendition, Source, Status
from media_library.services.publishing import archive_media, publish_media, unpublish_media
from media_library.services.retrying import retry_media
from media_library.services.status import derive_status, refresh_status, status_of


@pytest.fixture
def talk(scope, alice) -> Media:
    return Media.objects.create(source=Source.UPLOAD, source_path="s", title="Talk", creator=alice)


def play(media: Media) -> Media:
    media.rendition = Rendition.objects.create(media=media, folder="f")
    media.save()
    return media


def job(kind: str, state: str, *, message: str = "") -> Job:
    stage = {"process_media": "processing", "transcribe_media": "transcribing", "index_media": "embedding"}[kind]
    return Job(kind=kind, stage=stage, state=state, error_message=message, progress=12.9)


@pytest.mark.parametrize(
    ("jobs", "plays", "status"),
    [
        ([], False, "pending"),
        ([], True, "completed"),
        ([("process_media", "queued")], False, "pending"),
        ([("process_media", "running")], False, "processing"),
        ([("process_media", "queued")], True, "processing"),  # made anew while the old one plays
        ([("process_media", "failed")], False, "failed"),
        ([("process_media", "cancelled")], False, "failed"),
        ([("process_media", "succeeded"), ("transcribe_media", "queued")], True, "transcribing"),
        ([("transcribe_media", "running"), ("index_media", "queued")], True, "transcribing"),
        ([("process_media", "succeeded"), ("index_media", "running")], True, "embedding"),
        ([("process_media", "succeeded"), ("transcribe_media", "failed")], True, "completed"),
        ([("process_media", "succeeded"), ("transcribe_media", "succeeded")], True, "completed"),
    ],
)
def test_status_follows_the_newest_jobs(talk, jobs, plays, status):
    media = play(talk) if plays else talk

    assert derive_status(media, [job(*one) for one in jobs]) == status


def test_newest_job_of_a_kind_decides(talk):
    enqueue("process_media", talk.pk, key="first")
    Job.objects.update(state=JobState.FAILED)
    enqueue("process_media", talk.pk, key="second")

    assert status_of(talk).status == Status.PENDING


def test_status_tells_why_captions_are_missing(talk):
    enqueue("transcribe_media", talk.pk, key="k")
    Job.objects.update(state=JobState.FAILED, error_message="The captions could not be read.")

    told = status_of(play(talk))

    assert (told.status, told.label, told.message, told.is_live) == (
        Status.COMPLETED, "Ready", "The captions could not be read.", False,
    )  # fmt: skip


def test_status_tells_that_it_will_be_tried_again(talk):
    enqueue("process_media", talk.pk, key="k")
    Job.objects.update(error_message="There was no room left on the disk.")

    assert status_of(talk).message == "There was no room left on the disk. It will be tried again."


def test_status_costs_one_statement(talk, django_assert_num_queries):
    with django_assert_num_queries(1):
        status_of(talk)


def fail(media: Media, key: str = "k") -> None:
    enqueue("process_media", media.pk, key=key)
    Job.objects.filter(key=key).update(state=JobState.FAILED, attempt=3, error_message="It broke.")
    refresh_status(media.pk)


def test_retry_begins_anew(talk, alice):
    fail(talk)

    count = retry_media(talk, by=alice)

    again = Job.objects.get(subject_id=talk.pk, kind="process_media")
    assert (count, again.state, again.attempt, talk.status) == (1, "queued", 0, "pending")


def test_retry_needs_something_that_failed(talk, alice):
    with pytest.raises(Refused) as refusal:
        retry_media(talk, by=alice)

    assert (refusal.value.code, refusal.value.status) == ("nothing_to_retry", 409)


def test_archived_media_is_not_retried(talk, alice):
    fail(talk)
    archive_media(talk, by=alice)

    with pytest.raises(Refused) as refusal:
        retry_media(talk, by=alice)

    assert refusal.value.code == "archived"


def test_archiving_ends_the_work_on_it(talk, alice):
    enqueue("process_media", talk.pk, key="k")

    archive_media(talk, by=alice)

    talk.refresh_from_db()
    assert (talk.publication, Job.objects.get().state) == (Publication.ARCHIVED, "cancelled")


def test_publishing_needs_something_that_plays(talk, alice):
    with pytest.raises(Refused) as refusal:
        publish_media(talk, by=alice)

    assert (refusal.value.code, refusal.value.status) == ("not_ready", 409)


def test_publishing_and_taking_back(talk, alice):
    publish_media(play(talk), by=alice)
    published = (talk.publication, talk.published_at is not None)

    unpublish_media(talk, by=alice)

    assert (published, talk.publication) == (("published", True), "draft")


def test_command_retries_all_that_failed(talk, other_organization, charlie, capsys):
    fail(talk)
    with organization_scope(other_organization):
        elsewhere = Media.objects.create(source=Source.UPLOAD, source_path="s", title="Else", creator=charlie)
        fail(elsewhere, key="elsewhere")

    call_command("retry_media", organization="harbor")
    first = (capsys.readouterr().out, queued())
    call_command("retry_media")

    assert first == ("1 media tried again.\n", 1)
    assert (capsys.readouterr().out, queued()) == ("1 media tried again.\n", 2)


def test_command_shows_how_far_it_is(talk, capsys, monkeypatch):
    fail(talk)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    call_command("retry_media")

    assert re.findall(r"100%.* (\d+/\d+) ", capsys.readouterr().err) == ["1/1"]


def queued():
    with every_organization(reason="the command retries what belongs to several"):
        return Job.objects.filter(state="queued", kind="process_media").count()
