"""What is announced becomes an event."""

import pytest

from analytics.models import Event
from core.announcements import announce
from courses.models import Attempt, Chapter, Completion, ContentItem, Course, Enrollment, ItemType, Quiz
from courses.models.enrollment import Reason
from courses.services.enrolling import enroll
from knowledge.services.search import search
from media_library.captions import TimedText
from media_library.models import Media
from media_library.models.transcript import Method
from media_library.services.transcripts import publish_transcript
from media_library.services.watching import end_session, report_watching, start_session
from tests.core.embeddings_provider import answered, serve
from tests.media_library.watched import pass_time


@pytest.fixture
def course(scope) -> Course:
    return Course.objects.create(title="Sea", slug="sea", is_published=True)


@pytest.fixture
def item(course: Course, talk: Media) -> ContentItem:
    chapter = Chapter.objects.create(course=course, title="One", position=1)
    return ContentItem.objects.create(chapter=chapter, type=ItemType.VIDEO, title="Tides", position=1, media=talk)


def told(**filters):
    return list(Event.objects.filter(**filters).order_by("id").values_list("type", "metadata"))


def test_watching_is_told_from_the_first_second_to_the_last(talk, item, bob):
    session = start_session(talk, user=bob, context_id=item.pk, device="mobile", referrer="search")
    report_watching(session.pk, user=bob, intervals=[[0, 3]], position=3)
    report_watching(session.pk, user=bob, intervals=[[0, 10]], position=10)
    report_watching(session.pk, user=bob, intervals=[[0, 10]], position=10)

    visit = {"device": "mobile", "referrer": "search", "session_id": str(session.pk)}
    progress = {"session_id": str(session.pk), "device": "mobile"}
    events = Event.objects.filter(media_id=talk.pk).order_by("received_at", "id")
    completed = events.get(type="video_completed")
    assert sorted(told(media_id=talk.pk, type__in=["video_viewed", "video_started"])) == [
        ("video_started", visit),
        ("video_viewed", visit),
    ]
    assert sorted((m["percent_complete"], m["watch_time_seconds"]) for _, m in told(type="video_progress")) == [
        (10, 3), (25, 3), (50, 10), (75, 10), (90, 10),
    ]  # fmt: skip
    assert completed.metadata.items() >= (progress | {"percent_complete": 100.0, "watch_time_seconds": 10}).items()
    assert {(event.learner, event.item_id) for event in events} == {(bob.pseudonym, item.pk)}


def test_coming_back_is_a_view_and_after_the_end_a_rewatch(talk, bob):
    first = start_session(talk, user=bob)
    start_session(talk, user=bob)
    report_watching(first.pk, user=bob, intervals=[[0, 10]], position=10)
    again = start_session(talk, user=bob)
    pass_time(talk, 60)
    end_session(again.pk, user=bob, intervals=[[0, 10]], position=10)

    counts = {
        type: Event.objects.filter(type=type).count() for type in ("video_viewed", "video_started", "video_rewatched")
    }

    assert counts == {"video_viewed": 3, "video_started": 1, "video_rewatched": 1}
    assert told(type="video_rewatched")[0][1]["round"] == 1
    (seconds,) = (metadata for _, metadata in told(type="video_watched"))
    assert seconds == {"seconds": 10, "session_id": str(again.pk), "device": "desktop"}


def test_an_upload_is_told_with_who_did_it(talk, alice):
    Media.objects.filter(pk=talk.pk).update(size_bytes=1234)
    talk.refresh_from_db()

    announce("media_uploaded", talk, by=alice)

    event = Event.objects.get()
    assert (event.type, event.actor_id, event.media_id) == ("video_uploaded", alice.pseudonym, talk.pk)
    assert event.metadata == {"size": 1234, "format": "mp4"}


def test_a_transcript_is_told(talk):
    publish_transcript(talk, [TimedText(0, 2, "Two words.")], language="en", method=Method.SIDECAR)

    assert told() == [
        ("video_transcribed", {"transcript_method": "sidecar", "cost": 0.0, "word_count": 2, "language": "en"})
    ]


def test_embedding_is_told(talk, work_off, httpserver, settings):
    settings.EMBEDDING_BASE_URL, settings.EMBEDDING_MODEL = httpserver.url_for("/v1"), "small"
    serve(httpserver, answered)
    publish_transcript(talk, [TimedText(0, 2, "Two words.")], language="en", method=Method.SIDECAR)

    work_off()

    assert told(type="video_embedded", media_id=talk.pk) == [("video_embedded", {"model": "small"})]


def test_placing_media_in_a_course_is_told(talk, course, alice):
    announce("media_placed", talk, course=course, by=alice)

    (event,) = Event.objects.all()
    assert (event.type, event.media_id, event.course_id, event.actor_id) == (
        "video_added_to_course", talk.pk, course.pk, alice.pseudonym,
    )  # fmt: skip


def test_learning_is_told(course, item, bob):
    enrollment = enroll(course, user=bob)
    Completion.objects.create(enrollment=enrollment, item=item, reason=Reason.WATCHED)
    announce("item_completed", item, enrollment=enrollment)
    announce("course_completed", course, enrollment=enrollment)

    events = Event.objects.filter(learner=bob.pseudonym, course_id=course.pk)
    assert {(event.type, event.item_id) for event in events} == {
        ("learner_enrolled", None),
        ("item_completed", item.pk),
        ("course_completed", None),
    }


def test_a_quiz_is_told_with_what_it_earned(course, item, bob):
    quiz = Quiz.objects.create(title="Tides")
    held = ContentItem.objects.create(chapter=item.chapter, type=ItemType.QUIZ, title="Quiz", position=2, quiz=quiz)
    enrollment = Enrollment.objects.create(course=course, user=bob)
    attempt = Attempt.objects.create(
        quiz=quiz, enrollment=enrollment, number=1, points=2, points_possible=3, passed=True
    )

    announce("quiz_submitted", quiz, attempt=attempt)

    (event,) = Event.objects.all()
    assert (event.type, event.item_id, event.course_id, event.learner) == (
        "quiz_submitted", held.pk, course.pk, bob.pseudonym,
    )  # fmt: skip
    assert event.metadata == {"percent": 66, "passed": True, "attempt": 1}


def test_a_search_is_told_once(scope, bob):
    search("old\x00 tide", user=bob, organization=scope)
    search("old tide", user=bob, organization=scope, limit=60)

    assert told(learner=bob.pseudonym) == [("search_made", {"query": "old tide", "results": 0})]
