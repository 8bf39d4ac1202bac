"""The files of exports: where they lie, and how they go."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import DataExport

FOLDER = "exports"
ABANDONED_AFTER = timedelta(hours=2)  # longer than the job that writes one may take


def path_for(attempt: str) -> str:
    """Nobody else's, and it names nobody."""
    return f"{FOLDER}/{attempt}.zip"


def remove_exports(exports: QuerySet[DataExport]) -> int:
    """Rows and files, the files first: one that is gone too early harms nobody. Answers how many."""
    removed = 0
    for export in exports:
        if export.file_path:
            default_storage.delete(export.file_path)
        export.delete()
        removed += 1
    return removed


def remove_expired_exports() -> int:
    """Those whose time is over, those that failed long ago, and files left behind by a worker that died."""
    long_ago = Now() - ABANDONED_AFTER
    removed = remove_exports(DataExport.objects.filter(expires_at__lte=Now()))
    removed += remove_exports(DataExport.objects.filter(finished_at__isnull=True, created_at__lt=long_ago))
    return removed + _remove_strays()


def _remove_strays() -> int:
    known = set(DataExport.objects.values_list("file_path", flat=True))
    strays = [path for path in _stored() if path not in known and _is_abandoned(path)]
    for path in strays:
        default_storage.delete(path)
    return len(strays)


def _stored() -> list[str]:
    try:
        _folders, files = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return []
    return [f"{FOLDER}/{name}" for name in files]


def _is_abandoned(path: str) -> bool:
    return default_storage.get_modified_time(path) < timezone.now() - ABANDONED_AFTER
