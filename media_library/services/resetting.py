"""What a learner has seen of one media item, forgotten at a maker's word: only so does a percentage fall."""

from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest, Now

from core.announcements import announce
from core.audit import record as note
from media_library.models import WatchRecord, WatchSession


@transaction.atomic
def reset_watching(record: WatchRecord, *, by: Any) -> WatchRecord:
    """Begin anew: nothing is seen, the position is the start. What was completed by it elsewhere stays completed.

    Its visits stay, with their watch time; open ones end, and none of them reports any more. Milestones that were
    reached before are not told again.
    """
    _end_visits(record)
    held = WatchRecord.objects.select_for_update().get(pk=record.pk)
    note("watching_reset", by=by, row=held, detail=held.media.title)
    WatchRecord.objects.filter(pk=held.pk).update(
        seconds=[], watched_seconds=0, percent=0, position=0, completed_at=None, again=[], repeated_at=None,
        told_percent=Greatest(F("told_percent"), F("percent")),
    )  # fmt: skip
    held.refresh_from_db()
    return held


def _end_visits(record: WatchRecord) -> None:
    """Reports take the visit first and the record then; so does this."""
    theirs = WatchSession.objects.filter(media=record.media_id, user=record.user_id)
    able = theirs.filter(Q(ended_at__isnull=True) | Q(left_open=True)).order_by("pk")
    for visit in able.select_for_update(of=("self",)).select_related("media", "user"):
        untold = visit.watched_seconds - visit.told_seconds
        WatchSession.objects.filter(pk=visit.pk).update(
            ended_at=visit.ended_at or Now(), left_open=False, told_seconds=visit.watched_seconds
        )
        if untold > 0:
            announce("watch_left", visit.media, session=visit, seconds=untold)
