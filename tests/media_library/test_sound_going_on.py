"""The sound of an episode that was cut off goes on where it was, also after its worker was killed."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as present

from core.models import Job
from core.models.job import JobState
from media_library.models import Episode, Media, Podcast, Upload, UploadState
from media_library.podcasts.episodes import delete_episode, save_episode
from media_library.podcasts.importing import sound
from media_library.podcasts.importing.sound import sound_from_url
from tests.media_library.ranged import PIECE, RangedHost, noise
from tests.media_library.shows import make_talk

pytestmark = pytest.mark.usefixtures("scope")
CONTENT = noise(10)


@pytest.fixture
def host(settings: Any) -> Any:
    found = RangedHost(CONTENT)
    settings.PODCAST_ORIGINS = [found.origin]
    found.waking.set()  # what hangs breaks off at once
    yield found
    found.close()


@pytest.fixture
def fetch(work_off: Any, settings: Any) -> Any:
    """One attempt."""
    settings.JOB_LANES = {"hosts": 1}

    def act() -> None:
        Job.objects.filter(kind=sound.KIND).update(available_at="2020-01-01T00:00Z")
        work_off()

    return act


@pytest.fixture
def episode(host: Any, alice: Any) -> Episode:
    show = Podcast.objects.create(title="Own", slug="own", guid=uuid4())
    found = Episode.objects.create(podcast=show, title="First", guid="1")
    return sound_from_url(found, f"{host.origin}/1.wav", by=alice)


def parts() -> list[tuple[str, int]]:
    folder = Path(present.UPLOADS_DIR)
    return sorted((path.suffix, path.stat().st_size) for path in folder.iterdir() if path.suffix == ".part")


def states() -> list[str]:
    return list(Upload.objects.order_by("pk").values_list("state", flat=True))


def content_of(media: Media) -> bytes:
    return (Path(present.MEDIA_ROOT) / media.source_path).read_bytes()


def test_sound_that_was_cut_off_goes_on_where_it_was(host, episode, fetch):
    host.pauses = [4 * PIECE, 7 * PIECE]

    fetch()
    after_one = (parts(), states())
    fetch()
    fetch()

    episode.refresh_from_db()
    assert after_one == ([(".part", 4 * PIECE)], [UploadState.RECEIVING])
    assert host.asked == ["", f"bytes={4 * PIECE}-", f"bytes={7 * PIECE}-"]
    assert (content_of(episode.media) == CONTENT, host.sent) == (True, len(CONTENT))
    assert (states(), list(Path(present.UPLOADS_DIR).iterdir())) == ([UploadState.CHECKING], [])


class Killed(BaseException):
    """As a process that ends in the middle."""


def test_sound_that_came_whole_before_its_worker_was_killed_is_not_fetched_again(
    host, episode, fetch, alice, monkeypatch
):
    def die(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(sound, "words_of", die)
        with pytest.raises(Killed):
            fetch()
    Job.objects.filter(kind=sound.KIND).update(state=JobState.QUEUED, lease_token=None, lease_expires_at=None)
    fetch()

    episode.refresh_from_db()
    assert (host.asked, content_of(episode.media) == CONTENT) == (["", f"bytes={len(CONTENT)}-"], True)


def test_what_came_goes_with_the_job_that_wanted_it(host, episode, fetch):
    host.pauses = [4 * PIECE] * 9

    for _ in range(9):
        fetch()

    assert Job.objects.get(kind=sound.KIND).state == JobState.FAILED
    assert (set(states()), list(Path(present.UPLOADS_DIR).iterdir())) == ({UploadState.CANCELLED}, [])


@pytest.mark.parametrize("has_other", [True, False], ids=["has other sound", "is gone"])
def test_sound_of_an_episode_that_has_no_need_of_it_any_more_becomes_no_media(
    host, episode, fetch, alice, monkeypatch, has_other
):
    talk = make_talk()
    words_of = sound.words_of

    def meanwhile(*arguments: Any) -> Any:
        if has_other:
            episode.media = talk
            save_episode(episode, by=alice, written=["media"])
        else:
            delete_episode(episode, by=alice)
        return words_of(*arguments)

    monkeypatch.setattr(sound, "words_of", meanwhile)
    fetch()

    assert list(Media.objects.all()) == [talk]
    assert Job.objects.get(kind=sound.KIND).state == JobState.SUCCEEDED
    assert (states(), list(Path(present.UPLOADS_DIR).iterdir())) == ([UploadState.CANCELLED], [])
