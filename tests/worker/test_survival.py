"""A worker may be killed at any moment: the job finishes, once."""

import os
import signal

import psutil
import pytest
from django.core.files import File

from core.models import Job
from core.tenancy import organization_scope
from media_library.models import Media, Rendition
from media_library.services.uploads import upload_media
from tests.processes import wait_until, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker, pytest.mark.xdist_group("worker")]


@pytest.fixture
def uploaded(film, alice, organization):
    with organization_scope(organization), film.open("rb") as content:
        return upload_media(File(content, name="film.mp4"), title="Film", by=alice)


def job_of(media):
    return Job.objects.get(subject_id=media.pk, kind="process_media")


def ffmpeg_processes(folder):
    """Those that work on files below `folder`."""
    found = []
    for process in psutil.process_iter(["name", "cmdline"]):
        if str(folder) in " ".join(process.info["cmdline"] or []) and "ffmpeg" in (process.info["name"] or ""):
            found.append(process)
    return found


def test_worker_killed_in_mid_transcode_finishes_the_job_once(uploaded, organization, tmp_path):
    with worker(tmp_path):
        running = wait_until(
            lambda: Job.objects.filter(subject_id=uploaded.pk, state="running", progress__gt=5).first(),
            seconds=60,
            what="the transcode is under way",
        )
        os.kill(int(running.worker.rpartition(":")[2]), signal.SIGKILL)
        wait_until(
            lambda: not ffmpeg_processes(tmp_path) or job_of(uploaded).attempt == 2, seconds=10, what="FFmpeg died too"
        )
        wait_until(lambda: job_of(uploaded).state == "succeeded", seconds=150, what="the job is done")
        wait_until(
            lambda: not Job.objects.exclude(state="succeeded").filter(subject_id=uploaded.pk),
            seconds=60,
            what="all is done",
        )

    with organization_scope(organization):
        media = Media.objects.get(pk=uploaded.pk)
        kinds = sorted(Rendition.objects.filter(media=media).values_list("kind", flat=True))
        assert (media.status, kinds) == ("completed", ["hls", "m4a", "mp3", "mp4"])
    assert job_of(uploaded).attempt == 2
    assert ffmpeg_processes(tmp_path) == []
    assert [path for path in (tmp_path / "scratch").rglob("*") if path.is_file()] == []


def test_cluster_gone_silent_is_replaced(transactional_db, tmp_path):
    """Everything of the short lane hangs, as after a worker killed while it held the queue's lock."""
    with worker(tmp_path) as supervisor:
        clusters = wait_until(
            lambda: [child for child in psutil.Process(supervisor.pid).children() if len(child.children()) >= 1],
            seconds=40,
            what="both clusters are up",
        )
        for cluster in clusters:
            os.killpg(cluster.pid, signal.SIGSTOP)

        waiting = Job.objects.create(kind="close_stale_sessions", lane="short", key="after the silence")

        wait_until(
            lambda: Job.objects.get(pk=waiting.pk).state == "succeeded",
            seconds=90,
            what="new workers did the waiting job",
        )
