"""Letting learners see media, taking it away again, archiving it and getting it back."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core.announcements import announce
from core.errors import Refused
from core.jobs import cancel_job
from core.models import Job
from core.models.job import LIVE_STATES
from media_library.models import FrameExtraction, Media, Publication


@transaction.atomic
def publish_media(media: Media, *, by: Any) -> None:
    """Show it to the organization's members; archived media comes back so.

    Raises Refused: not_ready while nothing plays, duplicate like `restore_media`.
    """
    if media.publication == Publication.PUBLISHED:
        return
    if not media.is_playable:
        words = _("“%(title)s” cannot be published before it is ready to play.")
        raise Refused("not_ready", words % {"title": media}, status=409)
    media.published_at = Now()
    _change(media, Publication.PUBLISHED)
    media.refresh_from_db(fields=["published_at"])


@transaction.atomic
def unpublish_media(media: Media, *, by: Any) -> None:
    """Back to a draft that only its makers see; what was watched stays recorded.

    Raises Refused: duplicate like `restore_media`.
    """
    _change(media, Publication.DRAFT)


def restore_media(media: Media, *, by: Any) -> None:
    """Archived media is a draft again; any other stays as it is.

    Raises Refused `duplicate` (409) where the same content was uploaded again meanwhile.
    """
    if media.publication == Publication.ARCHIVED:
        unpublish_media(media, by=by)


@transaction.atomic
def archive_media(media: Media, *, by: Any) -> None:
    """Delete softly: nobody but its makers sees it, and work on it ends, also that which takes frames of it. Files stay
    until a purge.

    Raises Refused: in_use.
    """
    if media.publication == Publication.ARCHIVED:
        return
    jobs = lock_work_on(media)
    media.publication = Publication.ARCHIVED
    media.archived_at = Now()
    media.save(update_fields=["publication", "archived_at", "updated_at"])
    media.refresh_from_db(fields=["archived_at"])
    end_work_on(media, jobs)
    announce("media_removed", media)


def lock_work_on(media: Media, *, skip_locked: bool = False) -> list[Job]:
    """The jobs that are waiting or running for it or take frames of it, held until the end of the transaction.

    Locked before the media, as everywhere: two transactions that need both cannot wait for each other.
    """
    extractions = FrameExtraction.objects.filter(media=media).order_by().values_list("pk", flat=True)
    live = Job.objects.filter(subject_id__in=[media.pk, *extractions], state__in=LIVE_STATES)
    return list(live.select_for_update(skip_locked=skip_locked).order_by("pk"))


def end_work_on(media: Media, jobs: list[Job]) -> None:
    """Stop these, and what was asked for until the media was held; what begins in this very moment sees it itself."""
    for job in {*jobs, *lock_work_on(media, skip_locked=True)}:
        cancel_job(job)


def _change(media: Media, publication: Publication) -> None:
    was_archived = media.publication == Publication.ARCHIVED
    if was_archived:
        _refuse_second_of_content(media)
    before = media.publication, media.archived_at
    media.publication, media.archived_at = publication, None
    try:
        with transaction.atomic():
            media.save(update_fields=["publication", "published_at", "archived_at", "updated_at"])
    except IntegrityError:  # the same content came in this very moment
        media.publication, media.archived_at = before
        _refuse_second_of_content(media)
        raise


def _refuse_second_of_content(media: Media) -> None:
    same = Media.objects.present().filter(content_hash=media.content_hash).exclude(pk=media.pk)
    found = same.first() if media.content_hash else None
    if found is not None:
        words = _("“%(title)s” cannot come back: the same content was uploaded again, as “%(other)s”.")
        raise Refused("duplicate", words % {"title": media, "other": found}, status=409)
