"""Trying again what failed."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.jobs import retry_job
from media_library.models import Media
from media_library.services.status import latest_jobs
from media_library.services.steps import begin_anew, refuse_archived


@transaction.atomic
def retry_media(media: Media, *, by: Any = None) -> int:
    """Give all failed or cancelled work on it its attempts again. Answers how many jobs; refreshes the status.

    Raises Refused: nothing_to_retry, archived.
    """
    refuse_archived(media)
    retried = sum(retry_job(job) for job in latest_jobs(media.pk))
    if not retried:
        raise Refused("nothing_to_retry", _("Nothing about “%(media)s” has failed.") % {"media": media}, status=409)
    begin_anew(media)
    return retried
