"""How an upload ends, once its content was looked at. Called by the check of the file, in its transaction."""

from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core.announcements import announce
from core.jobs import enqueue
from core.models import Job
from core.models.job import JobState
from core.tenancy import current_organization_id
from media_library.models import Media, Publication, Upload
from media_library.models.upload import UploadState
from media_library.services.purging import folders_of

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def duplicate_of(media: Media, sha256: str) -> Media | None:
    """What is in the library already with this content; None if nothing, or only what was archived or lost its file.

    `sha256` is hexadecimal. Of two files with the same content that are checked at once the second waits here until
    the first is settled: call it in the transaction that settles. Until its end nobody archives what was found.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [f"content:{current_organization_id()}:{sha256}"])
    same = Media.objects.filter(content_hash=sha256).exclude(publication=Publication.ARCHIVED)
    found: Media | None = same.exclude(pk=media.pk).select_for_update(no_key=True).first()
    if found is None or default_storage.exists(found.source_path):
        return found
    Media.objects.filter(pk=found.pk).update(content_hash="")  # who was asked to upload it again has done so
    return None


@transaction.atomic
def settle_accepted(media: Media, *, sha256: str) -> None:
    """The file is what it should be: it goes on to be processed, and its size stays counted."""
    media.content_hash = sha256
    media.save(update_fields=["content_hash", "updated_at"])
    _end(media, UploadState.ACCEPTED)


@transaction.atomic
def settle_refused(media: Media, code: str, message: str) -> None:
    """The file cannot be used: the upload says why, as the media does. Its size counts while the file is kept."""
    _end(media, UploadState.REFUSED, code=code, message=message)


@transaction.atomic
def settle_duplicate(media: Media, existing: Media) -> None:
    """The content was there already: the upload leads to it, and what had come a second time goes, file and row.

    Work that others already built on the second one is theirs to move: `media_duplicated`.
    """
    words = _("The library has this content already, as “%(title)s”.") % {"title": existing.title}
    announce("media_duplicated", media, existing=existing)
    folders = sorted(folders_of(media))
    _end(media, UploadState.DUPLICATE, code="duplicate", message=words, leads_to=existing)
    payload = {"media": str(media.pk), "folders": folders}
    enqueue("remove_purged_files", key=f"remove_purged_files:{media.pk}", payload=payload)
    Media.objects.filter(pk=media.pk).delete()


def follow_check(job: Job) -> None:
    """Its upload says how the check of a file ended where it did not end well, and that it is checked again.

    Called in the transaction that ends the job: an attempt that lost its lease says nothing.
    """
    media = Media.objects.filter(pk=job.subject_id).first() if job.kind == "inspect_media" else None
    if media is None or job.state == JobState.SUCCEEDED:
        return
    if job.state in (JobState.FAILED, JobState.CANCELLED):
        settle_refused(media, job.error_code or "cancelled", job.error_message or _("The check was cancelled."))
    else:
        Upload.objects.filter(pk=media.pk, state=UploadState.REFUSED).update(
            state=UploadState.CHECKING, error_code="", error_message="", finished_at=None
        )


def _end(media: Media, state: UploadState, *, code: str = "", message: str = "", leads_to: Media | None = None) -> None:
    """Of media that came some other way there is no upload."""
    facts: dict[str, Any] = {"error_code": code[:40], "error_message": message[:500], "media": leads_to or media}
    Upload.objects.filter(pk=media.pk).update(state=state, finished_at=Now(), **facts)
