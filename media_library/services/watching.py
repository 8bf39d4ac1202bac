"""Watching is a set of seconds (design.md, mechanism 3).

A report is counted by one statement: it locks the visit and the learner's record, takes the union, and lets no more
seconds in than the clock allows. The allowances are two token buckets on the record, so that two tabs earn no more than
one: they start with a tolerance and fill with wall time at the speed played (at most double). Each second new to the
record spends one of the first, each second new to a visit one of the second; so what one tab plays again takes nothing
from what another one shows for the first time.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from core.announcements import announce
from core.errors import Refused
from core.identifiers import uuid7
from core.tenancy import current_organization_id
from media_library.models import Device, Media, Referrer, WatchRecord, WatchSession
from media_library.models.watching import COMPLETED_FROM
from media_library.played import LATEST_SECOND, judge
from media_library.services.lengths import hear_length
from media_library.services.watching_sql import OPEN_RECORD, REPORT

TOLERANCE = 15  # seconds: a beat and a half, for clocks and networks
MOST_PACE = 2  # seconds of media that a second of wall time earns
STALE_MINUTES = 30
MILESTONES = (10, 25, 50, 75, 90)  # percent (requirement A1)


@dataclass(frozen=True)
class WatchState:
    """How far a learner is with one media item: `percent` 0–100 in tenths, `position` in seconds."""

    percent: float
    watched_seconds: int
    position: float
    completed: bool


@dataclass(frozen=True)
class Counted:
    """What one report changed, as the statement answers it. `was_completed`, `completed`: of the record.

    `told_before`: the highest percent that anybody was told of. `passes_mark`: a percent that a higher floor goes by.
    `round`: the one of watching again that is full by it. `untold`: seconds of a visit that ends.
    """

    percent_before: float
    percent: float
    watched_seconds: int
    position: float
    was_completed: bool
    completed: bool
    is_news: bool
    told_before: float
    passes_mark: bool
    round: int | None
    untold: int

    @property
    def milestones(self) -> tuple[int, ...]:
        return tuple(mark for mark in MILESTONES if self.told_before < mark <= self.percent)

    @property
    def is_first_completion(self) -> bool:
        return self.completed and not self.was_completed and self.told_before < COMPLETED_FROM

    @property
    def state(self) -> WatchState:
        return WatchState(self.percent, self.watched_seconds, self.position, self.completed)


@transaction.atomic
def start_session(
    media: Media,
    *,
    user: Any,
    context_id: UUID | None = None,
    device: str = Device.DESKTOP,
    referrer: str = Referrer.DIRECT_LINK,
) -> WatchSession:
    """A visit begins: that is a view. Idle time before the only open visit earns nothing."""
    values = {"id": uuid7(), "media": media.pk, "user": user.pk, "tolerance": TOLERANCE, "stale": STALE_MINUTES}
    with connection.cursor() as cursor:
        cursor.execute(OPEN_RECORD, {**values, "organization": current_organization_id()})
    session = WatchSession.objects.create(
        media=media, user=user, context_id=context_id, device=device, referrer=referrer
    )
    announce("watch_started", media, session=session)
    return session


def report_watching(
    session_id: UUID, *, user: Any, intervals: Any, position: Any, speed: Any = 1, duration: Any = None,
    ending: bool = False,
) -> WatchState:  # fmt: skip
    """Count what was played: `intervals` is a list of [start, end] in seconds of the media, `position` the playhead.

    `duration` is how long the player says it is, in seconds; None where it does not know, or nobody wants to.
    Raises Refused: invalid_report; not_found (404) for a visit that is not this person's; session_ended (409).
    """
    report = judge(intervals=intervals, position=position, speed=speed, duration=duration)
    values = {
        "session": session_id, "organization": current_organization_id(), "user": user.pk, "ending": ending,
        "played": report.seconds, "position": report.position, "speed": report.speed,
        "pace": min(max(report.speed, 1), MOST_PACE), "tolerance": TOLERANCE, "most_pace": MOST_PACE,
        "longest": LATEST_SECOND,
        "completed_from": COMPLETED_FROM, "milestones": list(MILESTONES),
    }  # fmt: skip
    counted = _count({**values, "quiet": True})
    if counted is not None and counted.is_news:
        counted = _count_and_tell({**values, "quiet": False})
    if counted is None:
        raise _unknown_or_ended(session_id, user)
    if report.duration is not None:
        hear_length(session_id, user=user, seconds=report.duration)
    return counted.state


def end_session(session_id: UUID, *, user: Any, **report: Any) -> WatchState:
    """The last report of a visit. Ending it again changes nothing. Takes and raises what `report_watching` does."""
    try:
        return report_watching(session_id, user=user, **report, ending=True)
    except Refused as refusal:
        if refusal.code != "session_ended":
            raise
    media_id = WatchSession.objects.values_list("media_id", flat=True).get(pk=session_id)
    return state_of(WatchRecord.objects.get(user=user, media_id=media_id))


def record_of(user: Any, media: Media) -> WatchRecord | None:
    """What this learner has seen of it; None before the first visit."""
    return WatchRecord.objects.filter(user=user, media=media).first()


def state_of(record: WatchRecord) -> WatchState:
    return WatchState(record.percent, record.watched_seconds, record.position, record.completed_at is not None)


def _count(values: dict[str, Any]) -> Counted | None:
    with connection.cursor() as cursor:
        cursor.execute(REPORT, values)
        row = cursor.fetchone()
    return Counted(*row) if row else None


@transaction.atomic
def _count_and_tell(values: dict[str, Any]) -> Counted | None:
    """Counted anew: another tab may have been first meanwhile."""
    counted = _count(values)
    if counted is not None and counted.is_news:
        tell_news(values["session"], counted)
    return counted


def tell_news(session_id: UUID, counted: Counted) -> None:
    """What is new: most reports bring nothing, and cost nothing here."""
    session = WatchSession.objects.select_related("media", "user").get(pk=session_id)
    facts = {"session": session, "percent": counted.percent}
    if counted.milestones or counted.passes_mark:
        announce("watch_progressed", session.media, milestones=counted.milestones, **facts)
    if counted.is_first_completion:
        announce("watch_completed", session.media, **facts)
    if counted.round is not None:
        announce("watch_repeated", session.media, session=session, round=counted.round)
    if counted.untold:
        announce("watch_left", session.media, session=session, seconds=counted.untold)


def _unknown_or_ended(session_id: UUID, user: Any) -> Refused:
    if WatchSession.objects.filter(pk=session_id, user=user).exists():
        return Refused("session_ended", "This visit has ended. Start another one.", status=409)
    return Refused("not_found", "There is nothing here.", status=404)
