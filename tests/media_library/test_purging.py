"""Archiving, getting back, and removing for good."""

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from core.jobs import JobError, enqueue
from core.models import AuditEntry, Job
from core.tenancy import organization_scope
from courses.models import ItemType
from courses.services.authoring import add_chapter, add_item, create_course
from media_library.jobs import purge_archived
from media_library.models import (
    Cue,
    FrameExtraction,
    Media,
    MediaTag,
    Publication,
    Rendition,
    Storyboard,
    Tag,
    Transcript,
    Upload,
)
from media_library.services.allowance import allowance_of
from media_library.services.publishing import archive_media, publish_media, restore_media
from media_library.services.purging import purge_media, remove_purged_files
from media_library.services.shelving import tag_media
from tests.media_library.framing import make_batch
from tests.media_library.shelf import files, files_of, film, home_of, stored, upload

pytestmark = pytest.mark.usefixtures("scope")
WHOLE = [
    "pictures/first/0001.jpg", "renditions/first/master.m3u8", "renditions/first/v0_000.m4s", "source/captions.vtt",
    "source/film.mp4",
]  # fmt: skip


def archived(*, by, **fields):
    media = film(creator=by, **fields)
    archive_media(media, by=by)
    return media


def place(media, *, by):
    chapter = add_chapter(create_course(title="How the sea moves", slug="sea", by=by), title="Moon")
    add_item(chapter, type=ItemType.VIDEO, title="Watch", media=media, by=by)


def refusal(verb, media):
    with pytest.raises(Refused) as refused:
        verb(media, by=None)
    return refused.value.code, refused.value.status, refused.value.message


def test_archived_media_knows_since_when_and_comes_back_as_a_draft(alice):
    media = archived(by=alice)
    assert timezone.now() - media.archived_at < timedelta(minutes=1)

    restore_media(media, by=alice)

    back = Media.objects.get()
    assert (back.publication, back.archived_at, files_of(back)) == (Publication.DRAFT, None, WHOLE)


@pytest.mark.parametrize("verb", [restore_media, publish_media])
def test_content_that_came_again_meanwhile_keeps_the_archived_one_out(alice, verb):
    media = archived(by=alice, content_hash="ab")
    film("Tides again", content_hash="ab")

    words = "“Tides” cannot come back: the same content was uploaded again, as “Tides again”."
    assert refusal(verb, media) == ("duplicate", 409, words)
    assert (media.publication, Media.objects.get(pk=media.pk).publication) == ("archived", "archived")


def test_purge_takes_rows_and_files_along_and_nothing_else(alice, work_off):
    other = film("Waves")
    media = archived(by=alice)
    tag_media(media, ["sea"], by=alice)

    purge_media(media, by=alice)
    work_off()

    assert [*Media.objects.all()] == [other]
    assert [kind.objects.count() for kind in (Rendition, Storyboard, Transcript, Cue, MediaTag, Tag)] == [
        1,
        1,
        1,
        1,
        0,
        1,
    ]
    assert files() == [f"{home_of(other)}/{name}" for name in WHOLE]
    assert Job.objects.filter(subject_id=media.pk).count() == 0
    entry = AuditEntry.objects.get(action="purged")
    assert (entry.actor, entry.object_name) == (alice, "Tides")


def test_rows_go_first_and_the_files_as_often_as_it_takes(alice, work_off):
    media = archived(by=alice)
    purge_media(media, by=alice)
    assert (Media.objects.count(), len(files())) == (0, 5)  # as if it had been killed now

    work_off()
    work_off()
    job = Job.objects.get(kind="remove_purged_files")
    remove_purged_files(media.pk, job.payload["folders"])

    assert (files(), job.state) == ([], "succeeded")


def test_files_of_media_that_is_there_are_not_removed(alice):
    media = archived(by=alice)

    with pytest.raises(JobError, match="not purged"):
        remove_purged_files(media.pk, [home_of(media)])

    assert files_of(media) == WHOLE


def test_files_below_a_former_storage_prefix_go_too(alice, work_off):
    media = archived(by=alice)
    Media.objects.update(source_path=stored(f"old/place/{home_of(media)}/source/film.mp4"))

    purge_media(media, by=alice)
    work_off()

    assert files() == []


