"""Content in the amounts that benchmarks ask for, written straight into the tables."""

from accounts.models import User
from courses.models import Chapter, Completion, ContentItem, Course, Enrollment, ItemType
from courses.models.enrollment import Reason
from knowledge.models import Passage
from media_library.models import Cue, Media, Rendition, Source, Status, Transcript
from media_library.models.media import LengthSource, Publication

LINE = "The slow river of the deep carries cold water past number {} on its way."


def film(number: int, *, cues: int = 0) -> Media:
    """A published film that could be played, with a transcript of so many cues."""
    media = Media.objects.create(
        title=f"Film number {number}", source=Source.UPLOAD, source_path=f"source/{number}.mp4",
        status=Status.COMPLETED,
        publication=Publication.PUBLISHED, duration=600, duration_source=LengthSource.FILE, size_bytes=10_000_000,
        original_filename=f"film-{number}.mp4", thumbnail_path="thumbnail.jpg",
    )  # fmt: skip
    media.rendition = Rendition.objects.create(media=media, folder="renditions", size_bytes=1)
    if cues:
        media.transcript = transcript(media, cues)
    media.save()
    return media


def transcript(media: Media, cues: int) -> Transcript:
    words = Transcript.objects.create(media=media, language="en", method="embedded", words=cues * 14)
    lines = [LINE.format(n) for n in range(cues)]
    Cue.objects.bulk_create(
        Cue(transcript=words, position=n, start=n * 4, end=n * 4 + 3.5, text=line) for n, line in enumerate(lines)
    )
    Passage.objects.create(
        media=media, transcript=words, position=0, text=" ".join(lines), start=0, end=cues * 4, first_cue=0,
        end_cue=cues,
        words=cues * 14, content_hash="0" * 64, search_config="english",
    )  # fmt: skip
    return words


def course_of(films: list[Media], *, chapters: int, slug: str = "course") -> Course:
    """A published course in which the films stand in so many chapters."""
    course = Course.objects.create(title="How the sea moves", slug=slug, is_published=True, description="About water.")
    for number in range(chapters):
        chapter = Chapter.objects.create(
            course=course, title=f"Chapter {number + 1}: what the water does", position=number + 1
        )
        ContentItem.objects.bulk_create(
            ContentItem(
                chapter=chapter, type=ItemType.VIDEO, title=f"{media.title}, and what it shows", position=position + 1,
                media=media, estimated_minutes=10,
            )
            for position, media in enumerate(films[number::chapters])
        )  # fmt: skip
    return course


def enrolled(course: Course, user: User, *, done: int) -> Enrollment:
    """A learner who has completed the first items."""
    enrollment = Enrollment.objects.create(course=course, user=user)
    items = ContentItem.objects.filter(chapter__course=course).in_order()[:done]
    Completion.objects.bulk_create(
        Completion(enrollment=enrollment, item=item, reason=Reason.WATCHED) for item in items
    )
    return enrollment
