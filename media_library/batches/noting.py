"""What is done to batches and their frames, noted of the project: its history tells it when the rows are gone."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from core.audit import record
from media_library.models import Project, UploadBatch

PROJECT_RENAMED, BATCH_RENAMED, BATCH_MOVED = "project_renamed", "batch_renamed", "batch_moved"
BATCH_DELETED, FRAMES_MOVED, FRAMES_DELETED = "batch_deleted", "frames_moved", "frames_deleted"
NOTED = (PROJECT_RENAMED, BATCH_RENAMED, BATCH_MOVED, BATCH_DELETED, FRAMES_MOVED, FRAMES_DELETED)


def note(action: str, project_id: UUID, detail: str, *, by: Any) -> None:
    """In the caller's transaction; a project that is gone has no history."""
    project = Project.objects.filter(pk=project_id).first()
    if project is not None:
        record(action, by=by, row=project, detail=detail)


def note_frames(action: str, former: Iterable[UUID], *, to: UploadBatch | None = None, by: Any) -> None:
    """Of frames that left these batches, one key each, in every project that one of them stands in."""
    count = Counter(former)
    batches = UploadBatch.objects.filter(pk__in=count).order_by("pk")
    parts: dict[UUID, list[str]] = {to.project_id: []} if to is not None and count else {}
    for batch in batches:
        words = f"{frames_counted(count[batch.pk])} of “{batch.name}”"
        for home in {batch.project_id, to.project_id if to is not None else batch.project_id}:
            parts.setdefault(home, []).append(words)
    for home, words_of in parts.items():
        end = f"moved to “{to.name}”." if to is not None else "deleted."
        note(action, home, f"{', '.join(words_of)} {end}", by=by)


def frames_counted(count: int) -> str:
    return f"{count} frame" if count == 1 else f"{count} frames"
