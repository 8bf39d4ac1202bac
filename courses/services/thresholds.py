"""What items ask of their media, told to the media: so that reaching it is heard of."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Coalesce

from courses.models import ContentItem
from courses.querysets import ContentItemQuerySet
from media_library.services.marks import tell_at


def mark_media(items: ContentItemQuerySet) -> None:
    """The media of these items tells of every percent that any item with it, the course around it or the organization
    names itself.

    What the site says, and the sliding share, is told of all media.
    """
    shown = items.filter(media__isnull=False).order_by().values_list("media", flat=True).distinct()
    wanted: dict[UUID, set[int]] = defaultdict(set)
    course = F("chapter__course__watched_from")
    named = Coalesce(F("watched_from"), course, F("chapter__course__organization__watched_from"))
    rows: Any = ContentItem.objects.published().filter(media__in=list(shown)).annotate(named=named)
    for media_id, percent in rows.filter(named__isnull=False).order_by().values_list("media", "named").distinct():
        wanted[media_id].add(percent)
    tell_at({media_id: sorted(wanted[media_id]) for media_id in shown})
