"""Captions that are given along with an upload: a file beside its own, from which its transcript will be read."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.jobs import enqueue
from core.tenancy import current_organization_id
from media_library import captions as caption_files
from media_library.captions import CaptionError, TimedText
from media_library.models import Media, Upload
from media_library.models.upload import COUNTED_STATES
from media_library.parts import Line
from media_library.storage import sidecar_name, store_file


def read_captions(file: Line) -> list[TimedText]:
    """The cues of an uploaded caption file. Raises Refused with the field `captions`."""
    try:
        return caption_files.parse(caption_files.decode(file.read(caption_files.MAX_FILE_BYTES + 1)))
    except CaptionError as error:
        raise Refused(error.code, error.message, fields={"captions": [error.message]}) from error


def give_captions(upload: Upload, file: Line, *, by: Any) -> int:
    """Take captions for a file that is coming or has come; answers how many cues. They replace those given before.

    Raises Refused: upload_ended (410) where nothing comes of the upload, or the code of a CaptionError.
    """
    is_purged = upload.media is None and not upload.is_open
    if is_purged or upload.state not in COUNTED_STATES:
        raise Refused("upload_ended", _("This upload has ended."), status=410)
    cues = read_captions(file)
    store_captions(upload, cues)
    _read_again(upload, cues)
    return len(cues)


def store_captions(upload: Upload, cues: Sequence[TimedText]) -> None:
    name = sidecar_name(current_organization_id(), upload.pk)
    default_storage.delete(name)
    store_file(ContentFile(_text(cues)), name)


@transaction.atomic
def _read_again(upload: Upload, cues: Sequence[TimedText]) -> None:
    """Where the words were looked for already: once for each content."""
    media = Media.objects.filter(pk=upload.pk, rendition__isnull=False).first()
    if media is not None:
        version = sha256(_text(cues)).hexdigest()[:16]
        enqueue("transcribe_media", media.pk, key=f"transcribe_media:{media.rendition_id}:{version}")


def _text(cues: Sequence[TimedText]) -> bytes:
    return caption_files.to_webvtt(cues).encode()
