"""Removing media for good, files included (requirement M2).

Rows go first, in one transaction, which also puts the removal of the files in line. Whatever is killed in between,
nothing points to a file that is gone, and the job removes what is left as often as it takes.
"""

from contextlib import suppress
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization
from core.announcements import announce
from core.audit import record
from core.errors import Refused
from core.jobs import JobError, enqueue
from core.models import Job
from core.models.job import JobState
from core.tenancy import current_organization_id, organization_scope
from media_library.batches.batches import lock_in_order
from media_library.models import Frame, FrameExtraction, Media, Publication, Rendition, Storyboard, Upload
from media_library.models.upload import COUNTED_STATES, UploadState
from media_library.services.publishing import end_work_on, lock_work_on
from media_library.services.uploads import end_open_upload
from media_library.storage import media_folder, remove_folder
from media_library.usage import places_in_words, uses_of

#: What arrived once: it counts on, or (refused) at least whoever asks is told that it has ended.
KEPT_STATES = (*COUNTED_STATES, UploadState.REFUSED)


@transaction.atomic
def purge_media(media: Media, *, by: Any) -> None:
    """Remove archived media with everything made from it; its files follow within moments.

    Raises Refused (409): not_archived; in_use, whose words say where.
    """
    jobs = lock_work_on(media)
    held = Media.objects.select_for_update().filter(pk=media.pk).first()
    if held is None:
        return
    refuse_purge(held)
    end_work_on(held, jobs)
    _lock_what_goes(held)
    folders = sorted(folders_of(held))
    record("purged", by=by, row=held)
    announce("media_purged", held, by=by)
    for upload in Upload.objects.filter(replaces=held, state=UploadState.RECEIVING):
        end_open_upload(upload, UploadState.CANCELLED)
    _forget(held)
    payload = {"media": str(media.pk), "folders": folders}
    enqueue("remove_purged_files", key=f"remove_purged_files:{media.pk}", payload=payload)


def refuse_purge(media: Media) -> None:
    """Raises Refused (409): not_archived; in_use where something still shows it."""
    if media.publication != Publication.ARCHIVED:
        words = _("“%(title)s” is not archived. What is removed for good is archived first.")
        raise Refused("not_archived", words % {"title": media}, status=409)
    uses = uses_of([media.pk])[media.pk]
    if uses:
        words = _("“%(title)s” is used: %(places)s. Take it out there first.")
        raise Refused("in_use", words % {"title": media, "places": places_in_words(uses)}, status=409)


def remove_purged_files(media_id: UUID, folders: list[str]) -> None:
    """Delete what a purge left in the storage; once more changes nothing. Raises JobError where the row is there."""
    if Media.objects.filter(pk=media_id).exists():
        raise JobError("not_purged", "This was not purged: its files stay.", permanent=True)
    for folder in folders:
        remove_folder(folder)


def purge_everywhere(days: int) -> None:
    """What was archived that long ago, of all organizations; what is used stays. With 0 days nothing is purged."""
    for organization in Organization.objects.order_by("slug") if days else ():
        with organization_scope(organization):
            for media in archived_for(days):
                with suppress(Refused):
                    purge_media(media, by=None)


def archived_for(days: int) -> QuerySet[Media]:
    """What was archived that long ago, of the organization in scope; what was archived before that was noted, too."""
    before = timezone.now() - timedelta(days=days)
    since = Q(archived_at__lte=before) | Q(archived_at__isnull=True, updated_at__lte=before)
    found: QuerySet[Media] = Media.objects.filter(since, publication=Publication.ARCHIVED).order_by("pk")
    return found


def folders_of(media: Media) -> set[str]:
    """Every folder in the storage with files of this media: more than one where the storage prefix has changed, and
    of frames one in each batch that some were taken for.
    """
    own = media_folder(current_organization_id(), media.pk)
    paths = [own, media.source_path, media.thumbnail_path]
    for kind in (Rendition, Storyboard):
        paths += kind.objects.filter(media=media).values_list("folder", flat=True)
    paths += Upload.objects.filter(pk=media.pk).values_list("storage_path", flat=True)
    mark = f"{current_organization_id()}/{media.pk}"
    frames = Frame.objects.filter(media=media).values_list("path", flat=True)
    framed = {str(PurePosixPath(path).parent) for path in frames}
    return {own} | framed | {_up_to(mark, path) for path in paths if mark in path}


def _lock_what_goes(media: Media) -> None:
    """Frames of it may stand in a batch that is given up just now."""
    lock_in_order(_uploads_of(media), Frame.objects.filter(media=media), FrameExtraction.objects.filter(media=media))


def _uploads_of(media: Media) -> QuerySet[Upload]:
    found: QuerySet[Upload] = Upload.objects.filter(Q(pk=media.pk) | Q(media=media) | Q(replaces=media))
    return found


def _up_to(mark: str, path: str) -> str:
    return path[: path.index(mark) + len(mark)]


def _forget(media: Media) -> None:
    """The rows. What an upload weighed in its week stays counted, or purging would be a way around the allowance.

    One that was refused weighs nothing from now on: it has no media any more.
    """
    extractions = FrameExtraction.objects.filter(media=media).values("pk")
    of_it = Q(subject_id=media.pk) | Q(subject_id__in=extractions)
    Job.objects.filter(of_it).exclude(state=JobState.RUNNING).delete()
    uploads = _uploads_of(media)
    uploads.exclude(state__in=KEPT_STATES).delete()
    uploads.update(filename="", title="", fingerprint="", declared_sha256="", storage_path="", media=None)
    Media.objects.filter(pk=media.pk).update(rendition=None, transcript=None, storyboard=None)
    Media.objects.get(pk=media.pk).delete()
