"""Batches that nobody used go, told before; whatever is used stays."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.jobs import cancel_job, enqueue
from core.models import AuditEntry, OutgoingMail
from core.secrets import unseal
from core.tenancy import organization_scope
from media_library.batches.batches import put_in_batch
from media_library.batches.unused import clean_batches
from media_library.models import FrameExtraction, UploadBatch
from tests.courses.school import make_media
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
        age(batch, created_at=timedelta(days=31))

    assert clean_batches() == []
    assert clean_batches() == []

    mail = OutgoingMail.objects.get()
    assert (mail.recipient, mail.subject) == ("alice@harbor.test", "An empty batch will be cleaned away")
    assert "Talks / Old" in unseal(mail.sealed_content)
    assert "“Old” of “Talks” is empty" in client_of(alice).get("/admin/").content.decode()
    assert names() == ["New", "Old", "Used"]

    age(old, warned_at=timedelta(days=8))
    assert [batch.name for batch in clean_batches(dry_run=True)] == ["Old"]
    assert [batch.name for batch in clean_batches()] == ["Old"]
    assert list(UploadBatch.objects.values_list("name", "position")) == [("New", 1), ("Used", 2)]


def test_batch_filled_after_the_warning_stays(alice):
    batch, other = make_batch("Late", by=alice), make_batch("Other", by=alice)
    for one in (batch, other):
        age(one, created_at=timedelta(days=60), warned_at=timedelta(days=8))
    put_in_batch([make_media().pk], batch, by=alice)

    out = StringIO()
    with organization_scope(None):
        call_command("clean_storage", stdout=out)

    assert out.getvalue().splitlines() == [f"batch {other.folder}", "0 files removed, 0 B."]
    assert UploadBatch.objects.get(name="Late").warned_at is None
    assert names() == ["Late"]


def test_grace_begins_with_what_last_came_and_work_that_ended_is_no_use(alice):
    old, tried = make_batch("Old", by=alice), make_batch("Tried", by=alice)
    taking = FrameExtraction.objects.create(batch=tried, media=make_media(), mode="scenes", most=5)
    job = enqueue("extract_frames", taking.pk, key="taking")
    for one in (old, tried):
        age(one, created_at=timedelta(days=60), warned_at=timedelta(days=8))

    assert [batch.name for batch in clean_batches(dry_run=True)] == ["Old"]
    cancel_job(job)
    assert [batch.name for batch in clean_batches()] == ["Old"]
    assert UploadBatch.objects.get().warned_at is None
    assert AuditEntry.objects.latest("id").detail == "It was empty, as told before."

    FrameExtraction.objects.update(created_at=timezone.now() - timedelta(days=31))
    clean_batches()
    age(tried, warned_at=timedelta(days=8))
    assert [batch.name for batch in clean_batches()] == ["Tried"]


def test_command_takes_frames_and_tells_how_many(alice):
    batch, film = make_batch(by=alice), make_media(seconds=100)
    film.rendition.rungs = [{"name": "360p", "width": 640, "height": 360}]
    film.rendition.save()

    def take(*arguments):
        out = StringIO()
        with organization_scope(None):
            call_command("extract_frames", str(film.pk), "--batch", str(batch.pk), *arguments, stdout=out)
        return out.getvalue().splitlines()

    assert take("--every", "10", "--dry-run") == ["At most 11 frames; the batch takes 100 more."]
    assert FrameExtraction.objects.count() == 0
    told, key = take("--scenes")
    assert (told, key) == ("At most 100 frames; the batch takes 100 more.", str(FrameExtraction.objects.get().pk))
    with pytest.raises(CommandError, match="The batch has all the frames it may have"):
        take("--at", "4")
