"""Another file for an upload that is here already: whether it may come, and how the work on it ends (the work itself:
services.renewing).

Until the new file is ready, the former one plays. What people made stays: courses, notes, thresholds, a thumbnail and
words that somebody chose. What learners have seen is clipped to the new length, what is made of a file is made anew.
"""

from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.services.locking import lock_organization
from core.errors import Refused
from core.jobs import enqueue
from core.models import Job
from core.models.job import LIVE_STATES, JobState
from core.tenancy import current_organization_id
from media_library.models import Media, Publication, Source, Upload, UploadState
from media_library.services.status import FILE_KINDS, REPLACING_KINDS
from media_library.services.steps import begin_anew, refuse_archived

CHECK, REPLACE = REPLACING_KINDS

SEEN = """
SELECT count(*), count(*) FILTER (WHERE upper(seconds) > %(whole)s) FROM media_library_watchrecord
WHERE organization_id = %(organization)s AND media_id = %(media)s AND NOT isempty(seconds)"""


class Seen(NamedTuple):
    """How many learners have watched some of it, and how many of them something behind a length."""

    watched: int
    clipped: int


def may_be_replaced(media: Media) -> bool:
    return media.source == Source.UPLOAD and media.publication != Publication.ARCHIVED


def refuse_replacing(media: Media) -> None:
    """Raises Refused (409): archived; not_an_upload; under_way while work on one of its files has not ended."""
    refuse_archived(media)
    if media.source != Source.UPLOAD:
        words = _("“%(media)s” is not a file of your own, so there is none to replace.")
        raise Refused("not_an_upload", words % {"media": media}, status=409)
    if _is_worked_on(media):
        words = _("A file of “%(media)s” is being worked on. Replace it when that has ended, or stop that work first.")
        raise Refused("under_way", words % {"media": media}, status=409)


def seen_behind(media: Media, whole: int | None) -> Seen:
    """Of learners' records: with seconds behind this length, in whole seconds; None is no end. One statement."""
    values = {"whole": whole, "organization": current_organization_id(), "media": media.pk}
    with connection.cursor() as cursor:
        cursor.execute(SEEN, values)
        return Seen(*cursor.fetchone())


def last_replacement(media: Media) -> Upload | None:
    """The file that was sent last to take the place of its file, whatever became of it."""
    sent = Upload.objects.filter(replaces=media).exclude(error_code="superseded").select_related("owner")
    found: Upload | None = sent.first()
    return found


def expect_check(media: Media, upload: Upload) -> Media:
    """The new file is in the storage, whole: have it looked at. What failed of files before it is no matter any more.

    Runs in the transaction that ends the upload. Raises what `refuse_replacing` raises.
    """
    refuse_replacing(media)
    Job.objects.filter(subject_id=media.pk, kind__in=REPLACING_KINDS).exclude(state__in=LIVE_STATES).delete()
    enqueue(CHECK, media.pk, key=f"{CHECK}:{upload.pk}", payload={"upload": str(upload.pk)})
    begin_anew(media)
    return media


def follow_replacement(job: Job) -> None:
    """The upload says how work on it ended where that was not well, and that somebody has it tried again.

    Called in the transaction that changes the job. Raises Refused `under_way` (409) where another file came meanwhile.
    """
    if job.kind not in REPLACING_KINDS:
        return
    upload = Upload.objects.filter(pk=job.payload["upload"])
    if job.state in (JobState.FAILED, JobState.CANCELLED):
        message = (job.error_message or _("This was stopped."))[:500]
        facts = {"error_code": job.error_code or "cancelled", "error_message": message, "media": None}
        upload.filter(state=UploadState.CHECKING).update(state=UploadState.REFUSED, finished_at=Now(), **facts)
    elif job.is_live:
        _take_up_again(upload.filter(state=UploadState.REFUSED).first())


def end_replacement(upload: Upload, state: UploadState, *, media: Media, **facts: Any) -> None:
    """Well, or as one that was not needed."""
    Upload.objects.filter(pk=upload.pk).update(state=state, media=media, finished_at=Now(), **facts)


@transaction.atomic
def _take_up_again(upload: Upload | None) -> None:
    if upload is None:
        return
    lock_organization(current_organization_id())  # as whoever begins to send one
    arriving = Q(state__in=[UploadState.RECEIVING, UploadState.CHECKING])
    if Upload.objects.filter(arriving, replaces=upload.replaces_id).exists():
        raise Refused("under_way", _("Another file is on its way already."), status=409)
    facts = {"error_code": "", "error_message": "", "finished_at": None, "media": upload.replaces_id}
    Upload.objects.filter(pk=upload.pk).update(state=UploadState.CHECKING, **facts)


def _is_worked_on(media: Media) -> bool:
    kinds = (*FILE_KINDS, *REPLACING_KINDS)
    return bool(Job.objects.filter(subject_id=media.pk, kind__in=kinds, state__in=LIVE_STATES).exists())
