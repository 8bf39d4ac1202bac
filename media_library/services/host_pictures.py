"""The picture that a host shows of a media item, kept here: no page of ours loads pictures from elsewhere."""

import io
from pathlib import Path
from uuid import UUID

from core.fetch import Fetcher, FetchError
from core.jobs import JobError, Run
from core.tenancy import current_organization_id
from media_library.ffmpeg import save_thumbnail
from media_library.models import Media
from media_library.services.attempts import errors_told, media_to_work_on, moved_into_storage, scratch_folder
from media_library.services.describing import TOLD
from media_library.services.hosts import access_with, host_of
from media_library.services.thumbnails import THUMBNAIL, show_unless_chosen
from media_library.storage import pictures_folder

LARGEST_PICTURE = 8 * 1024 * 1024  # bytes
FOUND = 200


def fetch_picture(media_id: UUID, address: str, *, run: Run) -> None:
    """Fetch it, encode it anew, and show it unless a person chose another one.

    The address is a host's or a user's, and nothing about it is believed. Raises JobError: no_picture,
    too_large_picture, not_a_picture, network; JobPostponed.
    """
    media = media_to_work_on(media_id)
    if media.is_thumbnail_chosen:
        with run.publish():
            return
    with scratch_folder(run) as scratch, errors_told(run):
        folder = _encoded(_fetched(_fetcher(media, address), address), scratch)
        run.check()
        pictures = pictures_folder(current_organization_id(), media.pk)
        with moved_into_storage(folder, pictures, run=run, is_published=_is_published) as stored, run.publish():
            show_unless_chosen(media, f"{stored}/{THUMBNAIL}")


def _fetcher(media: Media, address: str) -> Fetcher:
    """The operator's own origins are for what the host tells, not for what a user wrote into a file."""
    host = host_of(media)
    if host is None:
        return Fetcher()
    way = access_with(host, {}).http
    is_by_hand = address == media.source_metadata.get(TOLD, {}).get("thumbnail")
    return Fetcher(proxy=way.proxy) if is_by_hand else way


def _fetched(way: Fetcher, address: str) -> bytes:
    try:
        answer = way.get(address, most_bytes=LARGEST_PICTURE)
    except FetchError as error:
        raise _told(error) from error
    if answer.status != FOUND:
        raise _none_there(f"status {answer.status}", permanent=answer.status < 500)
    return answer.content


def _encoded(content: bytes, scratch: Path) -> Path:
    """A folder that holds the picture. What it is, its content says. Raises MediaError."""
    folder = scratch / "picture"
    folder.mkdir()
    save_thumbnail(io.BytesIO(content), to=folder / THUMBNAIL)
    return folder


def _is_published(folder: str) -> bool:
    return Media.objects.filter(thumbnail_path__startswith=f"{folder}/").exists()


def _told(error: FetchError) -> JobError:
    if error.code == "network":
        return JobError("network", "The picture's server could not be reached in time.", detail=error.detail)
    if error.code == "too_large":
        words = "The picture is larger than 8 MB. Please choose another one."
        return JobError("too_large_picture", words, detail=error.detail, permanent=True)
    return _none_there(str(error), permanent=True)


def _none_there(detail: str, *, permanent: bool) -> JobError:
    words = "There is no picture at the address that was given. Please choose one yourself."
    return JobError("no_picture", words, detail=detail, permanent=permanent)
