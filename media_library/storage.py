"""Where the files of media lie: `{organization}/{media}/…` in Django's default storage, local disk or a bucket. Images
for texts lie beside them, `{organization}/images/…`; frames taken out of films in `frames/{organization}/…`.

Names in the storage always have `/`. On local disk files are moved, never copied.
"""

import functools
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.http import content_disposition_header
from django.utils.module_loading import import_string

from media_library.buckets import Bucket, Place, bucket_at

EXTENSION = re.compile(r"\.[a-z0-9]{1,5}")


def media_folder(organization_id: UUID, media_id: UUID) -> str:
    return f"{organization_id}/{media_id}"


def new_source_name(organization_id: UUID, media_id: UUID, filename: str, *, prefix: str = "") -> str:
    """A name nobody can guess for an uploaded file; of the creator's name only a tame extension is kept.

    `prefix` is a folder of the storage to which the site sends what is uploaded; empty is none.
    """
    extension = PurePosixPath(filename).suffix.lower()
    tame = extension if EXTENSION.fullmatch(extension) else ".bin"
    folder = media_folder(organization_id, media_id)
    return f"{PurePosixPath(prefix, folder)}/source/{uuid4()}{tame}"


def sidecar_name(organization_id: UUID, media_id: UUID) -> str:
    """Where the captions given with an upload lie."""
    return f"{media_folder(organization_id, media_id)}/source/captions.vtt"


def renditions_folder(organization_id: UUID, media_id: UUID) -> str:
    return f"{media_folder(organization_id, media_id)}/renditions"


def pictures_folder(organization_id: UUID, media_id: UUID) -> str:
    """Frames of a film and pictures chosen for it, a folder for each attempt and each choice."""
    return f"{media_folder(organization_id, media_id)}/pictures"


def images_folder(organization_id: UUID) -> str:
    """Pictures for texts, each a file of its own."""
    return f"{organization_id}/images"


def frames_folder(organization_id: UUID) -> str:
    """Frames taken out of films: below it a folder for each batch, and in that one for each media item."""
    return f"frames/{organization_id}"


def heard_folder(organization_id: UUID, media_id: UUID) -> str:
    """What speech recognition has heard of it so far, piece by piece: paid for, and not published yet."""
    return f"{media_folder(organization_id, media_id)}/heard"


def store_file(file: UploadedFile | File, name: str) -> None:
    """Put a file into the storage; an upload that already lies on the same disk is moved.

    Raises FileExistsError where the name is taken: names are unique, so that would be somebody else's file.
    """
    stored = default_storage.save(name, file)
    if stored != name:
        default_storage.delete(stored)
        raise FileExistsError(name)


def bucket() -> Bucket | None:
    """Where the files lie; None where that is this machine's disk."""
    if not settings.S3_BUCKET:
        return None
    storage = default_storage
    place = Place(storage.bucket_name, storage.region_name or "", settings.S3_ENDPOINT_URL, settings.S3_PUBLIC_URL)  # type: ignore[attr-defined]
    return bucket_at(place)


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
    if (found := bucket()) is not None:
        path = folder / PurePosixPath(name).name
        found.download(name, path)
        return path
    path = Path(default_storage.path(name))
    if not path.is_file():
        raise FileNotFoundError(name)
    return path


def bucket_url(name: str, *, expires: int, content_type: str, filename: str = "") -> str:
    """Where a browser gets a file straight from the bucket, for so many seconds; saved as `filename` if there is one.

    From the CDN where there is one, as the bucket has it: with its own type and name. Nobody has looked whether the
    file exists.
    """
    if settings.CDN_STORAGE:
        return str(_storage_with(**settings.CDN_STORAGE).url(name, expire=expires))
    parameters = {"ResponseContentType": content_type}
    if filename:
        parameters["ResponseContentDisposition"] = content_disposition_header(as_attachment=True, filename=filename)
    public = {"endpoint_url": settings.S3_PUBLIC_URL} if settings.S3_PUBLIC_URL else {}
    return str(_storage_with(**public).url(name, parameters=parameters, expire=expires))


@functools.cache
def _storage_with(**public: str) -> Any:
    """The bucket under the address by which browsers find it. Made once: it takes long."""
    configured = settings.STORAGES["default"]
    return import_string(configured["BACKEND"])(**{**configured["OPTIONS"], **public})


def adopt_folder(folder: Path, name: str) -> None:
    """Move a flat local folder into the storage; on one disk that is a rename, whatever its size."""
    if (found := bucket()) is not None:
        for path in sorted(folder.iterdir()):
            found.upload(path, f"{name}/{path.name}")
        return
    target = Path(default_storage.path(name))
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(folder, target)


def link_files(name: str, folder: Path, *, wanted: Callable[[str], bool]) -> None:
    """Have files of a stored folder in a local one too: on the same disk that takes no room, elsewhere a copy.

    They are as young as what is new in that folder: the cleaning goes by age, and must not take one of them.
    """
    for file in filter(wanted, default_storage.listdir(name)[1]):
        path = fetch_file(f"{name}/{file}", folder)
        if path.parent == folder:
            continue
        try:
            os.link(path, folder / file)
        except OSError:  # another disk
            shutil.copyfile(path, folder / file)
        os.utime(folder / file)


def subfolders(name: str) -> list[str]:
    """The names of the folders directly inside a folder; none if it does not exist."""
    try:
        return default_storage.listdir(name)[0]
    except FileNotFoundError:
        return []


def remove_folder(name: str) -> None:
    """Delete a folder with everything in it; one that does not exist is no error. The whole storage is none."""
    if not PurePosixPath(name).name:
        return
    path = local_path(name)
    if path is not None:
        shutil.rmtree(path, ignore_errors=True)
        return
    folders, files = default_storage.listdir(name)
    for inner in folders:
        remove_folder(f"{name}/{inner}")
    for file in files:
        default_storage.delete(f"{name}/{file}")
