"""A worker killed while it takes frames: they are there once, and nothing else is."""

import os
import signal

import pytest
from django.core.files import File

from core.models import Job
from core.tenancy import organization_scope
from media_library.batches.extracting import Asked, extract_frames
from media_library.models import ExtractionMode, Frame, FrameExtraction, Media
from media_library.services.uploads import upload_media
from tests.media_library.framing import make_batch
from tests.processes import wait_until, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker, pytest.mark.xdist_group("worker")]


def under_way():
    return Job.objects.filter(kind="extract_frames", state="running", command__contains="fps").first()


def test_worker_killed_in_mid_extraction_takes_each_frame_once(film, alice, organization, tmp_path):
    with organization_scope(organization), film.open("rb") as content:
        media, batch = upload_media(File(content, name="film.mp4"), by=alice), make_batch(by=alice)

    def is_playable():
        with organization_scope(organization):
            return Media.objects.filter(pk=media.pk, rendition__isnull=False).exists()

    with worker(tmp_path):
        wait_until(is_playable, seconds=150, what="the film plays")
        with organization_scope(organization):
            talk = Media.objects.get(pk=media.pk)
            extraction = extract_frames(talk, batch, Asked(ExtractionMode.EVERY, interval=2), by=alice)
        running = wait_until(under_way, seconds=150, what="frames are being taken")
        os.kill(int(running.worker.rpartition(":")[2]), signal.SIGKILL)
        wait_until(
            lambda: Job.objects.get(subject_id=extraction.pk).state == "succeeded", seconds=150, what="they are taken"
        )

    assert Job.objects.get(subject_id=extraction.pk).attempt == 2
    with organization_scope(organization):
        made = FrameExtraction.objects.get(pk=extraction.pk).made
        seconds = list(Frame.objects.order_by("second").values_list("second", flat=True))
        paths = sorted(Frame.objects.values_list("path", flat=True))
    home = tmp_path / "media"
    assert (made, seconds) == (60, [float(second) for second in range(0, 120, 2)])
    assert sorted(str(path.relative_to(home)) for path in (home / "frames").rglob("*.jpg")) == paths
    assert [path for path in (tmp_path / "scratch").rglob("*") if path.is_file()] == []
