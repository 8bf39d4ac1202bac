"""The picture that a host shows of a media item, kept here: no page of ours loads pictures from elsewhere."""

from uuid import UUID

from core.jobs import JobError, Run


def fetch_picture(media_id: UUID, address: str, *, run: Run) -> None:
    """Raises JobError where there is no picture to be had."""
    raise JobError("no_picture", "There is no picture.", permanent=True)
