"""What knowledge does when something happened below."""

from typing import Any
from uuid import UUID

from core.announcements import hears
from core.identifiers import uuid7
from core.jobs import enqueue
from core.models import Job
from core.models.job import JobState
from courses.models import ContentItem, Course, Resource
from knowledge.course_drafts.advancing import follow_course_draft
from knowledge.drafting import generating
from knowledge.drafting.first_words import draft_first_words
from knowledge.models import Passage
from knowledge.written.indexing import WRITTEN
from media_library.chapter_marks import chapter_marks
from media_library.models import Media, Transcript


@hears("transcript_published")
def index_words(media: Media, *, transcript: Transcript) -> None:
    enqueue("index_media", media.pk, key=f"index_media:{transcript.pk}")
    draft_first_words(media)


@hears("media_replaced")
def forget_former_words(media: Media, *, by: Any) -> None:
    """Its passages become those of what is read now, which may be nothing."""
    enqueue("index_media", media.pk, key=f"index_media:{media.pk}:{uuid7()}")


@hears("transcript_chosen")
def index_other_words(media: Media, *, transcript: Transcript) -> None:
    """It may be chosen again and again: each time is work of its own."""
    enqueue("index_media", media.pk, key=f"index_media:{transcript.pk}:{uuid7()}")


@hears("chapters_marked")
def cut_at_chapters(media: Media, *, by: Any) -> None:
    """Passages begin where chapters begin. Each time is work of its own."""
    if media.transcript_id:
        enqueue("index_media", media.pk, key=f"index_media:{media.pk}:{uuid7()}")


@hears("items_written")
def index_what_is_written(course: Course, *, items: tuple[ContentItem, ...]) -> None:
    """Texts and files; and films whose chapters may be other ones. Each time is work of its own."""
    if written := [item.pk for item in items if item.type in WRITTEN]:
        _index_items(course.pk, written)
    _index_chapters(course, items)


@hears("items_removed")
def forget_their_chapters(course: Course, *, items: tuple[ContentItem, ...]) -> None:
    """What they say goes with their rows; their films were cut where their chapters began."""
    _index_chapters(course, items)


@hears("resource_written")
def index_other_file(resource: Resource) -> None:
    for item, course in ContentItem.objects.filter(resource=resource).values_list("pk", "chapter__course"):
        _index_items(course, [item])


def _index_chapters(course: Course, items: tuple[ContentItem, ...]) -> None:
    for media in _films_of_chapters(items):
        enqueue("index_chapters", course.pk, key=f"index_chapters:{uuid7()}", payload={"media": str(media)})


def _films_of_chapters(items: tuple[ContentItem, ...]) -> set[Any]:
    """Those that have chapters, or had some when they were cut."""
    films = [item for item in items if item.media_id]
    if not films:
        return set()
    cut = Passage.objects.filter(media__in={item.media_id for item in films}).exclude(heading="")
    return {item.media_id for item in films if chapter_marks(item.metadata)} | set(cut.values_list("media", flat=True))


def _index_items(course_id: UUID, items: list[Any]) -> None:
    payload = {"items": [str(item) for item in items]}
    enqueue("index_items", course_id, key=f"index_items:{uuid7()}", payload=payload)


@hears("job_changed")
def end_course_drafts(job: Job) -> None:
    if job.organization_id:
        follow_course_draft(job)


@hears("job_changed")
def give_up_draft(job: Job) -> None:
    if job.kind == generating.JOB and job.state in (JobState.FAILED, JobState.CANCELLED):
        generating.give_up(job)


@hears("transcript_published")
def label_words(media: Media, *, transcript: Transcript) -> None:
    enqueue("label_media", media.pk, key=f"label_media:{transcript.pk}")


@hears("transcript_chosen")
def label_other_words(media: Media, *, transcript: Transcript) -> None:
    enqueue("label_media", media.pk, key=f"label_media:{transcript.pk}:{uuid7()}")
