"""The check of an uploaded file: whether it is what was sent, may come here, and is here already."""

import hashlib

import pytest
from django.conf import settings
from django.core.files import File

from core.jobs import retry_job
from core.jobs.claim import claim
from core.jobs.lease import give_back
from core.models import Job
from media_library.ffmpeg import MediaError
from media_library.models import Media, Upload
from media_library.services.recordings import examine
from media_library.services.site import change_site_configuration
from media_library.services.status import status_of
from media_library.services.uploads import upload_media

pytestmark = pytest.mark.usefixtures("scope")


@pytest.fixture
def bring(samples, alice):
    def bring(name):
        with samples[name].open("rb") as file:
            return upload_media(File(file, name=name), by=alice)

    return bring


def test_examination_stops_when_asked(samples):
    with pytest.raises(MediaError) as failure:
        examine(samples["talk.mp4"], should_stop=lambda: True)

    assert failure.value.code == "cancelled"


def test_accepted_file_keeps_its_hash(bring, samples, work_off):
    media = bring("tone.mp3")

    work_off()

    media.refresh_from_db()
    assert media.content_hash == hashlib.sha256(samples["tone.mp3"].read_bytes()).hexdigest()
    assert Upload.objects.get(pk=media.pk).state == "accepted"


def test_file_that_is_not_what_was_sent_is_refused(bring, work_off):
    media = bring("tone.mp3")
    Upload.objects.filter(pk=media.pk).update(declared_sha256="0" * 64)

    work_off()

    upload = Upload.objects.get(pk=media.pk)
    media.refresh_from_db()
    assert (media.status, status_of(media).code, media.is_playable) == ("failed", "checksum_mismatch", False)
    assert (upload.state, upload.error_code, upload.error_message) == (
        "refused", "checksum_mismatch",
        "The file arrived damaged: it is not what was sent. Please upload it again.",
    )  # fmt: skip


def test_format_that_the_site_does_not_accept_is_refused(bring, alice, work_off):
    change_site_configuration(by=alice, formats=["mp4", "mov"])
    media = bring("tone.mp3")

    work_off()

    upload = Upload.objects.get(pk=media.pk)
    assert (upload.state, upload.error_code, upload.error_message) == (
        "refused", "format_not_accepted", "MP3 files are not accepted here. Please use one of: MP4, MOV.",
    )  # fmt: skip


def test_content_whose_file_got_lost_may_come_again(bring, settings, work_off):
    first = bring("tone.mp3")
    work_off()
    (settings.MEDIA_ROOT / first.source_path).unlink()
    second = bring("tone.mp3")

    work_off()

    assert Upload.objects.get(pk=second.pk).state == "accepted"
    assert (settings.MEDIA_ROOT / second.source_path).exists()


def test_content_that_is_here_already_is_not_kept_twice(bring, work_off):
    first = bring("tone.mp3")
    work_off()
    second = bring("tone.mp3")

    work_off()

    upload = Upload.objects.get(pk=second.pk)
    assert (upload.state, upload.media, list(Media.objects.all())) == ("duplicate", first, [first])
    assert Job.objects.filter(kind="process_media").count() == 1
    assert not (settings.MEDIA_ROOT / second.source_path).exists()


def test_check_that_ends_badly_is_told_by_its_upload(bring):
    """Whatever ended it: nobody waits for "Checking…" for ever, and trying again checks again."""
    media = bring("tone.mp3")
    job = claim("short", worker="test")
    give_back(job.pk, job.lease_token, code="worker_lost", message="The machine stopped.", permanent=True)
    refused = Upload.objects.values_list("state", "error_code", "error_message").get(pk=media.pk)

    retry_job(Job.objects.get(pk=job.pk))

    assert refused == ("refused", "worker_lost", "The machine stopped.")
    assert Upload.objects.values_list("state", "error_code").get(pk=media.pk) == ("checking", "")
