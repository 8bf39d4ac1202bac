"""Trying again what failed."""

from typing import Any

from django.db import transaction

from core.errors import Refused
from core.jobs import retry_job
from media_library.models import Media, Publication
from media_library.services.status import latest_jobs


@transaction.atomic
def retry_media(media: Media, *, by: Any = None) -> int:
    """Give all failed or cancelled work on it its attempts again. Answers how many jobs; refreshes the status.

    Raises Refused: nothing_to_retry, archived.
    """
    if media.publication == Publication.ARCHIVED:
        raise Refused("archived", f"“{media}” is archived.", status=409)
    retried = sum(retry_job(job) for job in latest_jobs(media.pk))
    if not retried:
        raise Refused("nothing_to_retry", f"Nothing about “{media}” has failed.", status=409)
    media.refresh_from_db(fields=["status"])
    return retried
