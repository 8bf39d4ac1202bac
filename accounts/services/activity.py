"""Remembering when a member was last here."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Membership

HOUR = timedelta(hours=1)


def note_presence(membership_id: UUID, last_active_at: datetime | None) -> None:
    """To the hour, so that a busy member costs one write an hour, and other requests none."""
    long_ago = timezone.now() - HOUR
    if last_active_at is not None and last_active_at > long_ago:
        return
    unnoted = Q(last_active_at__isnull=True) | Q(last_active_at__lte=long_ago)
    Membership.objects.filter(unnoted, pk=membership_id).update(last_active_at=Now())
