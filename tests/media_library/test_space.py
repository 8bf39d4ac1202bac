"""No room on the disk: work waits instead of failing."""

import errno
import shutil

import pytest

from core.jobs import JobPostponed, enqueue, job, registry
from core.jobs.worker import run_next
from core.models import Job
from media_library.ffmpeg import MediaError
from media_library.services.attempts import command_told, errors_told, scratch_folder
from media_library.services.space import ensure_space, free_space

WORDS = "Waiting for disk space. It goes on by itself as soon as there is room."


@pytest.fixture
def attempt(db, monkeypatch):
    """Runs what it is given as a job's work, and answers the job."""
    monkeypatch.setattr(registry, "_kinds", {})

    def run(work):
        def convert(run):
            work(run)

        job(max_attempts=2)(convert)
        enqueue("convert", key="a")
        run_next("short")
        return Job.objects.get()

    return run


def test_work_goes_on_where_there_is_room(settings):
    settings.DISK_RESERVE_BYTES = 0

    assert ensure_space(1000) is None


def test_work_waits_where_it_would_leave_too_little(settings):
    settings.DISK_RESERVE_BYTES = 0
    free = min(free_space().values())

    with pytest.raises(JobPostponed) as waits:
        ensure_space(free + 10**9)

    assert (waits.value.code, waits.value.message, waits.value.delay) == ("no_space", WORDS, 60)


def test_scratch_and_media_are_both_looked_at(settings, tmp_path):
    assert free_space() == pytest.approx(
        {
            str(tmp_path / "scratch"): shutil.disk_usage(tmp_path).free,
            str(tmp_path / "media"): shutil.disk_usage(tmp_path).free,
        },
        rel=0.1,
    )


def test_attempt_that_finds_no_room_made_nothing_and_is_not_charged(attempt, settings):
    settings.DISK_RESERVE_BYTES = 10**18

    def work(run):
        with scratch_folder(run, needs=1000):
            raise AssertionError("it began")

    waiting = attempt(work)

    assert (waiting.state, waiting.attempt, waiting.error_code, waiting.error_message) == (
        "queued",
        0,
        "no_space",
        WORDS,
    )
    assert list(settings.SCRATCH_DIR.glob("*")) == []


@pytest.mark.parametrize("error", [MediaError("no_space", detail="full"), OSError(errno.ENOSPC, "full")])
def test_disk_that_fills_up_meanwhile_lets_the_work_wait_and_is_cleaned(attempt, settings, error):
    def work(run):
        with scratch_folder(run) as folder, errors_told(run):
            (folder / "half").touch()
            raise error

    waiting = attempt(work)

    assert (waiting.state, waiting.attempt, waiting.is_postponed) == ("queued", 0, True)
    assert ("full" in waiting.error_detail, list(settings.SCRATCH_DIR.glob("*"))) == (True, [])


def test_other_trouble_with_files_is_a_failure(attempt):
    def work(run):
        with errors_told(run):
            raise PermissionError(errno.EACCES, "no")

    assert attempt(work).error_code == "internal_error"


def test_conversion_that_stopped_moving_is_told_and_tried_again(attempt):
    def work(run):
        with errors_told(run):
            raise MediaError("stalled", detail="nothing moved for 120 s")

    again = attempt(work)

    assert (again.state, again.attempt, again.error_message) == (
        "queued", 1, "The conversion stopped moving and was ended.",
    )  # fmt: skip


@pytest.mark.parametrize(("error", "code"), [(None, 0), (MediaError("transcode_failed", exit_code=-9), -9)])
def test_command_and_how_it_ended_stay_with_the_job(attempt, error, code):
    def work(run):
        with errors_told(run), command_told(run, ["ffmpeg", "-i", "file:a"]):
            if error:
                raise error

    ended = attempt(work)

    assert (ended.command, ended.exit_code) == ("ffmpeg -i file:a", code)
