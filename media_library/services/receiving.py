"""Bytes of an upload arrive at this application and are kept, whatever happens to the line.

One request at a time writes: it enters itself as the row's `writer` and tells, every few seconds, how far the file on
the disk is. One that falls silent, as that of a closed laptop, is overtaken by the next.
"""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from media_library import parts
from media_library.models import Upload, UploadMethod, UploadState
from media_library.services import uploads
from media_library.services.space import no_space
from media_library.tus import CHECKSUM_MISMATCH, Checksum

SILENCE = timedelta(seconds=30)
#: All is there, whatever was found in it.
WHOLE = (UploadState.CHECKING, UploadState.ACCEPTED, UploadState.DUPLICATE, UploadState.REFUSED)


def receive(
    upload: Upload, line: parts.Line, *, offset: int, announced: int | None = None, checksum: Checksum | None = None
) -> int:
    """Keep what comes, from byte `offset` on; answers how much there is now. The last byte makes it media.

    `announced` is how many bytes are to come, if that is known. With a checksum all of them are kept or none.
    Raises Refused: upload_ended (410), wrong_method (409), offset_mismatch (409), upload_locked (423), too_long (413),
    checksum_mismatch (460), no_space (507), and what `finish_upload` raises.
    """
    if upload.state in WHOLE and offset == upload.size_bytes:
        return offset
    if upload.method != UploadMethod.TUS:
        raise Refused("wrong_method", _("The parts of this upload go straight to the bucket."), status=409)
    if announced is not None and offset + announced > upload.size_bytes:
        raise Refused("too_long", _("This is more than the file was said to have."), status=413)
    with _writing(upload, offset) as writer:
        reached = _pour(upload, writer, line, offset, checksum)
        if reached < upload.size_bytes:
            _tell(upload, writer, reached)
            return reached
        with parts.moved(_part(upload), Path(default_storage.path(upload.storage_path))):
            uploads.finish_upload(upload)
        return reached


@contextmanager
def _writing(upload: Upload, offset: int) -> Iterator[UUID]:
    """Nobody else writes meanwhile, unless this request falls silent."""
    writer = uuid4()
    unheld = Q(writer=None) | Q(received_at__lt=Now() - SILENCE)
    here = Upload.objects.filter(unheld, pk=upload.pk, state=UploadState.RECEIVING, received_bytes=offset)
    if not here.update(writer=writer, received_at=Now()):
        raise _refusal(upload, offset)
    try:
        yield writer
    finally:
        Upload.objects.filter(pk=upload.pk, writer=writer).update(writer=None)


def _pour(upload: Upload, writer: UUID, line: parts.Line, offset: int, checksum: Checksum | None) -> int:
    """Answers where the file stands."""
    digest = checksum.begin() if checksum else None
    try:
        with parts.opened(_part(upload), at=offset) as file:
            count = parts.pour(
                line,
                file,
                most=upload.size_bytes - offset,
                hear=digest.update if digest else _unheard,
                told=lambda reached: _tell(upload, writer, offset if checksum else reached),
            )
    except EOFError as error:
        raise _begin_again(upload, writer) from error
    except OSError as error:
        raise no_space() if error.errno == errno.ENOSPC else error from error
    if digest and checksum and digest.digest() != checksum.digest:
        words = _("What arrived is not what was sent.")
        raise Refused("checksum_mismatch", words, status=CHECKSUM_MISMATCH)
    return offset + count


def _tell(upload: Upload, writer: UUID, reached: int) -> None:
    """Raises Refused where somebody else writes by now, or the upload has ended."""
    facts = {"received_bytes": reached, "received_at": Now(), "expires_at": uploads.new_expiry()}
    if not Upload.objects.filter(pk=upload.pk, writer=writer, state=UploadState.RECEIVING).update(**facts):
        raise _refusal(upload, reached)
    upload.received_bytes, upload.expires_at = reached, facts["expires_at"]


def _begin_again(upload: Upload, writer: UUID) -> Refused:
    """Less is on the disk than the row says: the sender asks where to go on.

    A process that ended in the very moment of finishing left the file where it was to go.
    """
    stored = Path(default_storage.path(upload.storage_path))
    if stored.exists():
        shutil.move(stored, _part(upload))
    else:
        Upload.objects.filter(pk=upload.pk, writer=writer).update(received_bytes=parts.arrived(_part(upload)))
    return _wrong_offset()


def _refusal(upload: Upload, offset: int) -> Refused:
    upload.refresh_from_db()
    if not upload.is_open:
        return Refused("upload_ended", _("This upload has ended."), status=410)
    is_written = upload.writer is not None and timezone.now() - upload.received_at < SILENCE
    if upload.received_bytes != offset and not is_written:
        return _wrong_offset()
    return Refused("upload_locked", _("Another request is sending this file just now."), status=423)


def _wrong_offset() -> Refused:
    return Refused("offset_mismatch", _("This does not go on where the file ends."), status=409)


def _part(upload: Upload) -> Path:
    return parts.part_file(Path(settings.UPLOADS_DIR), upload.pk)


def _unheard(piece: bytes) -> None:
    """Nobody computes a checksum."""
