"""Where the files of media lie: `{organization}/{media}/…` in Django's default storage, local disk or a bucket.

Names in the storage always have `/`. On local disk files are moved, never copied.
"""

import re
import shutil
from pathlib import Path, PurePosixPath
from uuid import UUID, uuid4

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

EXTENSION = re.compile(r"\.[a-z0-9]{1,5}")


def media_folder(organization_id: UUID, media_id: UUID) -> str:
    return f"{organization_id}/{media_id}"


def new_source_name(organization_id: UUID, media_id: UUID, filename: str) -> str:
    """A name nobody can guess for an uploaded file; of the creator's name only a tame extension is kept."""
    extension = PurePosixPath(filename).suffix.lower()
    tame = extension if EXTENSION.fullmatch(extension) else ".bin"
    return f"{media_folder(organization_id, media_id)}/source/{uuid4()}{tame}"


def sidecar_name(organization_id: UUID, media_id: UUID) -> str:
    """Where the captions given with an upload lie."""
    return f"{media_folder(organization_id, media_id)}/source/captions.vtt"


def renditions_folder(organization_id: UUID, media_id: UUID) -> str:
    return f"{media_folder(organization_id, media_id)}/renditions"


def store_file(file: UploadedFile | File, name: str) -> None:
    """Put a file into the storage; an upload that already lies on the same disk is moved.

    Raises FileExistsError where the name is taken: names are unique, so that would be somebody else's file.
    """
    stored = default_storage.save(name, file)
    if stored != name:
        default_storage.delete(stored)
        raise FileExistsError(name)


def local_path(name: str) -> Path | None:
    """The file on this machine's disk, None where the storage is elsewhere."""
    try:
        return Path(default_storage.path(name))
    except NotImplementedError:
        return None


def fetch_file(name: str, folder: Path) -> Path:
    """A path to read a stored file from: its own on local disk, otherwise a copy in `folder`.

    Raises FileNotFoundError.
    """
    path = local_path(name)
    if path is None:
        path = folder / PurePosixPath(name).name
        with default_storage.open(name) as stored, path.open("wb") as copy:
            shutil.copyfileobj(stored, copy, 1024 * 1024)
    if not path.is_file():
        raise FileNotFoundError(name)
    return path


def adopt_folder(folder: Path, name: str) -> None:
    """Move a flat local folder into the storage; on one disk that is a rename, whatever its size."""
    target = local_path(name)
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder, target)
        return
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            store_file(File(file), f"{name}/{path.name}")


def subfolders(name: str) -> list[str]:
    """The names of the folders directly inside a folder; none if it does not exist."""
    try:
        return default_storage.listdir(name)[0]
    except FileNotFoundError:
        return []


def remove_folder(name: str) -> None:
    """Delete a folder with everything in it; one that does not exist is no error."""
    path = local_path(name)
    if path is not None:
        shutil.rmtree(path, ignore_errors=True)
        return
    folders, files = default_storage.listdir(name)
    for inner in folders:
        remove_folder(f"{name}/{inner}")
    for file in files:
        default_storage.delete(f"{name}/{file}")
