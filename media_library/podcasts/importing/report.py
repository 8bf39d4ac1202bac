"""How far the sounds of a show that is brought in are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.models import Job
from core.models.job import LIVE_STATES, JobState
from media_library.models import Episode, PodcastImport
from media_library.podcasts.importing.sound import KIND

MOST_TOLD = 20


@dataclass(frozen=True)
class Sounds:
    """`total` of the episodes have one at an address; `problems` are those whose sound did not come."""

    total: int
    here: int
    coming: int
    problems: Sequence[dict[str, str]]


def sounds_of(row: PodcastImport) -> Sounds:
    """Three statements at most."""
    episodes: Any = Episode.objects.filter(podcast=row.podcast_id).exclude(enclosure_url="")
    titles = dict(episodes.filter(media=None).values_list("pk", "title")) if row.podcast_id else {}
    total = episodes.count() if row.podcast_id else 0
    last: dict[Any, Job] = {}
    if titles:
        jobs = Job.objects.filter(kind=KIND, subject_id__in=list(titles)).order_by("pk")
        last = {job.subject_id: job for job in jobs}
    coming = sum(job.state in LIVE_STATES for job in last.values())
    failed = [(titles[key], job) for key, job in last.items() if job.state == JobState.FAILED]
    problems = [
        {"about": about, "code": job.error_code, "message": job.error_message} for about, job in failed[:MOST_TOLD]
    ]
    return Sounds(total, total - len(titles), coming, problems)
