"""Bringing the file of a media item here from its host, where the operator, the host and its owner let it be had.

It weighs like any upload: room is reserved before the first byte comes, by an Upload of the same key. Until the file
was looked at, nothing about the media changes; then it is an upload that knows where it came from.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core.announcements import announce
from core.errors import Refused
from core.fetch import FetchError
from core.identifiers import uuid7
from core.jobs import JobError, Run, enqueue
from core.models import Job
from core.models.job import LIVE_STATES, JobState
from media_library import ffmpeg
from media_library.models import Media, Publication, Source, Upload, UploadState
from media_library.parts import moved, part_file
from media_library.services.allowance import allowance_of
from media_library.services.arriving import Arriving
from media_library.services.attempts import errors_told, media_to_work_on
from media_library.services.hosts import access_to, access_with, credentials_at, host_of, job_error, reference_of
from media_library.services.inspecting import look_at, refuse_format
from media_library.services.settling import duplicate_of
from media_library.services.space import NO_SPACE, waits_for_space
from media_library.services.steps import begin_anew, refuse_archived
from media_library.services.uploads import Announced, end_open_upload, start_upload
from media_library.sources import Access, HostFile, SourceError
from media_library.sources import Source as Host
from media_library.storage import local_path, store_file
from media_library.wording import clock_time, words_for_size

KIND = "bring_file"


def offers_file(media: Media) -> bool:
    """Whether its file may be had at all. One statement for what lies at a host."""
    host = host_of(media)
    if host is None or media.publication == Publication.ARCHIVED:
        return False
    return host.offers_file(access_with(host, credentials_at(host.name)))


@transaction.atomic
def bring_file(media: Media, *, by: Any) -> None:
    """Have its file fetched soon. Raises Refused (409): archived, no_file_offered, under_way."""
    refuse_archived(media)
    if not offers_file(media):
        words = _("The file of “%(media)s” cannot be brought here from where it is. Please upload it.")
        raise Refused("no_file_offered", words % {"media": media}, status=409)
    Media.objects.select_for_update(no_key=True).get(pk=media.pk)  # one request after the other
    if Job.objects.filter(subject_id=media.pk, kind=KIND, state__in=LIVE_STATES).exists():
        words = _("The file of “%(media)s” is on its way already.")
        raise Refused("under_way", words % {"media": media}, status=409)
    enqueue(KIND, media.pk, key=f"{KIND}:{media.pk}:{uuid7()}", payload={"by": str(by.pk)})
    begin_anew(media)


def fetch_file(media_id: UUID, *, run: Run) -> None:
    """Fetch it, look at it, and make the media an upload. Raises JobError, JobPostponed, LeaseLost.

    Whatever goes wrong, the media stays what it was at its host, and the room that was reserved is free again.
    """
    media = media_to_work_on(media_id)
    host = host_of(media)
    if host is None:
        raise JobError("not_hosted", _("This is a file of your own already."), permanent=True)
    _refuse_length(media)
    access, offered = _offered(media, host)
    with _reserved(media, offered, run=run) as upload, arriving_file(upload) as path, errors_told(run):
        _download(offered, access, upload, path, host=host, run=run)
        recording, digest = look_at(path, should_stop=run.should_stop)
        refuse_format(recording)
        with in_storage(path, upload.storage_path), run.publish():
            _become_upload(media, upload, size=recording.probe.size, sha256=digest)


def follow_bringing(job: Job) -> None:
    """What a worker reserved that died on the way is free again. Called in the transaction that ends the job."""
    if job.kind == KIND and job.state in (JobState.FAILED, JobState.CANCELLED):
        _give_back(job.subject_id)


def _refuse_length(media: Media) -> None:
    longest = ffmpeg.Limits().duration
    if media.duration is not None and media.duration > longest:
        words = _("It lasts %(length)s, and %(most)s is the most that a file may last here.")
        told = {"length": clock_time(media.duration), "most": clock_time(longest)}
        raise JobError("too_long", words % told, permanent=True)


def _offered(media: Media, host: Host) -> tuple[Access, HostFile]:
    """Its host says where, and whether it may be had."""
    access = access_to(host)
    try:
        return access, host.file(reference_of(media), access)
    except SourceError as error:
        raise job_error(error, host) from error


@contextmanager
def _reserved(media: Media, offered: HostFile, *, run: Run) -> Iterator[Upload]:
    """Room for the file, as for any upload of whoever asked for it; given back where what follows goes wrong."""
    by = get_user_model().objects.filter(pk=str(run.payload["by"])).first()
    if by is None:
        raise JobError("gone", _("Who asked for this is not here any more."), permanent=True)
    upload = _reserve(media, offered, by=by)
    try:
        yield upload
    except BaseException:
        _give_back(media.pk)
        raise


def _reserve(media: Media, offered: HostFile, *, by: Any) -> Upload:
    """Where its host does not tell the size, all that whoever asked may still upload."""
    allowance = allowance_of(by)
    size = offered.size or max(min(allowance.largest_file, allowance.left), 1)
    try:
        with transaction.atomic():
            Upload.objects.filter(pk=media.pk).delete()  # of an attempt before this one
            return start_upload(Announced(offered.filename, size, media.title), by=by, of=media)
    except Refused as refusal:
        if refusal.code == NO_SPACE:
            raise waits_for_space(detail=words_for_size(size)) from refusal
        raise JobError(refusal.code, refusal.message, permanent=True) from refusal


def _give_back(media_id: UUID | None) -> None:
    for upload in Upload.objects.filter(pk=media_id, media=media_id):
        end_open_upload(upload, UploadState.CANCELLED)


@contextmanager
def arriving_file(upload: Upload) -> Iterator[Path]:
    """Where it arrives; nothing of it is left in the end."""
    path = part_file(Path(settings.UPLOADS_DIR), upload.pk)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _download(offered: HostFile, access: Access, upload: Upload, path: Path, *, host: Host, run: Run) -> None:
    arriving = Arriving(upload, path, run=run)
    try:
        access.http.download(
            offered.url, path, most_bytes=upload.size_bytes, should_stop=arriving.should_stop
        )  # fmt: skip
    except FetchError as error:
        run.check()
        arriving.check()
        raise _failed(error, upload, host) from error


def _failed(error: FetchError, upload: Upload, host: Host) -> Exception:
    """An address that is refused has run out: the next attempt gets a new one."""
    if error.code == "too_large":
        words = _("The file is larger than %(size)s, and room was kept for no more.")
        message = words % {"size": words_for_size(upload.size_bytes)}
        return JobError("file_too_large", message, detail=error.detail, permanent=True)
    code = "network" if error.code in ("network", "refused") else "provider_changed"
    return job_error(SourceError(code, detail=str(error)), host)


def in_storage(path: Path, name: str) -> AbstractContextManager[None]:
    """In the storage from now on; not where what follows goes wrong."""
    target = local_path(name)
    return _sent(path, name) if target is None else moved(path, target)


@contextmanager
def _sent(path: Path, name: str) -> Iterator[None]:
    with path.open("rb") as file:
        store_file(File(file), name)
    try:
        yield
    except BaseException:
        default_storage.delete(name)
        raise


def _become_upload(media: Media, upload: Upload, *, size: int, sha256: str) -> None:
    """From here on it is processed like any other. What it is called, where it came from, who watched it and what was
    said in it stay.
    """
    _refuse_second_of_content(media, sha256)
    held = Media.objects.select_for_update(no_key=True).get(pk=media.pk)
    held.source, held.source_path, held.content_hash = Source.UPLOAD, upload.storage_path, sha256
    held.original_filename, held.size_bytes = upload.filename, size
    held.described_at = None  # its host plays it no longer
    held.save()
    facts = {"state": UploadState.CHECKING, "size_bytes": size, "received_bytes": size, "writer": None}
    Upload.objects.filter(pk=upload.pk).update(received_at=Now(), **facts)
    enqueue("inspect_media", held.pk, key=f"inspect_media:{held.pk}")
    announce("media_uploaded", held, by=upload.owner)


def _refuse_second_of_content(media: Media, sha256: str) -> None:
    """Two rows that courses show are not made one behind anybody's back: the one at its host stays, and says why."""
    existing = duplicate_of(media, sha256)
    if existing is not None:
        words = _("The library has this content already, as “%(title)s”. This one stays where it is.")
        raise JobError("duplicate", words % {"title": existing.title}, permanent=True)
