"""An organization in which things have happened, written down as the rollups do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from accounts.models import Organization, User
from analytics.models import CourseDay, MediaDay, SearchDay
from courses.services.attempts import take_quiz
from courses.services.enrolling import enroll
from courses.services.progress import mark_done
from media_library.captions import TimedText
from media_library.models import Device, Media, Referrer, WatchRecord, WatchSession
from media_library.services.transcripts import publish_transcript
from tests.courses.conftest import Tides, make_tides, right_answers

TODAY = datetime.now(UTC).date()
LINES = ("The moon pulls the water.", "It bulges on both sides.", "So the tide comes in twice.")


def key(n: int) -> UUID:
    """The pseudonym of the nth learner."""
    return UUID(int=n)


def viewed(
    media: Media, day: date, learners: Iterable[int], *, finishers: Iterable[int] = (), seconds: int = 60
) -> MediaDay:  # fmt: skip
    """Each viewed it once that day, for so many seconds."""
    viewers, finished = [key(n) for n in learners], [key(n) for n in finishers]
    return MediaDay.objects.create(
        media=media, day=day, views=len(viewers), viewers=len(viewers), starts=len(viewers),
        watch_seconds=seconds * len(viewers), completions=len(finished), viewer_keys=viewers, finisher_keys=finished,
        ai_interactions=1,
    )  # fmt: skip


def visited(
    media: Media, user: User | None, seconds: list[tuple[int, int]], *, at: datetime, device: str = Device.DESKTOP
) -> None:
    """A visit that played these seconds; of a person also in their record."""
    total = sum(end - first for first, end in seconds)
    WatchSession.objects.create(
        media=media, user=user, seconds=seconds, watched_seconds=total, device=device, started_at=at,
        referrer=Referrer.COURSE_PAGE, last_beat_at=at,
    )  # fmt: skip
    if user is not None:
        WatchRecord.objects.update_or_create(media=media, user=user, defaults={"seconds": [(0, 120)]})


@dataclass
class Past:
    """A course with a film of two minutes that bob has seen, its middle three times."""

    tides: Tides
    organization: Organization

    @property
    def media(self) -> Media:
        return self.tides.media


def live_through(organization: Organization, *, alice: User, bob: User) -> Past:
    """Runs in the scope of the organization."""
    tides = make_tides(alice)
    media = tides.media
    media.creator = alice
    media.save()
    cues = [TimedText(40.0 * n, 40.0 * n + 39, line) for n, line in enumerate(LINES)]
    publish_transcript(media, cues, language="en", method="host")
    viewed(media, TODAY, [1, 2], finishers=[2])
    viewed(media, TODAY - timedelta(days=1), [1, 3], seconds=30)
    viewed(media, TODAY - timedelta(days=30), [1])
    now = datetime.now(UTC)
    visited(media, bob, [(0, 120)], at=now - timedelta(minutes=9))
    visited(media, bob, [(45, 50)], at=now - timedelta(minutes=6), device=Device.MOBILE)
    visited(media, bob, [(45, 50)], at=now - timedelta(minutes=3), device=Device.MOBILE)
    enrollment = enroll(tides.course, user=bob)
    mark_done(tides.text, enrollment=enrollment)
    take_quiz(tides.quiz, enrollment=enrollment, answers=dict(list(right_answers(tides.quiz).items())[:1]))
    CourseDay.objects.create(
        course=tides.course, day=TODAY, enrollments=1, learners=1, items_completed=1, quizzes_submitted=1,
        quiz_percents=33, learner_keys=[bob.pseudonym], watch_seconds=130,
    )  # fmt: skip
    for query, searches, without in (("ebb", 3, 0), ("spring tide", 2, 2), ("=1+1", 1, 1)):
        SearchDay.objects.create(
            day=TODAY, query=query, learner=bob.pseudonym, searches=searches, without_result=without
        )
    return Past(tides, organization)
