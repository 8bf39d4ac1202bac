"""What happened, as statements of the video profile.

A statement's id follows from what it tells, so that telling it again repeats it and a record store leaves it at one.
When a learner played which second is known by the second of the media, not by the clock: a visit is told as begun and
as ended with the segments played in it, and no moments are made up for playing and pausing in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from analytics.xapi.profile import (
    CATEGORY,
    COURSE_TYPE,
    PROFILE_TYPE,
    VERBS,
    VERSION,
    VIDEO_TYPE,
    extensions,
    written_duration,
    written_segments,
)

OURS = uuid5(NAMESPACE_URL, CATEGORY)
PLATFORM = "Lectern"
ANY_LANGUAGE = "und"  # of titles nobody says in which language they are

Statement = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """An address that means something for ever, and its title: of a media item, or of the course it was opened in."""

    address: str
    title: str


@dataclass(frozen=True)
class Watching:
    """What was watched of one media item by one learner: in one visit, or in all of them.

    `segments` are half-open ranges of whole seconds, `seconds` their sum, `percent` 0–100; `position` and `length`
    (None: unknown) are seconds. `threshold` is the percent from which it counts as completed.
    """

    actor: Statement
    video: Place
    session_id: UUID
    segments: Sequence[tuple[int, int]]
    seconds: int
    percent: float
    position: float
    length: float | None
    threshold: int
    course: Place | None = None


def account_of(pseudonym: UUID, *, site: str) -> Statement:
    return {"objectType": "Agent", "account": {"homePage": site, "name": str(pseudonym)}}


def mailbox_of(address: str) -> Statement:
    return {"objectType": "Agent", "mbox": f"mailto:{address}"}


def statements_of_visit(
    visit: Watching, *, started_at: datetime, ended_at: datetime, speed: float
) -> tuple[Statement, Statement]:
    """That it began and that it ended. One that is reopened by seconds told late ends a second time, with all."""
    began = _statement("initialized", visit, (visit.session_id,), at=started_at, speed=f"{speed:g}x")
    ended = _statement("terminated", visit, (visit.session_id, visit.seconds), at=ended_at)
    return began, {**ended, "result": _result(visit)}


def statement_of_completion(watched: Watching, *, record_id: UUID, completed_at: datetime) -> Statement:
    """That a learner has seen enough of it, with all they have seen; once, and once more after a reset."""
    told = _statement("completed", watched, (record_id, completed_at.isoformat()), at=completed_at)
    return {**told, "result": {"completion": True, "duration": written_duration(watched.seconds), **_result(watched)}}


def _statement(verb: str, watching: Watching, about: tuple[object, ...], *, at: datetime, **context: str) -> Statement:
    return {
        "id": str(uuid5(OURS, " ".join(map(str, (*about, verb))))),
        "version": VERSION,
        "actor": watching.actor,
        "verb": {"id": VERBS[verb], "display": {"en-US": verb}},
        "object": _video(watching),
        "context": _context(watching, **context),
        "timestamp": at.isoformat(),
    }


def _video(watching: Watching) -> Statement:
    length = extensions(length=_rounded(watching.length))
    definition = {"type": VIDEO_TYPE, "name": {ANY_LANGUAGE: watching.video.title}}
    told = {**definition, "extensions": length} if length else definition
    return {"objectType": "Activity", "id": watching.video.address, "definition": told}


def _context(watching: Watching, **more: str) -> Statement:
    activities = {"category": [{"id": CATEGORY, "definition": {"type": PROFILE_TYPE}}]}
    if course := watching.course:
        told = {"type": COURSE_TYPE, "name": {ANY_LANGUAGE: course.title}}
        activities["parent"] = [{"objectType": "Activity", "id": course.address, "definition": told}]
    known = extensions(
        session_id=str(watching.session_id), length=_rounded(watching.length),
        completion_threshold=watching.threshold / 100, **more,
    )  # fmt: skip
    return {"platform": PLATFORM, "contextActivities": activities, "extensions": known}


def _result(watching: Watching) -> Statement:
    progress = round(watching.percent / 100, 3) if watching.length else None
    played = written_segments(watching.segments)
    return {"extensions": extensions(time=_rounded(watching.position), progress=progress, played_segments=played)}


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)
