"""A creator's file becomes media."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Organization, Plan
from accounts.services.locking import lock_organization
from core.announcements import announce
from core.errors import Refused
from core.jobs import enqueue
from core.tenancy import current_organization_id
from media_library import captions as caption_files
from media_library.captions import CaptionError, TimedText
from media_library.models import Media, Source
from media_library.services.ceiling import refuse_over_ceiling
from media_library.storage import media_folder, new_source_name, remove_folder, sidecar_name, store_file
from media_library.wording import words_for_size

TITLE_CHARACTERS = 200


def upload_media(file: UploadedFile, *, title: str = "", captions: UploadedFile | None = None, by: Any) -> Media:
    """Store an uploaded file and put its processing in line; the title defaults to the file's name.

    `captions` is a WebVTT or SubRip file, read at once. Raises Refused: empty_file, file_too_large (413), storage_full
    (413) or the code of a CaptionError, with the field `file` or `captions`; then nothing was stored.
    """
    _refuse_size(file, limit=largest_upload())
    refuse_over_ceiling(file.size or 0)
    cues = read_captions(captions) if captions else []
    media = Media(source=Source.UPLOAD, creator=by)
    media.original_filename = PurePath(file.name or "upload").name[:255]
    media.title = (title.strip() or PurePath(media.original_filename).stem)[:TITLE_CHARACTERS]
    media.size_bytes = file.size or 0
    media.source_path = new_source_name(current_organization_id(), media.pk, media.original_filename)
    with _stored_together(media):
        store_file(file, media.source_path)
        if cues:
            _store_sidecar(media, cues)
        _register(media, by=by)
    return media


def largest_upload() -> int:
    """Bytes that one file may have here: the site's limit or the plan's, whichever is less."""
    plan = Organization.objects.values_list("plan", flat=True).get(pk=current_organization_id())
    return min(settings.UPLOAD_LIMIT_BYTES, Plan(plan).largest_file)


def read_captions(file: UploadedFile) -> list[TimedText]:
    """The cues of an uploaded caption file. Raises Refused with the field `captions`."""
    try:
        return caption_files.parse(caption_files.decode(file.read(caption_files.MAX_FILE_BYTES + 1)))
    except CaptionError as error:
        raise Refused(error.code, error.message, fields={"captions": [error.message]}) from error


def _refuse_size(file: UploadedFile, *, limit: int) -> None:
    if not file.size:
        message = "The file is empty. Please choose another one."
        raise Refused("empty_file", message, fields={"file": [message]})
    if file.size > limit:
        message = f"The file is larger than {words_for_size(limit)}, the most that one file may have here."
        raise Refused("file_too_large", message, fields={"file": [message]}, status=413)


@transaction.atomic
def _register(media: Media, *, by: Any) -> None:
    lock_organization(current_organization_id())
    refuse_over_ceiling(media.size_bytes)  # again: others may have filled it while this file was written
    media.save(force_insert=True)
    enqueue("inspect_media", media.pk, key=f"inspect_media:{media.pk}")
    announce("media_uploaded", media, by=by)


def _store_sidecar(media: Media, cues: list[TimedText]) -> None:
    content = ContentFile(caption_files.to_webvtt(cues).encode())
    store_file(content, sidecar_name(current_organization_id(), media.pk))


@contextmanager
def _stored_together(media: Media) -> Iterator[None]:
    """Files without a row belong to nobody: what goes wrong takes them along."""
    try:
        yield
    except BaseException:
        remove_folder(media_folder(current_organization_id(), media.pk))
        raise
