"""A creator's file becomes media: announced, received (services.receiving, services.multiparts), finished."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path, PurePath
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.services.locking import lock_organization
from core.announcements import announce
from core.errors import Refused
from core.fetch import forget_part
from core.jobs import enqueue
from core.tenancy import current_organization_id
from media_library import buckets
from media_library.batches.batches import fill_batch
from media_library.models import Media, Source, Upload, UploadBatch, UploadMethod, UploadState
from media_library.models.media import TITLE_CHARACTERS
from media_library.parts import part_file
from media_library.services.allowance import allowance_of, refuse_beyond_allowance
from media_library.services.ceiling import refuse_over_ceiling
from media_library.services.replacing import expect_check, refuse_replacing
from media_library.services.sidecars import read_captions, store_captions
from media_library.services.site import site_configuration
from media_library.services.space import refuse_without_space
from media_library.storage import bucket, media_folder, new_source_name, remove_folder, store_file
from media_library.wording import words_for_size

SHA256_LETTERS = 64


@dataclass(frozen=True)
class Announced:
    """What is said about a file before it comes. `fingerprint` is by which a browser knows it again, `sha256` hex."""

    filename: str
    size: int
    title: str = ""
    fingerprint: str = ""
    sha256: str = ""


def start_upload(
    file: Announced,
    *,
    by: Any,
    of: Media | None = None,
    replaces: Media | None = None,
    batch: UploadBatch | None = None,
) -> Upload:
    """Reserve room for a file that is to come: of two that together are too much, one is refused, however close.

    `of` is the media that the file will belong to, where there is one already; `replaces` an upload that has a file,
    which this one will take the place of. Whatever else was arriving for that ends. What it becomes stands in `batch`.
    Raises Refused: name_missing, empty_file, file_too_large (413), storage_full (413), allowance_used_up (429),
    invalid_name, invalid_checksum, no_space (507), batch_gone (404), and what `refuse_replacing` raises.
    """
    _refuse_facts(file)
    with transaction.atomic():
        organization = lock_organization(current_organization_id())  # one reservation after the other
        if replaces is not None:
            refuse_replacing(replaces)
            _supersede(replaces)
        _refuse_size(file.size, organization, by=by)
        refuse_over_ceiling(file.size)
        held = fill_batch(batch) if batch is not None else None
        return _reserve(file, by=by, of=of, replaces=replaces, batch=held)


def finish_upload(upload: Upload) -> Media:
    """The file is in the storage, whole: it becomes media and is looked at. Once more answers the same media.

    Raises Refused: upload_ended (410), and what `refuse_replacing` raises.
    """
    with transaction.atomic():
        held = Upload.objects.select_for_update(of=("self",)).select_related("media", "replaces").get(pk=upload.pk)
        if held.media is not None:
            return held.media
        if not held.is_open:
            raise Refused("upload_ended", _("This upload has ended."), status=410)
        media = _make_media(held) if held.replaces is None else expect_check(held.replaces, held)
        _end(held, UploadState.CHECKING, media=media, received_bytes=held.size_bytes)
    upload.refresh_from_db()
    return media


def cancel_upload(upload: Upload, *, by: Any) -> None:
    """Give it up: what arrived goes, its size is free again. Raises Refused `upload_ended` (410) for a finished one."""
    if not end_open_upload(upload, UploadState.CANCELLED):
        raise Refused("upload_ended", _("This upload has ended."), status=410)


def end_open_upload(upload: Upload, state: UploadState, **still: Any) -> bool:
    """Answers whether it was open, and what `still` says of it true. Its row ends first: whoever writes to it notices
    and stops.
    """
    ended = Upload.objects.filter(pk=upload.pk, state=UploadState.RECEIVING, **still).update(
        state=state, finished_at=Now(), writer=None
    )
    if ended:
        forget_files(upload)
        upload.refresh_from_db()
    return bool(ended)


def forget_files(upload: Upload) -> None:
    """What arrived, and the captions given with it; what else belongs to its media stays. Safe to repeat."""
    forget_part(part_file(Path(settings.UPLOADS_DIR), upload.pk))
    if upload.multipart_id and (found := bucket()) is not None:
        found.abort(upload.storage_path, upload.multipart_id)
    if upload.replaces_id is None:
        remove_folder(str(PurePath(upload.storage_path).parent))
    else:  # in that folder the file lies that plays
        default_storage.delete(upload.storage_path)
    if upload.media_id is None:
        remove_folder(media_folder(cast(UUID, upload.organization_id), upload.pk))


def upload_media(
    file: UploadedFile, *, title: str = "", captions: UploadedFile | None = None, batch: UploadBatch | None = None,
    by: Any,
) -> Media:  # fmt: skip
    """Take a file that is here already the same way; the title defaults to its name.

    `captions` is a WebVTT or SubRip file, read at once. Raises Refused like `start_upload`, or with the code of a
    CaptionError and the field `captions`; then nothing was stored.
    """
    name = PurePath(file.name or "upload").name
    given = read_captions(captions, filename=captions.name or "") if captions and file.size else None
    upload = start_upload(Announced(name, file.size or 0, title), by=by, batch=batch)
    with _given_back(upload):
        store_file(file, upload.storage_path)
        if given:
            store_captions(upload, given)
        return finish_upload(upload)


def _refuse_facts(file: Announced) -> None:
    if not file.filename:
        raise Refused("name_missing", _("The file needs a name."), fields={"filename": [_("Its name is missing.")]})
    if "\x00" in file.filename + file.title + file.fingerprint:
        raise Refused("invalid_name", _("A name holds a character that no name here can have."))
    if file.sha256 and not _is_sha256(file.sha256):
        raise Refused("invalid_checksum", _("SHA-256 has 64 hexadecimal digits."))
    if bucket() is None:
        refuse_without_space(file.size)


def _is_sha256(text: str) -> bool:
    return len(text) == SHA256_LETTERS and all(letter in "0123456789abcdef" for letter in text.lower())


def _refuse_size(size: int, organization: Organization, *, by: Any) -> None:
    if size <= 0:
        message = _("The file is empty. Please choose another one.")
        raise Refused("empty_file", message, fields={"file": [message]})
    allowance = allowance_of(by, organization=organization)
    if size > allowance.largest_file:
        words = _("The file is larger than %(limit)s, the most that one file may have here.")
        message = words % {"limit": words_for_size(allowance.largest_file)}
        raise Refused("file_too_large", message, fields={"file": [message]}, status=413)
    refuse_beyond_allowance(size, allowance)


def _supersede(media: Media) -> None:
    """Of two files for the same media the one that was begun last counts; what arrived of the other one goes."""
    words = _("Another file was sent in its place.")
    for former in Upload.objects.select_for_update(of=("self",)).filter(replaces=media, state=UploadState.RECEIVING):
        facts = {"error_code": "superseded", "error_message": words, "finished_at": Now(), "writer": None}
        Upload.objects.filter(pk=former.pk).update(state=UploadState.CANCELLED, **facts)
        transaction.on_commit(partial(forget_files, former))


def _reserve(
    file: Announced, *, by: Any, of: Media | None, replaces: Media | None, batch: UploadBatch | None
) -> Upload:
    same = {} if of is None else {"pk": of.pk, "media": of}
    upload = Upload(
        **same, replaces=replaces, batch=batch, owner=by, size_bytes=file.size, fingerprint=file.fingerprint[:100],
        expires_at=new_expiry(),
    )  # fmt: skip
    upload.filename = PurePath(file.filename).name[:255] or "upload"
    upload.title = file.title.strip()[:TITLE_CHARACTERS]
    upload.declared_sha256 = file.sha256.lower()
    prefix = site_configuration().storage_prefix
    home = upload.replaces_id or upload.pk
    upload.storage_path = new_source_name(current_organization_id(), home, upload.filename, prefix=prefix)
    upload.method = UploadMethod.MULTIPART if bucket() else UploadMethod.TUS
    upload.part_bytes = buckets.part_size(file.size) if upload.method == UploadMethod.MULTIPART else None
    upload.save(force_insert=True)
    return upload


def new_expiry() -> Any:
    """Counted from the last byte."""
    return timezone.now() + timedelta(days=settings.UPLOAD_DAYS)


def _make_media(upload: Upload) -> Media:
    media = Media(
        pk=upload.pk, source=Source.UPLOAD, creator_id=upload.owner_id, original_filename=upload.filename,
        size_bytes=upload.size_bytes, source_path=upload.storage_path, batch_id=upload.batch_id,
    )  # fmt: skip
    media.title = (upload.title or PurePath(upload.filename).stem)[:TITLE_CHARACTERS]
    media.save(force_insert=True)
    enqueue("inspect_media", media.pk, key=f"inspect_media:{media.pk}")
    announce("media_uploaded", media, by=upload.owner)
    return media


def _end(upload: Upload, state: UploadState, **facts: Any) -> None:
    Upload.objects.filter(pk=upload.pk).update(state=state, received_at=Now(), writer=None, **facts)


@contextmanager
def _given_back(upload: Upload) -> Iterator[None]:
    """Files without media belong to nobody: what goes wrong takes them along, and the reservation."""
    try:
        yield
    except BaseException:
        end_open_upload(upload, UploadState.CANCELLED)
        raise