def test_purging_gives_no_allowance_back(alice):
    media = archived(by=alice)
    other = film("Waves")
    upload(other, alice, state="duplicate")
    Upload.objects.filter(pk=other.pk).update(media=media)
    used = allowance_of(alice).used

    purge_media(media, by=alice)

    left = Upload.objects.get()
    assert (allowance_of(alice).used, used) == (100, 100)
    assert (left.pk, left.filename, left.storage_path, left.media) == (media.pk, "", "", None)


def test_refused_upload_counts_until_the_purge_and_is_known_after_it(alice):
    media = archived(by=alice)
    Upload.objects.update(state="refused")
    used = allowance_of(alice).used

    purge_media(media, by=alice)

    left = Upload.objects.get()
    assert (used, allowance_of(alice).used) == (100, 0)
    assert (left.pk, left.state, left.filename, left.storage_path, left.media) == (media.pk, "refused", "", "", None)


def test_work_under_way_ends_with_the_purge(alice):
    media = archived(by=alice)
    waiting, running = (enqueue(kind, media.pk, key=kind) for kind in ("process_media", "transcribe_media"))
    Job.objects.filter(pk=running.pk).update(
        state="running", lease_token=uuid4(), lease_expires_at=timezone.now() + timedelta(hours=1)
    )

    purge_media(media, by=alice)

    jobs = {job.pk: job for job in Job.objects.filter(pk__in=[waiting.pk, running.pk])}
    assert [*jobs] == [running.pk]
    assert jobs[running.pk].cancel_requested_at is not None


def test_frames_that_are_being_taken_end_with_the_purge(alice):
    media, batch = archived(by=alice), make_batch(by=alice)
    waiting, running = (
        enqueue(kind, FrameExtraction.objects.create(media=media, batch=batch, mode="scenes", most=9).pk, key=kind)
        for kind in ("extract_frames", "take_frame")
    )
    Job.objects.filter(pk=running.pk).update(
        state="running", lease_token=uuid4(), lease_expires_at=timezone.now() + timedelta(hours=1)
    )

    purge_media(media, by=alice)

    [left] = Job.objects.filter(pk__in=[waiting.pk, running.pk])
    assert (left.pk, left.cancel_requested_at is not None) == (running.pk, True)
    assert FrameExtraction.objects.count() == 0


def test_what_is_not_archived_is_not_purged(alice):
    words = "“Tides” is not archived. What is removed for good is archived first."

    assert refusal(purge_media, film()) == ("not_archived", 409, words)


def test_what_a_course_holds_is_not_purged_and_the_words_say_where(alice):
    media = film(creator=alice)
    place(media, by=alice)
    archive_media(media, by=alice)

    words = "“Tides” is used: How the sea moves › Moon. Take it out there first."
    assert refusal(purge_media, media) == ("in_use", 409, words)
    assert (Media.objects.count(), files_of(media)) == (1, WHOLE)


def test_purging_twice_changes_nothing(alice):
    media = archived(by=alice)
    purge_media(media, by=alice)

    purge_media(media, by=alice)

    assert AuditEntry.objects.filter(action="purged").count() == 1


# By itself


def long_ago(media, days):
    Media.objects.filter(pk=media.pk).update(archived_at=timezone.now() - timedelta(days=days, minutes=1))


@pytest.mark.parametrize(("days", "left"), [(0, 2), (30, 1), (31, 2)])
def test_old_archives_go_by_themselves_where_that_is_wanted(alice, settings, work_off, days, left):
    settings.PURGE_ARCHIVED_DAYS = days
    long_ago(archived(by=alice), 30)
    archived(by=alice, title="Waves")
    with organization_scope(None):
        enqueue("purge_archived", key="now")

    work_off()

    assert (Media.objects.count(), len(files())) == (left, left * 5)
    assert purge_archived.__name__ == "purge_archived"


# The command


def run(*arguments):
    out, told = StringIO(), StringIO()
    with organization_scope(None):
        call_command("purge_media", *arguments, stdout=out, stderr=told)
    return out.getvalue(), told.getvalue()


def test_command_purges_what_it_is_told(alice, work_off):
    gone, kept = archived(by=alice), film("Waves")

    said = run(str(gone.pk), str(kept.pk))
    work_off()

    refused = f"{kept.pk}: “Waves” is not archived. What is removed for good is archived first.\n"
    assert said == ("1 media purged.\n", refused)
    assert ([*Media.objects.all()], len(files())) == ([kept], 5)
    assert run(str(gone.pk)) == ("0 media purged.\n", "")


