"""Media that lives at hosts: asked about again, since what plays today may be gone there tomorrow."""

from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Organization
from core.identifiers import uuid7
from core.jobs import enqueue
from core.tenancy import organization_scope
from media_library.models import Media, Publication, Source
from media_library.querysets import MediaQuerySet
from media_library.services.describing import REFUSED

ASKED_AGAIN_AFTER = timedelta(days=7)
ASKED_A_DAY = 500  # of one organization, those that were asked about longest ago first


def hosted() -> MediaQuerySet:
    """What was not archived and is no upload."""
    here: MediaQuerySet = Media.objects.exclude(source=Source.UPLOAD).exclude(publication=Publication.ARCHIVED)
    return here


def ask_again(*, older_than: timedelta | None = None, limit: int | None = None) -> int:
    """Put in line the question whether each still plays, first those that were refused last time. Answers how many."""
    since = F(f"source_metadata__{REFUSED}").asc(nulls_last=True)
    due = hosted().filter(described_at__isnull=False).order_by(since, "described_at")
    if older_than is not None:
        due = due.filter(Q(described_at__lt=timezone.now() - older_than) | Q(source_metadata__has_key=REFUSED))
    keys = list(due.values_list("pk", flat=True)[:limit])
    for key in keys:
        enqueue("look_again", key, key=f"look_again:{key}:{uuid7()}")
    return len(keys)


def ask_again_everywhere() -> None:
    """Each organization's share of a day."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with organization_scope(organization_id):
            ask_again(older_than=ASKED_AGAIN_AFTER, limit=ASKED_A_DAY)
