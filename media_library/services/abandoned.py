"""What dead work left on this machine's own disk: scratch folders of attempts, part files of uploads."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from core.models import Job
from core.models.job import JobState
from media_library.models import Upload, UploadState
from media_library.services.leftovers import GRACE

KEY_LETTERS = 36


@dataclass(frozen=True)
class Abandoned:
    """A file or a folder that belongs to nothing under way."""

    path: Path
    size_bytes: int

    @property
    def name(self) -> str:
        return str(self.path)

    def remove(self) -> None:
        if self.path.is_dir():
            shutil.rmtree(self.path, ignore_errors=True)
        else:
            self.path.unlink(missing_ok=True)


def abandoned() -> Iterator[Abandoned]:
    """Older than a day, and of no running job and no open upload. Runs in the scope of every organization."""
    yield from _found(Path(settings.SCRATCH_DIR), _running)
    yield from _found(Path(settings.UPLOADS_DIR), _arriving)


def _found(folder: Path, is_under_way: Callable[[Path], bool]) -> Iterator[Abandoned]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        files = [path, *path.rglob("*")]
        if _is_old(files) and not is_under_way(path):
            yield Abandoned(path, sum(_size(one) for one in files))


def _is_old(files: list[Path]) -> bool:
    """By the youngest of them; what goes meanwhile is not ours to judge."""
    try:
        youngest = max(path.lstat().st_mtime for path in files)
    except FileNotFoundError:
        return False
    return timezone.now().timestamp() - youngest > GRACE.total_seconds()


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size if path.is_file() else 0
    except FileNotFoundError:
        return 0


def _running(path: Path) -> bool:
    """The folder of an attempt begins with the key of its job."""
    key = _key(path)
    return key is not None and Job.objects.filter(pk=key, state=JobState.RUNNING).exists()


def _arriving(path: Path) -> bool:
    """A part file begins with the key of its upload."""
    key = _key(path)
    open_states = (UploadState.RECEIVING, UploadState.CHECKING)
    return key is not None and Upload.objects.filter(pk=key, state__in=open_states).exists()


def _key(path: Path) -> UUID | None:
    try:
        return UUID(path.name[:KEY_LETTERS])
    except ValueError:
        return None
