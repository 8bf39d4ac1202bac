"""What each attempt at a job needs: a folder that goes away, and errors told."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from core.jobs import JobError, Run
from media_library.ffmpeg import MediaError
from media_library.models import Media
from media_library.storage import fetch_file


def media_to_work_on(media_id: UUID) -> Media:
    """The subject of a job. Raises JobError `gone` where it was removed meanwhile."""
    media = Media.objects.filter(pk=media_id).first()
    if media is None:
        raise JobError("gone", "This was removed before the work on it began.", permanent=True)
    return media


@contextmanager
def scratch_folder(run: Run) -> Iterator[Path]:
    """A folder of this attempt alone, gone at the end; what a killed attempt at the same job left goes too."""
    scratch = Path(settings.SCRATCH_DIR)
    for abandoned in scratch.glob(f"{run.job.pk}-*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    folder = scratch / run.attempt_name
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def errors_told(run: Run) -> Iterator[None]:
    """What FFmpeg's adapter refuses ends the attempt with its code and sentence; a stop is told as what caused it."""
    try:
        yield
    except MediaError as error:
        if error.code == "cancelled":
            run.check()
        raise JobError(error.code, error.message, detail=error.detail, permanent=error.permanent) from error


def source_file(media: Media, folder: Path) -> Path:
    """The uploaded file, to be read. Raises JobError `source_missing`."""
    try:
        return fetch_file(media.source_path, folder)
    except FileNotFoundError as error:
        message = "The uploaded file is not there any more. Please upload it again."
        raise JobError("source_missing", message, permanent=True) from error


def tell_progress(run: Run, percent: float) -> None:
    """A database that is away for a moment is no reason to stop: the lease is what decides."""
    try:
        run.report(percent)
    except (OperationalError, InterfaceError):
        connection.close()
