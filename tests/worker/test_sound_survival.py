"""A worker killed while the sound of an episode comes: the next one goes on where it was."""

import os
import signal
from pathlib import Path
from uuid import uuid4

import pytest

from core.models import Job
from core.tenancy import organization_scope
from media_library.models import Episode, Media, Podcast, Upload
from media_library.podcasts.importing.sound import KIND, sound_from_url
from tests.media_library.ranged import PIECE, RangedHost, noise
from tests.processes import wait_until, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker, pytest.mark.xdist_group("worker")]


@pytest.fixture
def host():
    found = RangedHost(noise(40))
    yield found
    found.close()


def test_worker_killed_in_mid_download_goes_on_where_it_was(host, alice, organization, tmp_path, settings):
    settings.PODCAST_ORIGINS = [host.origin]
    host.pauses = [25 * PIECE]
    with organization_scope(organization):
        show = Podcast.objects.create(title="Own", slug="own", guid=uuid4())
        episode = Episode.objects.create(podcast=show, title="First", guid="1")
        sound_from_url(episode, f"{host.origin}/1.wav", by=alice)

    def came():
        return [path for path in (tmp_path / "uploads").glob("*.part") if path.stat().st_size == 25 * PIECE]

    with worker(tmp_path, PODCAST_ORIGINS=host.origin):
        wait_until(came, seconds=60, what="some of it came")
        running = Job.objects.get(kind=KIND)
        os.kill(int(running.worker.rpartition(":")[2]), signal.SIGKILL)
        wait_until(lambda: Job.objects.get(kind=KIND).state == "succeeded", seconds=150, what="it is here")

    with organization_scope(organization):
        media = Media.objects.get()
        assert (Path(settings.MEDIA_ROOT) / media.source_path).read_bytes() == host.content
        assert Upload.objects.count() == 1
    assert (host.asked, host.sent) == (["", f"bytes={25 * PIECE}-"], len(host.content))
    assert Job.objects.get(kind=KIND).attempt == 2