def test_command_tells_what_would_go(alice):
    media = archived(by=alice)
    long_ago(media, 8)
    long_ago(archived(by=alice, title="Waves"), 6)

    assert run("--archived-for", "7", "--dry-run") == (f"{media.pk} Tides\n1 media would go.\n", "")
    assert Media.objects.count() == 2


def test_command_stays_in_the_organization_it_is_given(alice, other_organization):
    media = archived(by=alice)

    assert run("--archived-for", "0", "--organization", "summit") == ("0 media purged.\n", "")
    assert run("--archived-for", "0", "--organization", "harbor") == ("1 media purged.\n", "")
    assert Media.objects.filter(pk=media.pk).exists() is False


@pytest.mark.parametrize("arguments", [(), (str(uuid4()), "--archived-for", "3")])
def test_command_asks_for_one_way_to_say_what(arguments):
    with pytest.raises(CommandError, match="Name media by id"):
        run(*arguments)


# The doors


def test_program_archives_restores_and_purges(alice, client_of, work_off):
    media, client = film(creator=alice), client_of(alice)
    path = f"/api/v1/harbor/media/{media.pk}/"

    answers = [client.delete(path), client.post(f"{path}restore/"), client.post(f"{path}purge/")]
    assert [answer.status_code for answer in answers] == [204, 200, 409]
    assert (answers[1].json()["publication"], answers[2].json()["error"]["code"]) == ("draft", "not_archived")

    assert [client.delete(path).status_code, client.post(f"{path}purge/").status_code] == [204, 204]
    work_off()
    assert (client.get(path).status_code, files()) == (404, [])


def test_program_may_purge_at_once_and_all_of_it_is_refused_together(alice, client_of):
    media, client = film(creator=alice), client_of(alice)
    place(media, by=alice)
    path = f"/api/v1/harbor/media/{media.pk}/?purge=true"

    refused = client.delete(path)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "in_use")
    assert Media.objects.get().publication == Publication.DRAFT

    media.content_items.all().delete()
    assert (client.delete(path).status_code, Media.objects.count()) == (204, 0)


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("charlie", 404)])
def test_others_purge_nothing(alice, client_of, request, who, status):
    media = archived(by=alice)
    client = client_of(request.getfixturevalue(who))

    answers = [client.post(f"/api/v1/harbor/media/{media.pk}/{verb}/").status_code for verb in ("purge", "restore")]

    assert (answers, Media.objects.get().publication) == ([status, status], Publication.ARCHIVED)


def test_back_office_asks_before_it_deletes_for_good(alice, client_of, work_off):
    media, client = archived(by=alice), client_of(alice)
    page = reverse("admin:media_library_media_purge", args=[media.pk])

    question = client.get(page)
    assert question.context["bytes"] == 160
    words = question.content.decode()
    told = [part in words for part in ("Delete “Tides” for good?", "its transcript", "have watched")]
    assert told == [True, True, False]  # nobody has watched any of it
    assert Media.objects.count() == 1

    answer = client.post(page, follow=True)
    work_off()
    assert "“Tides” is gone for good." in answer.content.decode()
    assert (Media.objects.count(), files()) == (0, [])


def test_back_office_purges_nothing_that_is_not_archived(alice, client_of):
    media = film(creator=alice)

    answer = client_of(alice).post(reverse("admin:media_library_media_purge", args=[media.pk]), follow=True)

    assert "is not archived" in answer.content.decode()
    assert Media.objects.count() == 1


def test_page_of_archived_media_offers_to_restore_it(alice, client_of):
    media, client = archived(by=alice), client_of(alice)
    page = reverse("admin:media_library_media_change", args=[media.pk])
    restore = reverse("admin:media_library_media_do", args=[media.pk, "restore"])

    words = client.get(page).content.decode()
    publish = reverse("admin:media_library_media_do", args=[media.pk, "publish"])
    assert (f'action="{restore}"' in words, f'action="{publish}"' in words) == (True, False)
    client.post(restore)

    assert Media.objects.get().publication == Publication.DRAFT
