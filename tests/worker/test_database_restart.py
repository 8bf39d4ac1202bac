"""The database goes down in mid-job: the job finishes, once. A database of this test's own: nobody is disturbed."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from core.embedded_postgres.server import Server
from tests.processes import wait_until

pytestmark = [pytest.mark.worker, pytest.mark.xdist_group("worker")]

STATE = """
import json
from core.models import Job
from core.tenancy import every_organization
from media_library.models import Media, Rendition
with every_organization(reason="to look"):
    job = Job.objects.filter(kind="process_media").first() or Job(state="queued")
    streams = Rendition.objects.filter(kind="hls").count()
    print(json.dumps([job.state, job.progress, job.attempt, streams, Media.objects.get().status]))
"""
UPLOAD = """
from django.core.files import File
from accounts.models import User
from accounts.services.organizations import create_organization
from core.tenancy import organization_scope
from media_library.services.uploads import upload_media
organization, _ = create_organization(slug="harbor", name="Harbor", owner_email="alice@harbor.test")
with organization_scope(organization), open({film!r}, "rb") as content:
    upload_media(File(content, name="film.mp4"), title="Film", by=User.objects.get())
"""


@pytest.fixture
def installation(tmp_path):
    """Environment of an installation with an embedded database of its own."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    fast = {"JOB_LEASE_SECONDS": "5", "JOB_BACKOFF_SECONDS": "0", "JOB_SILENCE_SECONDS": "10"}
    return {**environment, **fast, "DJANGO_SETTINGS_MODULE": "config.settings", "LECTERN_DATA": str(tmp_path / "data")}


def manage(installation, *arguments):
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, env=installation, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout


def test_job_survives_a_database_that_goes_down(installation, tmp_path, film):
    manage(installation, "set_up", "-v0")
    manage(installation, "shell", "-v0", "-c", UPLOAD.format(film=str(film)))

    def state():
        return json.loads(manage(installation, "shell", "-v0", "-c", STATE).splitlines()[-1])

    worker = subprocess.Popen(
        [sys.executable, "manage.py", "run_worker"], env=installation, cwd=settings.BASE_DIR, start_new_session=True
    )
    try:
        wait_until(lambda: state()[1] > 5, seconds=90, what="the transcode is under way")
        tear_down(tmp_path / "data" / "postgres")
        wait_until(lambda: state()[0] == "succeeded" and state()[4] == "completed", seconds=150, what="the job is done")
        assert state()[3] == 1
    finally:
        worker.terminate()
        worker.wait(40)
    wait_until(
        lambda: not (tmp_path / "data" / "postgres" / "postmaster.pid").exists(), seconds=30, what="all is stopped"
    )


def tear_down(data: Path) -> None:
    """No good-bye, recovery at the next start. Not waited for: the worker starts it again within moments."""
    server = Server(data)
    owner = {"user": data.stat().st_uid} if os.geteuid() == 0 else {}
    subprocess.run(
        [str(server.binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "-W", "stop"], check=True, cwd="/",
        stdout=subprocess.DEVNULL, **owner,
    )  # fmt: skip
    time.sleep(1)
