"""Letting learners see media, and taking it away again."""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from core.announcements import announce
from core.errors import Refused
from core.jobs import cancel_job
from core.models import Job
from core.models.job import LIVE_STATES
from media_library.models import Media, Publication


@transaction.atomic
def publish_media(media: Media, *, by: Any) -> None:
    """Show it to the organisation's members. Raises Refused `not_ready` while nothing plays."""
    if media.publication == Publication.PUBLISHED:
        return
    if not media.is_playable:
        raise Refused("not_ready", f"“{media}” cannot be published before it is ready to play.", status=409)
    media.publication = Publication.PUBLISHED
    media.published_at = Now()
    media.save(update_fields=["publication", "published_at", "updated_at"])
    media.refresh_from_db(fields=["published_at"])


@transaction.atomic
def unpublish_media(media: Media, *, by: Any) -> None:
    """Back to a draft that only its makers see; what was watched stays recorded."""
    media.publication = Publication.DRAFT
    media.save(update_fields=["publication", "updated_at"])


@transaction.atomic
def archive_media(media: Media, *, by: Any) -> None:
    """Delete softly: nobody but its makers sees it, and work on it ends. Files stay until a purge."""
    if media.publication == Publication.ARCHIVED:
        return
    # Locked before the media, as everywhere: two transactions that need both cannot wait for each other.
    jobs = list(Job.objects.select_for_update().filter(subject_id=media.pk, state__in=LIVE_STATES))
    media.publication = Publication.ARCHIVED
    media.save(update_fields=["publication", "updated_at"])
    for job in jobs:
        cancel_job(job)
    announce("media_removed", media)
