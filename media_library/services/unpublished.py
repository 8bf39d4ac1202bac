"""What a killed attempt had moved into the storage before it could publish it.

The next attempt removes that; of the last one nobody would until the daily cleaning.
"""

from uuid import UUID

from core.jobs import enqueue
from core.models import Job
from core.models.job import JobState
from core.tenancy import current_organization_id
from media_library.models import Media, Rendition, Storyboard
from media_library.storage import media_folder, remove_folder, subfolders

WORKER_LOST = "worker_lost"
#: Folders of a media item that hold one folder for each attempt.
PLACES = ("renditions", "pictures", "audio")


def expect_removal(job: Job) -> None:
    """Put the removal in line, in the transaction that ended a job whose worker was lost."""
    if job.state == JobState.FAILED and job.error_code == WORKER_LOST:
        key = f"remove_unpublished:{job.pk}:{job.started_at}"
        enqueue("remove_unpublished", job.subject_id, key=key, payload={"job": str(job.pk)})


def remove_unpublished(media_id: UUID, *, job_id: UUID) -> int:
    """Remove the folders of this job's attempts that nothing points to. Answers how many."""
    if Job.objects.filter(pk=job_id, state=JobState.RUNNING).exists():
        return 0  # somebody had it tried again, and it cleans up itself
    home = media_folder(current_organization_id(), media_id)
    folders = [f"{home}/{place}/{name}" for place in PLACES for name in subfolders(f"{home}/{place}")]
    dead = [one for one in folders if one.rpartition("/")[2].startswith(str(job_id)) and not _is_published(one)]
    for folder in dead:
        remove_folder(folder)
    return len(dead)


def _is_published(folder: str) -> bool:
    return (
        Rendition.objects.filter(folder=folder).exists()
        or Storyboard.objects.filter(folder=folder).exists()
        or Media.objects.filter(thumbnail_path__startswith=f"{folder}/").exists()
    )
