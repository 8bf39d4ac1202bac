"""Captions that are given along with an upload: a file beside its own, from which its transcript will be read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from core.identifiers import uuid7
from core.jobs import enqueue
from core.tenancy import current_organization_id
from media_library import captions as caption_files
from media_library.captions import CaptionError, TimedText
from media_library.models import Media, Upload, UploadState
from media_library.models.upload import COUNTED_STATES
from media_library.parts import Line
from media_library.services.caption_language import language_of
from media_library.storage import sidecar_name, store_file


@dataclass(frozen=True)
class Given:
    """What a caption file says, and in which language."""

    cues: Sequence[TimedText]
    language: str


def read_captions(file: Line, *, filename: str = "", language: str = "") -> Given:
    """An uploaded caption file. Raises Refused with the field `captions`, or `language` for what is no tag."""
    text = read_text(file)
    cues = read_cues(text)
    return Given(cues, language_of(text, filename=filename, given=language))


def read_text(file: Line) -> str:
    """Raises Refused `captions_too_large`."""
    with told_about("captions"):
        return caption_files.decode(file.read(caption_files.MAX_FILE_BYTES + 1))


def read_cues(text: str, *, field: str = "captions") -> list[TimedText]:
    """Raises Refused with the code of a CaptionError."""
    with told_about(field):
        return caption_files.parse(text)


@contextmanager
def told_about(field: str) -> Iterator[None]:
    """Captions that cannot be used are told where they were given."""
    try:
        yield
    except CaptionError as error:
        raise Refused(error.code, error.message, fields={field: [error.message]}) from error


def give_captions(upload: Upload, file: Line, *, filename: str = "", language: str = "", by: Any) -> int:
    """Take captions for a file that is coming or has come; answers how many cues. They replace those given before.

    Raises Refused: upload_ended (410) where nothing comes of the upload, invalid_language, or the code of a
    CaptionError.
    """
    is_purged = upload.media is None and not upload.is_open
    if is_purged or upload.state not in COUNTED_STATES:
        raise Refused("upload_ended", _("This upload has ended."), status=410)
    given = read_captions(file, filename=filename, language=language)
    store_captions(upload, given)
    _read_again(upload)
    return len(given.cues)


def store_captions(upload: Upload, given: Given) -> None:
    name = sidecar_name(current_organization_id(), _home(upload))
    default_storage.delete(name)
    text = caption_files.to_webvtt(given.cues, language=given.language)
    store_file(ContentFile(text.encode()), name)


def adopt_captions(upload: Upload) -> bool:
    """Those given with a file that took the place of another one are from now on those of its media. Answers whether
    there are any.
    """
    here = current_organization_id()
    given, theirs = sidecar_name(here, upload.pk), sidecar_name(here, cast(UUID, upload.replaces_id))
    if not default_storage.exists(given):
        return False
    default_storage.delete(theirs)
    with default_storage.open(given) as file:
        store_file(File(file), theirs)
    return True


def _home(upload: Upload) -> UUID:
    """The media they belong to; until another file plays, its captions lie apart from those of the former one."""
    is_theirs = upload.replaces_id is not None and upload.state == UploadState.ACCEPTED
    return cast(UUID, upload.replaces_id if is_theirs else upload.pk)


@transaction.atomic
def _read_again(upload: Upload) -> None:
    """Where there are words, or were looked for already: read instead of what a person wrote or chose before now."""
    is_there = Q(rendition__isnull=False) | Q(transcript__isnull=False)
    home = _home(upload)
    if Media.objects.filter(is_there, pk=home).exists():
        given = {"given_at": timezone.now().isoformat()}
        enqueue("transcribe_media", home, key=f"transcribe_media:{home}:{uuid7()}", payload=given)
