"""How long media is, and who says so, the best first: its file, its host, its last cue, its players (design.md,
mechanism 3).

A player's word counts where nobody better has told: when a maker's player says it, or those of two learners agree.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import Membership
from accounts.models.membership import MAKERS
from core.audit import record
from core.identifiers import uuid7
from core.jobs import enqueue
from media_library.models import LengthReport, Media
from media_library.models.media import LengthSource

AGREE_SECONDS, AGREE_SHARE = 2.0, 0.01  # whichever is more
MOST_REPORTS = 100  # of one media item that are looked at, the newest first
RANKS = {source: rank for rank, source in enumerate(LengthSource.values)}
#: What players may still tell the length of.
OPEN_LENGTH = Q(duration__isnull=True) | Q(duration_source=LengthSource.PLAYERS)


class Told(NamedTuple):
    """What somebody's player says: `seconds` long."""

    seconds: float
    is_maker: bool


@transaction.atomic
def learn_length(media: Media, seconds: float, *, source: str) -> bool:
    """Set the length of a row that the caller then saves. Answers False where somebody better has told it.

    What was watched so far is counted anew by a job.
    """
    if media.duration is not None and RANKS[source] > RANKS.get(media.duration_source, 0):
        return False
    before = media.whole_seconds
    media.duration, media.duration_source = seconds, source
    if media.whole_seconds != before and media.watch_records.exists():
        _note_change(media, before)
        enqueue("recount_watching", media.pk, key=f"recount_watching:{media.pk}:{uuid7()}")
    return True


def _note_change(media: Media, before: int | None) -> None:
    """Makers read it in the history of the media: percentages may have risen by it, and what was seen behind the new
    end counts no more."""
    if before is not None:
        after = media.whole_seconds or 0
        detail = f"{before} s → {after} s ({media.duration_source}), watched by {media.watch_records.count()}"
        record("length_changed", by=None, row=media, detail=detail)


def hear_length(session_id: UUID, *, user: Any, seconds: float) -> None:
    """A player says during this person's visit how long what it plays is. One statement where that is known better."""
    media = Media.objects.filter(OPEN_LENGTH, watch_sessions=session_id, watch_sessions__user=user).first()
    if media is None or LengthReport.objects.filter(media=media, user=user, seconds=seconds).exists():
        return
    with transaction.atomic():
        held = Media.objects.select_for_update(no_key=True, of=("self",)).get(pk=media.pk)
        LengthReport.objects.update_or_create(media=held, user=user, defaults={"seconds": seconds})
        believed = agreed_length(_told(held))
        if believed is not None and _is_other(held, believed):
            learn_length(held, believed, source=LengthSource.PLAYERS)
            held.save(update_fields=["duration", "duration_source", "updated_at"])


def agreed_length(reports: Sequence[Told]) -> float | None:
    """The length to believe, of reports with the newest first; None while there is none. Pure.

    A maker's newest; else the one that most learners agree with, at least two; of several the longest.
    """
    makers = [report.seconds for report in reports if report.is_maker]
    if makers:
        return makers[0]
    lengths = [report.seconds for report in reports]
    supported = [(sum(agree(one, other) for other in lengths), one) for one in lengths]
    support, longest = max(supported, default=(0, 0.0))
    return longest if support >= 2 else None


def agree(one: float, other: float) -> bool:
    """Whether two lengths may be those of the same recording. Pure."""
    return abs(one - other) <= max(AGREE_SECONDS, AGREE_SHARE * min(one, other))


def _told(media: Media) -> list[Told]:
    makers = Membership.objects.active().filter(
        user=OuterRef("user"), organization=OuterRef("organization"), role__in=MAKERS
    )
    rows = LengthReport.objects.filter(media=media).order_by("-reported_at", "-id").annotate(is_maker=Exists(makers))
    return [Told(*values) for values in rows.values_list("seconds", "is_maker")[:MOST_REPORTS]]


def _is_other(media: Media, seconds: float) -> bool:
    """Players differ by fractions of a second; nothing is counted anew for that."""
    return media.duration is None or not agree(media.duration, seconds)
