"""Every announcement becomes an event, in the transaction that made it true."""

from decimal import Decimal
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import Organization
from analytics.record_store import receivers as of_record_store  # noqa: F401  (what a record store is told)
from analytics.services.events import late_limit, track
from analytics.webhooks import receivers as of_webhooks  # noqa: F401  (what other programs are told)
from core.announcements import hears
from core.models import Job
from core.models.job import JobState
from courses.handing_in.rules import percent_of
from courses.models import Assignment, Attempt, ContentItem, Course, Enrollment, Quiz, Resource, Submission
from media_library.models import Media, Playlist, Transcript, WatchSession


def pseudonym_of(user: Any) -> UUID | None:
    return getattr(user, "pseudonym", None)


@hears("media_uploaded")
def tell_uploaded(media: Media, *, by: Any) -> None:
    metadata = {"size": media.size_bytes, "format": PurePath(media.original_filename).suffix.lstrip(".").lower()}
    track("video_uploaded", actor=pseudonym_of(by), media_id=media.pk, metadata=metadata)


@hears("media_described")
def tell_imported(media: Media, *, source: str) -> None:
    metadata = {"source_type": source, "duration_seconds": media.duration, "file_size_bytes": media.size_bytes or None}
    track("video_imported", actor=pseudonym_of(media.creator), media_id=media.pk, metadata=metadata)


@hears("transcript_published")
def tell_transcribed(media: Media, *, transcript: Transcript) -> None:
    metadata = {
        "transcript_method": transcript.method, "cost": float(transcript.cost),
        "word_count": transcript.words, "language": transcript.language,
    }  # fmt: skip
    track("video_transcribed", media_id=media.pk, metadata=metadata)


@hears("job_changed")
def tell_embedded(job: Job) -> None:
    if job.kind == "embed_passages" and job.state == JobState.SUCCEEDED:
        track("video_embedded", media_id=UUID(job.payload["media"]), metadata={"model": job.payload["model"]})


@hears("media_placed")
def tell_placed(media: Media, *, course: Course, by: Any) -> None:
    track("video_added_to_course", actor=pseudonym_of(by), media_id=media.pk, course_id=course.pk)


@hears("watch_started")
def tell_viewed(media: Media, *, session: WatchSession) -> None:
    """Each visit is a view; the learner's first one a start."""
    facts = {**_of_visit(session), "metadata": _visit(session)}
    track("video_viewed", **facts)
    if not WatchSession.objects.filter(media=media, user=session.user_id).exclude(pk=session.pk).exists():
        track("video_started", **facts)


@hears("watch_progressed")
def tell_progress(media: Media, *, session: WatchSession, milestones: tuple[int, ...], percent: float) -> None:
    for milestone in milestones:
        track("video_progress", **_of_visit(session), metadata=_reached(session, milestone))


@hears("watch_completed")
def tell_watched(media: Media, *, session: WatchSession, percent: float) -> None:
    metadata = _reached(session, percent) | {"completion_time": session.last_beat_at.isoformat()}
    track("video_completed", **_of_visit(session), metadata=metadata)


@hears("watch_repeated")
def tell_rewatched(media: Media, *, session: WatchSession, round: int) -> None:
    track("video_rewatched", **_of_visit(session), metadata={**_visit(session), "round": round})


@hears("watch_left")
def tell_seconds(media: Media, *, session: WatchSession, seconds: int) -> None:
    """At the time they were last heard of, not at that of the job that finds the visit left open."""
    metadata = {"seconds": seconds, "session_id": str(session.pk), "device": session.device}
    heard = max(session.last_beat_at, timezone.now() - late_limit() / 2)
    track("video_watched", **_of_visit(session), occurred_at=heard, metadata=metadata)


@hears("playlist_created")
def tell_playlist(playlist: Playlist, *, by: Any) -> None:
    """One's own are a learner's doing, the library's a maker's."""
    is_own = playlist.owner_id is not None
    metadata = {"playlist_type": playlist.type, "own": is_own}
    learner, actor = (pseudonym_of(by), None) if is_own else (None, pseudonym_of(by))
    track("playlist_created", learner=learner, actor=actor, metadata=metadata)


