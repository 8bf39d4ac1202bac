"""Room on the disk: work waits for it instead of failing for want of it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Refused
from core.jobs import JobPostponed
from media_library.storage import local_path

NO_SPACE = "no_space"
LOOK_AGAIN_SECONDS = 60.0
LOOK_AGAIN_LATER_SECONDS = 300.0  # after work that filled the disk, and cost time


def ensure_space(needed_bytes: int) -> None:
    """Go on only if so many bytes more leave DISK_RESERVE_BYTES free on each disk that is written to.

    Raises JobPostponed `no_space` otherwise: ask before the work begins.
    """
    for place, free in free_space().items():
        if free - needed_bytes < settings.DISK_RESERVE_BYTES:
            raise waits_for_space(detail=f"{place}: {free} bytes free, {needed_bytes} needed")


def waits_for_space(*, detail: str, delay: float = LOOK_AGAIN_SECONDS) -> JobPostponed:
    words = _("Waiting for disk space. It goes on by itself as soon as there is room.")
    return JobPostponed(NO_SPACE, words, delay=delay, detail=detail)


def refuse_without_space(size: int) -> None:
    """Asked before a file of `size` bytes comes from outside. Raises Refused: no_space (507)."""
    if shutil.disk_usage(_existing(Path(settings.UPLOADS_DIR))).free - size < settings.DISK_RESERVE_BYTES:
        raise no_space()


def no_space() -> Refused:
    words = _("The disk is full just now. Please try again later.")
    return Refused(NO_SPACE, words, fields={"file": [words]}, status=507)


def free_space() -> dict[str, int]:
    """Bytes free where jobs write: the scratch folder, and the media where they lie on this machine."""
    return {str(place): shutil.disk_usage(_existing(place)).free for place in _places()}


def disks() -> dict[str, Any]:
    """What the disks that are written to have, as `shutil.disk_usage` tells it, by what lies there."""
    places = {"scratch": Path(settings.SCRATCH_DIR), "uploads": Path(settings.UPLOADS_DIR), "media": local_path("")}
    return {name: shutil.disk_usage(_existing(place)) for name, place in places.items() if place is not None}


def _places() -> Iterator[Path]:
    yield Path(settings.SCRATCH_DIR)
    stored = local_path("")
    if stored is not None:
        yield stored


def _existing(place: Path) -> Path:
    """A folder that is still to be made will lie on the disk of the nearest one there is."""
    return next(folder for folder in (place, *place.parents) if folder.exists())
