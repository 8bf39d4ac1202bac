"""What each attempt at a job needs: a folder that goes away, and errors told."""

import errno
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from core.jobs import JobError, Run
from media_library.ffmpeg import MediaError
from media_library.models import Media
from media_library.services.space import LOOK_AGAIN_LATER_SECONDS, NO_SPACE, ensure_space, waits_for_space
from media_library.storage import adopt_folder, fetch_file, remove_folder, subfolders


def media_to_work_on(media_id: UUID) -> Media:
    """The subject of a job. Raises JobError `gone` where it was removed meanwhile."""
    media = Media.objects.filter(pk=media_id).first()
    if media is None:
        raise JobError("gone", "This was removed before the work on it began.", permanent=True)
    return media


@contextmanager
def scratch_folder(run: Run, *, needs: int = 0) -> Iterator[Path]:
    """A folder of this attempt alone, gone at the end; what a killed attempt at the same job left goes too.

    `needs` are the bytes that the work will write, as far as can be told (two and a half times the source is a good
    guess for a ladder). Raises JobPostponed `no_space`, and nothing was made, where that would leave too little free.
    """
    scratch = Path(settings.SCRATCH_DIR)
    for abandoned in scratch.glob(f"{run.job.pk}-*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    ensure_space(needs)
    folder = scratch / run.attempt_name
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def moved_into_storage(results: Path, parent: str, *, run: Run, is_published: Callable[[str], bool]) -> Iterator[str]:
    """The attempt's folder in the storage, inside `parent`; gone again unless a row was published that names it.

    The database is asked: a commit whose answer got lost may have succeeded. What an attempt at the same job left that
    was killed before it could publish goes too.
    """

    def remove_unpublished(folder: str) -> None:
        if not is_published(folder):
            remove_folder(folder)

    for name in subfolders(parent):
        if name.startswith(str(run.job.pk)):
            remove_unpublished(f"{parent}/{name}")
    folder = f"{parent}/{run.attempt_name}"
    try:
        adopt_folder(results, folder)
        yield folder
    except BaseException:
        remove_unpublished(folder)
        raise


@contextmanager
def errors_told(run: Run) -> Iterator[None]:
    """What FFmpeg's adapter refuses ends the attempt with its code and sentence; a stop is told as what caused it.

    A disk that fills up meanwhile is nobody's failure: the work waits. Stands inside `scratch_folder`.
    """
    try:
        yield
    except MediaError as error:
        raise _told(error, run) from error
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise waits_for_space(detail=str(error), delay=LOOK_AGAIN_LATER_SECONDS) from error


def _told(error: MediaError, run: Run) -> Exception:
    if error.code == "cancelled":
        run.check()
    if error.code == NO_SPACE:
        return waits_for_space(detail=error.detail, delay=LOOK_AGAIN_LATER_SECONDS)
    return JobError(error.code, error.message, detail=error.detail, permanent=error.permanent)


@contextmanager
def command_told(run: Run, argv: Sequence[str]) -> Iterator[None]:
    """Operators see which program runs, and how it ended. Stands around the call that runs it."""
    run.tell_command(argv)
    try:
        yield
    except MediaError as error:
        run.tell_command(argv, error.exit_code)
        raise
    run.tell_command(argv, 0)


def source_file(media: Media, folder: Path) -> Path:
    """The uploaded file, to be read. Raises JobError `source_missing`."""
    return stored_file(media.source_path, folder)


def stored_file(name: str, folder: Path) -> Path:
    """A file that somebody uploaded. Raises JobError `source_missing`."""
    try:
        return fetch_file(name, folder)
    except FileNotFoundError as error:
        message = "The uploaded file is not there any more. Please upload it again."
        raise JobError("source_missing", message, permanent=True) from error


def tell_progress(run: Run, percent: float) -> None:
    """A database that is away for a moment is no reason to stop: the lease is what decides."""
    try:
        run.report(percent)
    except (OperationalError, InterfaceError):
        connection.close()


def progress_between(run: Run, start: float, end: float) -> Callable[[float], None]:
    """Percents of one part of the work, told as percents of all of it: the part goes from `start` to `end`."""
    return lambda percent: tell_progress(run, start + (end - start) * percent / 100)
