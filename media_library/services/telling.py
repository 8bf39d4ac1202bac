"""Who uploaded something is told how it ended: one mail about all of it, not one for each file.

It goes out when nothing of theirs is under way any more, or a quarter of an hour after the first end.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.permissions import can
from core.identifiers import uuid7
from core.jobs import JobPostponed, Run, enqueue
from core.mail import send_mail
from core.models import Job
from core.models.job import JobState
from core.tenancy import current_organization_id
from media_library.models import Media, Status
from media_library.querysets import MediaQuerySet
from media_library.services.status import status_of

KIND = "tell_uploader"
MAIL = "media_library/mail/media_ended"
PATIENCE = timedelta(minutes=15)
LISTED = 20  # of each sort in one mail; the rest is a number
ENDED = (Status.COMPLETED, Status.FAILED)


@dataclass(frozen=True)
class Ending:
    """One line of the mail: `words` say what went wrong, if anything did."""

    title: str
    link: str
    words: str


def expect_telling(media: Media) -> None:
    """Put the telling in line, in the transaction in which processing ended: now, or after what is still under way."""
    if media.told_at is not None or media.creator_id is None:
        return
    if not _under_way(media.creator_id).exists():
        _enqueue(media)
    elif not _is_in_line(media.creator_id):
        _enqueue(media, delay=PATIENCE)


def tell_uploader(media_id: UUID, *, run: Run) -> None:
    """Tell the uploader of this media about all of theirs that ended and that they were not told of.

    Raises JobPostponed while something of theirs is under way and the first end is not long ago, LeaseLost.
    """
    media = Media.objects.select_related("creator").filter(pk=media_id).first()
    if media is None or media.creator is None:
        return
    patience = (run.job.created_at + PATIENCE - timezone.now()).total_seconds()
    if patience > 0 and _under_way(media.creator_id).exists():
        raise JobPostponed("more_to_come", _("Waiting for their other uploads."), delay=patience)
    with run.publish():
        _tell(media.creator)


def _enqueue(media: Media, *, delay: timedelta | None = None) -> None:
    enqueue(KIND, media.pk, key=f"{KIND}:{uuid7()}", delay=delay)


def _under_way(creator_id: UUID) -> MediaQuerySet:
    media: MediaQuerySet = Media.objects.present().filter(creator_id=creator_id)
    return media.exclude(status__in=ENDED)


def _untold(creator_id: UUID) -> MediaQuerySet:
    media: MediaQuerySet = Media.objects.present().filter(creator_id=creator_id, status__in=ENDED)
    return media.filter(told_at=None)


def _is_in_line(creator_id: UUID) -> bool:
    untold = _untold(creator_id).values("pk")
    return Job.objects.filter(kind=KIND, state=JobState.QUEUED, subject_id__in=untold).exists()


@transaction.atomic
def _tell(person: Any) -> None:
    """The rows are locked: of two who tell at once the second finds nothing left to tell."""
    ended = list(_untold(person.pk).select_for_update(no_key=True).order_by("id"))
    Media.objects.filter(pk__in=[media.pk for media in ended]).update(told_at=Now())
    organization = Organization.objects.get(pk=current_organization_id())
    if ended and can(person, "media.upload", organization):
        send_mail(MAIL, to=person.email, context=_content(ended), organization=organization)


def _content(ended: list[Media]) -> dict[str, Any]:
    """Two lists, and how many more there are than they name."""
    ready = [media for media in ended if media.status == Status.COMPLETED]
    failed = [media for media in ended if media.status == Status.FAILED]
    return {
        "ready": [_ending(media) for media in ready[:LISTED]],
        "failed": [_ending(media) for media in failed[:LISTED]],
        "ready_count": len(ready),
        "failed_count": len(failed),
        "more_count": len(ready[LISTED:]) + len(failed[LISTED:]),
        "library_link": _absolute(reverse("admin:media_library_media_changelist")),
        "only": ended[0] if len(ended) == 1 else None,
    }


def _ending(media: Media) -> Ending:
    link = _absolute(reverse("admin:media_library_media_change", args=[media.pk]))
    return Ending(media.title, link, status_of(media).message)


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL.rstrip('/')}{path}"
