"""What knowledge does when something happened below."""

from core.announcements import hears
from core.identifiers import uuid7
from core.jobs import enqueue
from core.models import Job
from core.models.job import JobState
from knowledge.course_drafts.advancing import follow_course_draft
from knowledge.drafting import generating
from knowledge.drafting.first_words import draft_first_words
from media_library.models import Media, Transcript


@hears("transcript_published")
def index_words(media: Media, *, transcript: Transcript) -> None:
    enqueue("index_media", media.pk, key=f"index_media:{transcript.pk}")
    draft_first_words(media)


@hears("transcript_chosen")
def index_other_words(media: Media, *, transcript: Transcript) -> None:
    """It may be chosen again and again: each time is work of its own."""
    enqueue("index_media", media.pk, key=f"index_media:{transcript.pk}:{uuid7()}")


@hears("job_changed")
def end_course_drafts(job: Job) -> None:
    if job.organization_id:
        follow_course_draft(job)


@hears("job_changed")
def give_up_draft(job: Job) -> None:
    if job.kind == generating.JOB and job.state in (JobState.FAILED, JobState.CANCELLED):
        generating.give_up(job)
