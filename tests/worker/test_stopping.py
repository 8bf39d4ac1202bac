"""Work ends when people want it to, and with whoever watches over it."""

import os
import signal
import sys
import time

import psutil
import pytest
from django.core.files import File

from core.jobs import cancel_job
from core.models import Job
from core.tenancy import organization_scope
from media_library.models import Media, Rendition
from media_library.services.uploads import upload_media
from tests.processes import running, wait_until
from tests.worker.test_survival import ffmpeg_processes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker, pytest.mark.xdist_group("worker")]
ALLOWED_SECONDS = 10


@pytest.fixture
def uploaded(film, alice, organization):
    with organization_scope(organization), film.open("rb") as content:
        return upload_media(File(content, name="film.mp4"), title="Film", by=alice)


def worker(folder):
    """One that is given the time to start on a busy machine."""
    return running(sys.executable, "manage.py", "run_worker", data=folder, JOB_SILENCE_SECONDS="60")


def running_transcode(media, folder):
    """The job once FFmpeg has begun to move."""
    jobs = Job.objects.filter(subject_id=media.pk, kind="process_media", state="running", progress__gt=2)
    return wait_until(lambda: ffmpeg_processes(folder) and jobs.first(), seconds=90, what="the transcode is under way")


def test_running_transcode_is_cancelled_within_ten_seconds(uploaded, organization, tmp_path):
    with worker(tmp_path):
        job = running_transcode(uploaded, tmp_path)
        began = time.monotonic()
        with organization_scope(organization):
            cancel_job(job)
        wait_until(
            lambda: Job.objects.get(pk=job.pk).state == "cancelled" and not ffmpeg_processes(tmp_path),
            seconds=ALLOWED_SECONDS, what="the job is cancelled and its FFmpeg gone",
        )  # fmt: skip
        assert time.monotonic() - began < ALLOWED_SECONDS
        left = [path for path in (tmp_path / "scratch").rglob("*") if str(job.pk) in str(path)]

    with organization_scope(organization):
        assert (Media.objects.get().status, Rendition.objects.count(), left) == ("failed", 0, [])


def test_workers_of_a_killed_supervisor_end_at_once_and_the_next_one_goes_on(uploaded, tmp_path):
    with worker(tmp_path) as supervisor:
        running_transcode(uploaded, tmp_path)
        family = psutil.Process(supervisor.pid).children(recursive=True)
        os.kill(supervisor.pid, signal.SIGKILL)
        wait_until(
            lambda: not [one for one in family if one.is_running() and one.status() != "zombie"],
            seconds=ALLOWED_SECONDS, what="no worker and no FFmpeg lives on",
        )  # fmt: skip

    with worker(tmp_path):
        wait_until(
            lambda: Job.objects.get(subject_id=uploaded.pk, kind="process_media").state == "succeeded",
            seconds=150, what="the job is done",
        )  # fmt: skip
    assert Job.objects.get(subject_id=uploaded.pk, kind="process_media").attempt == 2
