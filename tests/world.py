"""One row of everything that an address can name, in one organisation."""

from typing import Any

from analytics.models import MediaDay
from courses.models import Attempt, Chapter, Completion, ContentItem, Course, Enrollment, ItemType, Question, Quiz
from media_library.models import Cue, Media, Rendition, Source, Status, Transcript, WatchRecord, WatchSession
from media_library.models.media import LengthSource, Publication

CANARY = "canary in the coal mine"


def populate(owner: Any, learner: Any) -> dict[str, Any]:
    """Rows by the name that address parts call them; every text says CANARY. Runs in the organisation's scope."""
    media = _media(owner)
    quiz = Quiz.objects.create(title=CANARY)
    question = Question.objects.create(
        quiz=quiz,
        prompt=CANARY,
        options=[{"key": "a", "text": CANARY}, {"key": "b", "text": "no"}],
        answer={"key": "a"},
        position=1,
    )
    course = Course.objects.create(
        title=CANARY, slug="canary-course", description=CANARY, is_published=True, created_by=owner
    )
    chapter = Chapter.objects.create(course=course, title=CANARY, position=1)
    item = _item(chapter, 1, type=ItemType.VIDEO, media=media)
    text = _item(chapter, 2, type=ItemType.TEXT, text=CANARY)
    asked = _item(chapter, 3, type=ItemType.QUIZ, quiz=quiz)
    enrollment = Enrollment.objects.create(course=course, user=learner)
    Completion.objects.create(enrollment=enrollment, item=text, reason="read")
    Attempt.objects.create(quiz=quiz, enrollment=enrollment, number=1)
    session = WatchSession.objects.create(media=media, user=learner)
    WatchRecord.objects.create(media=media, user=learner, seconds=[(0, 5)], watched_seconds=5, percent=8)
    day = MediaDay.objects.create(media=media, day="2026-01-05", views=1)
    return {
        "media": media, "rendition": media.rendition, "session": session, "quiz": quiz, "question": question,
        "course": course, "chapter": chapter, "item": item, "text": text, "asked": asked, "enrollment": enrollment,
        "day": day,
    }  # fmt: skip


def _media(owner: Any) -> Media:
    media = Media.objects.create(
        title=CANARY, description=CANARY, creator=owner, source=Source.UPLOAD, source_path="canary.mp4",
        status=Status.COMPLETED,
        publication=Publication.PUBLISHED, duration=60, duration_source=LengthSource.FILE,
        original_filename=f"{CANARY}.mp4",
        thumbnail_path="thumbnail.jpg",
    )  # fmt: skip
    media.rendition = Rendition.objects.create(media=media, folder="canary")
    media.transcript = Transcript.objects.create(media=media, method="embedded", words=5)
    Cue.objects.create(transcript=media.transcript, position=0, start=0, end=5, text=CANARY)
    media.save()
    return media


def _item(chapter: Chapter, position: int, **fields: Any) -> ContentItem:
    return ContentItem.objects.create(chapter=chapter, title=CANARY, position=position, **fields)
