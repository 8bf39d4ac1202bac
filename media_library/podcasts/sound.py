"""The sound of an episode: that of its media, made once for everybody (services.sounding)."""

from enum import StrEnum
from typing import Any

from core.identifiers import uuid7
from core.jobs import enqueue, retry_job
from core.models import Job
from core.models.job import LIVE_STATES, JobState
from media_library.models import Media
from media_library.podcasts.changes import touch_shows_of
from media_library.services.sounding import audio_of
from media_library.services.status import FILE_KINDS

JOB = "make_audio"


class Sound(StrEnum):
    """`MISSING`: nothing is there and nothing is under way."""

    THERE = "there"
    UNDER_WAY = "under_way"
    MISSING = "missing"


def ask_for_sound(media: Media, *, by: Any) -> None:
    """Have it made where there is none; what is under way or follows by itself is left alone, what failed is tried
    again. Two statements.
    """
    if audio_of(media):
        return
    jobs = Job.objects.filter(subject_id=media.pk)
    if jobs.filter(kind__in=[JOB, *FILE_KINDS], state__in=LIVE_STATES).exists():
        return
    last = jobs.filter(kind=JOB).order_by("-pk").first()
    if last is None or not retry_job(last):
        enqueue(JOB, media.pk, key=f"{JOB}:{media.pk}:{uuid7()}")


def follow_sound(job: Job) -> None:
    """What waited for it is heard now. Called in the transaction that changes the job."""
    if job.kind == JOB and job.state == JobState.SUCCEEDED and job.subject_id:
        touch_shows_of(job.subject_id)


def sound_of(media: Media | None) -> Sound:
    """Two statements at most."""
    if media is None:
        return Sound.MISSING
    if audio_of(media):
        return Sound.THERE
    jobs = Job.objects.filter(subject_id=media.pk, kind__in=[JOB, *FILE_KINDS], state__in=LIVE_STATES)
    return Sound.UNDER_WAY if jobs.exists() else Sound.MISSING