@hears("learner_enrolled")
def tell_enrolled(course: Course, *, user: Any) -> None:
    track("learner_enrolled", learner=pseudonym_of(user), course_id=course.pk)


@hears("item_completed")
def tell_item_completed(item: ContentItem, *, enrollment: Enrollment) -> None:
    track(
        "item_completed", learner=enrollment.user.pseudonym, media_id=item.media_id, course_id=enrollment.course_id,
        chapter_id=item.chapter_id, item_id=item.pk, metadata={"item_type": item.type},
    )  # fmt: skip


@hears("course_completed")
def tell_course_completed(course: Course, *, enrollment: Enrollment) -> None:
    track("course_completed", learner=enrollment.user.pseudonym, course_id=course.pk)


@hears("quiz_submitted")
def tell_quiz_submitted(quiz: Quiz, *, attempt: Attempt) -> None:
    item_id = ContentItem.objects.filter(quiz=quiz).values_list("pk", flat=True).first()
    metadata = {"percent": attempt.percent, "passed": attempt.passed, "attempt": attempt.number}
    enrollment = attempt.enrollment
    track(
        "quiz_submitted", learner=enrollment.user.pseudonym, course_id=enrollment.course_id, item_id=item_id,
        metadata=metadata,
    )  # fmt: skip


@hears("assignment_submitted")
def tell_handed_in(assignment: Assignment, *, submission: Submission) -> None:
    metadata = {"submission": submission.number, "late": submission.is_late}
    track("assignment_submitted", **_of_item(submission.enrollment, assignment=assignment), metadata=metadata)


@hears("assignment_graded")
def tell_graded(assignment: Assignment, *, submission: Submission) -> None:
    percent = float(percent_of(submission.points or Decimal(0), out_of=assignment.points))
    metadata = {"submission": submission.number, "percent": percent}
    track("assignment_graded", **_of_item(submission.enrollment, assignment=assignment), metadata=metadata)


@hears("resource_opened")
def tell_opened(resource: Resource, *, enrollment: Enrollment) -> None:
    track("resource_opened", **_of_item(enrollment, resource=resource))


@hears("library_searched")
def tell_searched(organization: Organization, *, user: Any, query: str, results: int) -> None:
    track("search_made", learner=pseudonym_of(user), metadata={"query": query, "results": results})


@hears("question_asked")
def tell_asked(organization: Organization, *, user: Any, question: str, place: dict[str, UUID | None]) -> None:
    about: dict[str, Any] = {"learner": pseudonym_of(user), **place}
    track("question_asked", metadata={"question": question}, **about)


def _of_item(enrollment: Enrollment, **held: Any) -> dict[str, Any]:
    """A learner at the item that holds something."""
    item_id = ContentItem.objects.filter(**held).values_list("pk", flat=True).first()
    return {"learner": enrollment.user.pseudonym, "course_id": enrollment.course_id, "item_id": item_id}


def _of_visit(session: WatchSession) -> dict[str, Any]:
    """Who watched what, and where: the item is the one the player was opened from, if any."""
    place = ContentItem.objects.filter(pk=session.context_id).values("chapter_id", "chapter__course_id").first() or {}
    return {
        "learner": pseudonym_of(session.user), "media_id": session.media_id, "item_id": session.context_id,
        "chapter_id": place.get("chapter_id"), "course_id": place.get("chapter__course_id"),
    }  # fmt: skip


def _visit(session: WatchSession) -> dict[str, Any]:
    return {"device": session.device, "referrer": session.referrer, "session_id": str(session.pk)}


def _reached(session: WatchSession, percent: float) -> dict[str, Any]:
    return {
        "percent_complete": percent, "watch_time_seconds": session.watched_seconds, "session_id": str(session.pk),
        "device": session.device,
    }  # fmt: skip
