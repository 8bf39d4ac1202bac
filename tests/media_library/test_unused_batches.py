"""Batches that nobody used go, told before; whatever is used stays."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.formats import date_format

from core.jobs import cancel_job, enqueue
from core.models import AuditEntry, OutgoingMail
from core.secrets import unseal
from core.tenancy import organization_scope
from media_library.batches.batches import put_in_batch
from media_library.batches.extracting import Asked, extract_frames, stop_extraction
from media_library.batches.unused import clean_batches
from media_library.frames.deleting import delete_frames
from media_library.frames.moving import move_frames
from media_library.models import ExtractionMode, FrameExtraction, Media, Upload, UploadBatch
from media_library.services.expiring import expire_uploads
from media_library.services.publishing import archive_media
from media_library.services.purging import purge_media
from media_library.services.uploads import Announced, cancel_upload, start_upload
from tests.courses.school import make_media
from tests.media_library import framed
from tests.media_library.framing import make_batch

pytestmark = pytest.mark.usefixtures("scope")


def age(batch, **times):
    UploadBatch.objects.filter(pk=batch.pk).update(**{name: timezone.now() - ago for name, ago in times.items()})


def names():
    return sorted(UploadBatch.objects.values_list("name", flat=True))


def test_empty_batch_is_told_of_and_then_goes(alice, client_of, bob):
    old = make_batch("Old", by=alice)
    make_batch("New", project=old.project, by=alice)
    used = make_batch("Used", project=old.project, by=alice)
    put_in_batch([make_media().pk], used, by=alice)
    for batch in (old, used):
        age(batch, empty_since=timedelta(days=31))

    assert clean_batches().gone == []
    assert clean_batches().gone == []

    mail = OutgoingMail.objects.get()
    assert (mail.recipient, mail.subject) == ("alice@harbor.test", "An empty batch will be cleaned away")
    assert "Talks / Old" in unseal(mail.sealed_content)
    assert "“Old” of “Talks” is empty" in client_of(alice).get("/admin/").content.decode()
    assert names() == ["New", "Old", "Used"]

    age(old, warned_at=timedelta(days=8))
    assert [batch.name for batch in clean_batches(dry_run=True).gone] == ["Old"]
    assert [batch.name for batch in clean_batches().gone] == ["Old"]
    assert list(UploadBatch.objects.values_list("name", "position")) == [("New", 1), ("Used", 2)]


def test_first_page_names_the_day_of_five_that_go_first_and_counts_the_others(alice, client_of):
    batches = [make_batch(f"Old {number}", by=alice) for number in range(7)]
    for number, batch in enumerate(batches):
        age(batch, empty_since=timedelta(days=60), warned_at=timedelta(days=number))

    text = client_of(alice).get("/admin/").content.decode()

    told = []
    for number in range(7):
        day = date_format(timezone.localtime() + timedelta(days=7 - number), "DATE_FORMAT")
        told.append(f"“Old {number}” of “Talks” is empty and will be cleaned away after {day}, unless")
    assert [one in text for one in told] == [False, False, True, True, True, True, True]
    assert "… and 2 more empty batches." in text


def test_mail_of_several_says_so(alice):
    old = [make_batch(f"Old {number}", by=alice) for number in range(2)]
    for batch in old:
        age(batch, empty_since=timedelta(days=31))

    told = clean_batches()

    mail = OutgoingMail.objects.get()
    assert sorted(batch.name for batch in told.warned) == ["Old 0", "Old 1"]
    assert mail.subject == "2 empty batches will be cleaned away"


def test_command_tells_of_whom_it_warns(alice):
    batch = make_batch("Old", by=alice)
    age(batch, empty_since=timedelta(days=31))

    def clean(*arguments):
        out = StringIO()
        with organization_scope(None):
            call_command("clean_storage", *arguments, stdout=out)
        return out.getvalue().splitlines()[:-1]

    assert clean("--dry-run") == [f"warned harbor/{batch.folder}", "1 batch would be warned of."]
    assert OutgoingMail.objects.count() == 0
    assert clean() == [f"warned harbor/{batch.folder}", "1 batch warned of."]
    assert clean() == []


def test_batch_filled_after_the_warning_stays(alice):
    batch, other = make_batch("Late", by=alice), make_batch("Other", by=alice)
    for one in (batch, other):
        age(one, empty_since=timedelta(days=60), warned_at=timedelta(days=8))
    put_in_batch([make_media().pk], batch, by=alice)

    out = StringIO()
    with organization_scope(None):
        call_command("clean_storage", stdout=out)

    assert out.getvalue().splitlines() == [f"batch harbor/{other.folder}", "0 files removed, 0 B."]
    assert UploadBatch.objects.get(name="Late").warned_at is None
    assert names() == ["Late"]


def moved_away(batch, alice):
    film = make_media()
    put_in_batch([film.pk], batch, by=alice)
    put_in_batch([film.pk], make_batch("Next", project=batch.project, by=alice), by=alice)


def taken_out_again(batch, alice):
    film = make_media()
    put_in_batch([film.pk], batch, by=alice)
    put_in_batch([film.pk], None, by=alice)


def purged(batch, alice):
    film = make_media()
    put_in_batch([film.pk], batch, by=alice)
    archive_media(film, by=alice)
    purge_media(film, by=alice)


def upload_cancelled(batch, alice):
    cancel_upload(start_upload(Announced("talk.mp4", 100), by=alice, batch=batch), by=alice)


def upload_forgotten(batch, alice):
    start_upload(Announced("talk.mp4", 100), by=alice, batch=batch)
    Upload.objects.update(expires_at=timezone.now() - timedelta(days=1))
    expire_uploads()


def frames_deleted(batch, alice):
    home = make_batch("Home", project=batch.project, by=alice)
    made = [frame.pk for frame in framed.frames(1, of=home, media=make_media())]
    move_frames(made, to=batch, by=alice)
    delete_frames(made, by=alice)


def frames_moved_on(batch, alice):
    home = make_batch("Home", project=batch.project, by=alice)
    made = [frame.pk for frame in framed.frames(1, of=home, media=make_media())]
    move_frames(made, to=batch, by=alice)
    move_frames(made, to=home, by=alice)


def work_stopped(batch, alice):
    film = make_media(seconds=100)
    film.rendition.rungs = [{"name": "360p", "width": 640, "height": 360}]
    film.rendition.save()
    stop_extraction(extract_frames(film, batch, Asked(ExtractionMode.SCENES), by=alice), by=alice)


WAYS_OUT = [
    moved_away, taken_out_again, purged, upload_cancelled, upload_forgotten, frames_deleted, frames_moved_on,
    work_stopped,
]  # fmt: skip


@pytest.mark.parametrize("empty", WAYS_OUT)
def test_grace_begins_when_a_batch_becomes_empty(alice, empty):
    """It had been empty for long before, was told of, and is emptied again before any night looks at it."""
    batch = make_batch("Old", by=alice)
    age(batch, created_at=timedelta(days=60), empty_since=timedelta(days=60), warned_at=timedelta(days=8))
    before = timezone.now()

    empty(batch, alice)

    assert [one.name for one in clean_batches().gone] == []
    batch.refresh_from_db()
    assert (batch.empty_since > before, batch.warned_at) == (True, None)
    assert OutgoingMail.objects.count() == 0
    age(batch, empty_since=timedelta(days=29, hours=23))
    clean_batches()
    assert OutgoingMail.objects.count() == 0
    age(batch, empty_since=timedelta(days=30))
    clean_batches()
    assert OutgoingMail.objects.count() == 1


def test_batch_emptied_between_two_nights_is_counted_from_the_second(alice):
    batch, film = make_batch("Old", by=alice), make_media()
    age(batch, created_at=timedelta(days=60))
    Media.objects.filter(pk=film.pk).update(batch=batch)
    clean_batches()
    batch.refresh_from_db()
    assert batch.empty_since is None
    before = timezone.now()

    Media.objects.filter(pk=film.pk).update(batch=None)
    clean_batches()

    batch.refresh_from_db()
    assert (batch.empty_since > before, batch.warned_at) == (True, None)


def test_work_that_ended_is_no_use_and_work_under_way_is(alice):
    old, tried = make_batch("Old", by=alice), make_batch("Tried", by=alice)
    taking = FrameExtraction.objects.create(batch=tried, media=make_media(), mode="scenes", most=5)
    job = enqueue("extract_frames", taking.pk, key="taking")
    for one in (old, tried):
        age(one, empty_since=timedelta(days=60), warned_at=timedelta(days=8))

    assert [batch.name for batch in clean_batches(dry_run=True).gone] == ["Old"]
    assert [batch.name for batch in clean_batches().gone] == ["Old"]
    assert AuditEntry.objects.latest("id").detail == "It was empty, as told before."
    tried.refresh_from_db()
    assert (tried.empty_since, tried.warned_at) == (None, None)

    cancel_job(job)
    age(tried, empty_since=timedelta(days=60), warned_at=timedelta(days=8))
    assert [batch.name for batch in clean_batches().gone] == ["Tried"]


def test_maker_reads_when_an_empty_batch_goes(alice, client_of, settings):
    batch = make_batch("Old", by=alice)
    since = datetime(2026, 3, 1, 12, tzinfo=UTC)
    UploadBatch.objects.filter(pk=batch.pk).update(empty_since=since)
    client = client_of(alice)
    page = f"/admin/media_library/project/{batch.project_id}/change/"
    told = "Empty since March 1, 2026. It will be cleaned away after April 7, 2026, unless something comes into it."

    rule = "is kept for 30 days from when it became empty. Then whoever made it is told, and 7 days later it is"
    text = client.get(page).content.decode()
    assert (told in text, rule in text) == (True, True)
    answer = client.get(f"/api/v1/harbor/batches/{batch.pk}/").json()
    assert (answer["empty_since"], answer["ends_at"]) == ("2026-03-01T12:00:00Z", "2026-04-07T12:00:00Z")
    settings.UNUSED_BATCH_DAYS = 0
    text = client.get(page).content.decode()
    assert ("Empty since" in text, "is kept for" in text) == (False, False)
    assert client.get(f"/api/v1/harbor/batches/{batch.pk}/").json()["ends_at"] is None


def test_command_takes_frames_and_tells_how_many(alice):
    batch, film = make_batch(by=alice), make_media(seconds=100)
    film.rendition.rungs = [{"name": "360p", "width": 640, "height": 360}]
    film.rendition.save()

    def take(*arguments):
        out = StringIO()
        with organization_scope(None):
            call_command("extract_frames", str(film.pk), "--batch", str(batch.pk), *arguments, stdout=out)
        return out.getvalue().splitlines()

    assert take("--every", "10", "--dry-run") == ["At most 10 frames; the batch takes 100 more."]
    assert FrameExtraction.objects.count() == 0
    told, key = take("--scenes")
    assert (told, key) == ("At most 100 frames; the batch takes 100 more.", str(FrameExtraction.objects.get().pk))
    with pytest.raises(
        CommandError,
        match="The batch has 0 of the 100 frames it may have. 100 are held free for frames being taken now.",
    ):
        take("--at", "4")
