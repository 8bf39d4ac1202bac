"""Two weeks in which the demo's learners have watched, read and answered, so that figures have something to show."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from analytics.services.events import track
from courses.models import ContentItem, Course, Enrollment, ItemType
from courses.services.attempts import take_quiz
from courses.services.enrolling import enroll
from courses.services.progress import credit_watched, mark_done
from media_library.models import Device, Media, Referrer, WatchRecord, WatchSession


@dataclass(frozen=True)
class Visit:
    """So many days ago, in that talk (0–2), from one second to another; `until` None is the end."""

    days_ago: int
    talk: int
    first: int = 0
    until: int | None = None
    device: Device = Device.DESKTOP


#: What was searched for so many days ago, and how many moments were found.
SEARCHES = (
    (10, "why two tides a day", 4),
    (8, "spring tide", 0),
    (3, "tsunami", 0),
    (2, "tsunami", 0),
    (1, "waves", 6),
)

#: One list for each learner.
VISITS = (
    (Visit(13, 0), Visit(12, 1, until=50), Visit(9, 1, first=45), Visit(4, 2, until=31)),
    (Visit(11, 0, until=38, device=Device.MOBILE), Visit(6, 0, first=30, device=Device.TABLET)),
)


@transaction.atomic
def live_through(course: Course, films: list[Media], learners: list[User]) -> None:
    """Enrolls the learners and lets them have watched; what they saw to the end counts as done. Made once."""
    if Enrollment.objects.filter(course=course, user__in=learners).exists():
        return
    for learner, visits in zip(learners, VISITS, strict=True):
        enrollment = enroll(course, user=learner)
        for visit in visits:
            _watch(films[visit.talk], learner, visit, course)
        credit_watched(ContentItem.objects.of_course(course), user=learner)
        _work_on(course, enrollment)
    for n, (days_ago, query, results) in enumerate(SEARCHES):
        moment = datetime.now(UTC) - timedelta(days=days_ago)
        metadata = {"query": query, "results": results}
        track("search_made", learner=learners[n % len(learners)].pseudonym, occurred_at=moment, metadata=metadata)


def _watch(media: Media, learner: User, visit: Visit, course: Course) -> None:
    length = media.whole_seconds or 0
    seconds = [(visit.first, visit.until or length)]
    moment = datetime.now(UTC) - timedelta(days=visit.days_ago)
    record, is_first = WatchRecord.objects.get_or_create(media=media, user=learner)
    before = record.percent
    item = ContentItem.objects.of_course(course).filter(media=media)[0]
    session = _session(media, learner, visit, seconds, moment)
    _remember(record, seconds, length, moment)
    about: dict[str, Any] = {
        "learner": learner.pseudonym, "media_id": media.pk, "occurred_at": moment, "course_id": course.pk,
        "chapter_id": item.chapter_id, "item_id": item.pk,
    }  # fmt: skip
    seen = {"device": visit.device.value, "referrer": session.referrer, "session_id": str(session.pk)}
    track("video_viewed", **about, metadata=seen)
    if is_first:
        track("video_started", **about, metadata=seen)
    track("video_watched", **about, metadata={"seconds": session.watched_seconds, "session_id": str(session.pk)})
    if before < 90 <= record.percent:
        track("video_completed", **about, metadata=_reached(session, record.percent))


def _reached(session: WatchSession, percent: float) -> dict[str, Any]:
    return {
        "percent_complete": percent, "watch_time_seconds": session.watched_seconds, "session_id": str(session.pk),
        "device": session.device,
    }  # fmt: skip


def _percent(seconds: int, length: int) -> float:
    """In tenths, as reports are counted."""
    return 1000 * seconds // length / 10


def _session(
    media: Media, learner: User, visit: Visit, seconds: list[tuple[int, int]], moment: datetime
) -> WatchSession:
    first, until = seconds[0]
    percent = _percent(until - first, media.whole_seconds or 1)
    return WatchSession.objects.create(
        media=media, user=learner, device=visit.device, referrer=Referrer.COURSE_PAGE, seconds=seconds,
        watched_seconds=until - first, told_seconds=until - first, position=until, percent=percent,
        completed=percent >= 90,
        started_at=moment, last_beat_at=moment, ended_at=moment + timedelta(seconds=until - first),
    )  # fmt: skip


def _remember(record: WatchRecord, seconds: list[tuple[int, int]], length: int, moment: datetime) -> None:
    """The demo's visits to one talk touch or overlap, so their union is one stretch."""
    stretches = [*record.seconds, *seconds]
    first, until = min(pair[0] for pair in stretches), max(pair[1] for pair in stretches)
    record.seconds = [(first, until)]
    record.watched_seconds = until - first
    record.percent = _percent(until - first, length)
    record.position = 0 if until >= length else until
    record.completed_at = moment if record.percent >= 90 else None
    record.updated_at = record.credited_at = moment
    record.save()


def _work_on(course: Course, enrollment: Enrollment) -> None:
    """The first chapter is done to the end: read, and answered right."""
    first_chapter = ContentItem.objects.filter(chapter__course=course, chapter__position=1)
    for item in first_chapter.in_order():
        if item.type == ItemType.TEXT:
            mark_done(item, enrollment=enrollment)
        if item.type == ItemType.QUIZ and item.quiz is not None:
            right = {str(question.pk): question.answer["key"] for question in item.quiz.questions.all()}
            take_quiz(item.quiz, enrollment=enrollment, answers=right)
