"""Putting a given file into the storage, below the ceiling of the organization, and removing it again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services.locking import lock_organization
from core.errors import Refused
from core.tenancy import current_organization_id
from courses.files.names import clean_name, type_of
from media_library.keeping import Keeper
from media_library.services.ceiling import refuse_over_ceiling
from media_library.storage import store_file
from media_library.wording import words_for_size


@dataclass(frozen=True)
class Stored:
    """A file as it lies in the storage; `size_bytes` in bytes."""

    name: str
    path: str
    size_bytes: int
    content_type: str


@contextmanager
def stored(file: UploadedFile, *, keeper: Keeper) -> Iterator[Stored]:
    """Keep a file while its row is written, in a transaction that holds the organization: two may be too much.

    Where the row is refused, the file goes again; a crash leaves it to the cleaning.
    Raises Refused: empty_file, file_too_large (413), storage_full (413).
    """
    kept = _facts(file, keeper)
    store_file(file, kept.path)
    try:
        with transaction.atomic():
            lock_organization(current_organization_id())
            refuse_over_ceiling(kept.size_bytes)
            yield kept
    except BaseException:
        default_storage.delete(kept.path)
        raise


def remove_later(path: str) -> None:
    """Delete a file when it is sure that no row names it any more."""
    if path:
        transaction.on_commit(lambda: default_storage.delete(path))


def _facts(file: UploadedFile, keeper: Keeper) -> Stored:
    """The ending `.bin` keeps whoever serves the storage from guessing that it could be shown."""
    name, size = clean_name(file.name or ""), file.size or 0
    refuse_size(name, size)
    path = f"{current_organization_id()}/{keeper.folder}/{uuid4()}.bin"
    return Stored(name, path, size, type_of(name))


def refuse_size(name: str, size: int) -> None:
    """`size` in bytes. Raises Refused: empty_file, file_too_large (413)."""
    if not size:
        words = _("“%(name)s” is empty.") % {"name": name}
        raise Refused("empty_file", words, fields={"file": [words]})
    if size > settings.COURSE_FILE_BYTES:
        sizes = {"name": name, "size": words_for_size(size), "most": words_for_size(settings.COURSE_FILE_BYTES)}
        words = _("“%(name)s” has %(size)s; a file may have %(most)s at most.") % sizes
        raise Refused("file_too_large", words, fields={"file": [words]}, status=413)
