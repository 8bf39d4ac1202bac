"""The database goes down in mid-job: the job finishes, once. A database of this test's own: nobody is disturbed."""

import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest
from django.conf import settings

from core.embedded_postgres.server import Server
from tests.processes import wait_until

pytestmark = [pytest.mark.worker, pytest.mark.xdist_group("worker")]

STATE = """
SELECT job.state, job.progress, media.status, (SELECT count(*) FROM media_library_rendition WHERE kind = 'hls')
FROM media_library_media media JOIN core_job job ON job.kind = 'process_media' AND job.subject_id = media.id"""
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

    server = Server(tmp_path / "data" / "postgres")

    def state():
        """Seen from outside: whoever asks neither starts the server nor keeps it up."""
        try:
            with psycopg.connect(host=str(server.socket_folder), user="postgres", dbname="lectern") as database:
                return database.execute(STATE).fetchone()
        except psycopg.OperationalError:
            return None

    worker = subprocess.Popen(
        [sys.executable, "manage.py", "run_worker"], env=installation, cwd=settings.BASE_DIR, start_new_session=True
    )
    try:
        wait_until(lambda: (found := state()) and found[1] > 5, seconds=90, what="the transcode is under way")
        tear_down(server)
        done = ("succeeded", 100, "completed", 1)
        wait_until(lambda: state() == done, seconds=150, what="the job is done, once")
    finally:
        worker.terminate()
        worker.wait(40)
    wait_until(lambda: not (server.data / "postmaster.pid").exists(), seconds=30, what="all is stopped")


def tear_down(server: Server) -> None:
    """No good-bye, recovery at the next start. Not waited for: the worker starts it again within moments."""
    os.kill(int((server.data / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
    time.sleep(1)
