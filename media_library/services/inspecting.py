"""The check of an uploaded file, before it waits behind others: what cannot be used is told within seconds."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _

from core.jobs import JobError, Run, enqueue
from media_library.ffmpeg import MediaError
from media_library.models import Media, Upload
from media_library.services.attempts import errors_told, media_to_work_on, scratch_folder, source_file
from media_library.services.recordings import Recording, examine, told
from media_library.services.settling import duplicate_of, settle_accepted, settle_duplicate
from media_library.services.site import site_configuration
from media_library.storage import local_path

READ_AT_ONCE = 4 * 1024 * 1024  # bytes


def inspect_media(media_id: UUID, *, run: Run) -> None:
    """Look at an uploaded file, recognize it if it is here already, and put in line what makes it playable.

    Raises JobError for one that cannot be used (besides codes of ffmpeg.errors checksum_mismatch,
    format_not_accepted), LeaseLost.
    """
    media = media_to_work_on(media_id)
    with scratch_folder(run, needs=_bytes_to_fetch(media)) as scratch, errors_told(run):
        path = source_file(media, scratch)
        recording, digest = look_at(path, should_stop=run.should_stop)
        refuse_other_content(media.pk, digest)
        refuse_format(recording)
        with run.publish():
            _settle(media, recording, digest)


def look_at(path: Path, *, should_stop: Callable[[], bool]) -> tuple[Recording, str]:
    """What it is, and its SHA-256, hexadecimal: both at the same time. Raises MediaError."""
    with ThreadPoolExecutor(1) as pool:
        digest = pool.submit(sha256_of, path, should_stop=should_stop)
        return examine(path, should_stop=should_stop), digest.result()


def sha256_of(path: Path, *, should_stop: Callable[[], bool]) -> str:
    """Raises MediaError `cancelled` where it should stop."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(READ_AT_ONCE):
            digest.update(chunk)
            if should_stop():
                raise MediaError("cancelled")
    return digest.hexdigest()


def _bytes_to_fetch(media: Media) -> int:
    return 0 if local_path(media.source_path) else media.size_bytes


def refuse_other_content(upload_id: UUID, digest: str) -> None:
    """Raises JobError `checksum_mismatch` where its sender said that it is something else."""
    declared = Upload.objects.filter(pk=upload_id).values_list("declared_sha256", flat=True).first()
    if declared and declared.lower() != digest:
        message = _("The file arrived damaged: it is not what was sent. Please upload it again.")
        raise JobError("checksum_mismatch", message, detail=f"{declared} declared, {digest} here", permanent=True)


def refuse_format(recording: Recording) -> None:
    """Raises JobError `format_not_accepted`."""
    accepted = site_configuration().formats
    if recording.container.name not in accepted:
        names = ", ".join(name.upper() for name in accepted)
        message = _("%(format)s files are not accepted here. Please use one of: %(accepted)s.")
        words = message % {"format": recording.container.name.upper(), "accepted": names}
        raise JobError("format_not_accepted", words, permanent=True)


def _settle(media: Media, recording: Recording, digest: str) -> None:
    existing = duplicate_of(media, digest)
    if existing is not None:
        settle_duplicate(media, existing)
        return
    settle_accepted(media, sha256=digest)
    kind = "remux_media" if recording.ladder.source_is_copied else "process_media"
    enqueue(kind, media.pk, key=f"{kind}:{media.pk}", payload=told(recording))
