"""The picture that stands for a media item: drawn by itself until a person chooses one."""

import math
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.identifiers import uuid7
from core.tenancy import current_organization_id
from media_library.ffmpeg import MediaError, save_thumbnail
from media_library.models import Kind, Media, Rendition, Storyboard
from media_library.services.frames import save_frame
from media_library.storage import pictures_folder, store_file

LARGEST_PICTURE = 20_000_000  # bytes
CHOSEN = "chosen-"  # begins the names of folders that hold one picture that a person chose
THUMBNAIL = "thumbnail.jpg"


def choose_thumbnail(media: Media, *, candidate: str, by: Any) -> None:
    """Show one of the candidates, by its file name; a copy stays when others are drawn.

    Raises Refused `unknown_candidate`.
    """
    storyboard = media.storyboard
    if storyboard is None or candidate not in [one["file"] for one in storyboard.candidates]:
        raise _unknown_candidate()
    try:
        picture = default_storage.open(candidate_path(storyboard, candidate))
    except FileNotFoundError as error:
        raise _unknown_candidate() from error
    with picture:
        _show(media, picture)


def choose_moment(media: Media, *, at: float, by: Any) -> None:
    """Show the frame of a second. Raises Refused: no_pictures (409), outside, no_frames."""
    if media.rendition is None or not media.rendition.rungs:
        words = _("There are no moving pictures to take one from.")
        raise Refused("no_pictures", words, status=409)
    if not 0 <= at <= (media.duration or math.inf):
        words = _("Please give a second of the film.")
        raise Refused("outside", words, fields={"at": [words]})
    with _draft() as draft:
        _grab(media.rendition, at, draft)
        with draft.open("rb") as picture:
            _show(media, picture)


def upload_thumbnail(media: Media, picture: BinaryIO, *, by: Any) -> None:
    """Show a JPEG, PNG or WebP picture, encoded anew with nothing of its metadata.

    Raises Refused: not_a_picture, too_large_picture.
    """
    with _draft() as draft:
        _encode(picture, draft)
        with draft.open("rb") as encoded:
            _show(media, encoded)


def choose_automatically(media: Media, *, by: Any) -> None:
    """Show the most telling frame again, now and whenever frames are drawn anew; none where there is no film."""
    with transaction.atomic():
        held = _lock(media)
        held.is_thumbnail_chosen = False
        _point_to(held, _drawn_picture(held))
    _take_over(media, held)


def show_unless_chosen(media: Media, path: str) -> None:
    """Show a stored picture that nobody chose; what a person chose meanwhile stays. Runs in a transaction."""
    held = _lock(media)
    if not held.is_thumbnail_chosen:
        _point_to(held, path)


def candidate_path(storyboard: Storyboard, file: str = "") -> str:
    """Of a candidate in the storage, by default of the best one."""
    return f"{storyboard.folder}/{file or storyboard.candidates[0]['file']}"


def _unknown_candidate() -> Refused:
    words = _("There is no such picture to choose any more. Please look at those there are now.")
    return Refused("unknown_candidate", words, fields={"candidate": [words]})


def _drawn_picture(media: Media) -> str:
    """The best candidate; of a film that none were drawn of yet, what is shown now."""
    if media.storyboard is not None:
        return candidate_path(media.storyboard)
    return media.thumbnail_path if media.kind == Kind.VIDEO else ""


@contextmanager
def _draft() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / THUMBNAIL


def _grab(rendition: Rendition, at: float, to: Path) -> None:
    try:
        save_frame(rendition, at=at, to=to)
    except (MediaError, FileNotFoundError) as error:
        words = _("No picture could be read at this second. Please choose another one.")
        raise Refused("no_frames", words, fields={"at": [words]}) from error


def _encode(picture: BinaryIO, to: Path) -> None:
    if (getattr(picture, "size", None) or 0) > LARGEST_PICTURE:
        words = _("The file is larger than 20 MB.")
        raise Refused("too_large_picture", words, fields={"file": [words]})
    try:
        save_thumbnail(picture, to=to)
    except MediaError as error:
        raise Refused(error.code, error.message, fields={"file": [error.message]}) from error


def _show(media: Media, picture: BinaryIO | File) -> None:
    """Keep a copy under a name of its own, so that no job and no cleaning takes it away, and point to it."""
    folder = pictures_folder(current_organization_id(), media.pk)
    path = f"{folder}/{CHOSEN}{uuid7()}/{THUMBNAIL}"
    store_file(File(picture), path)
    with transaction.atomic():
        held = _lock(media)
        held.is_thumbnail_chosen = True
        _point_to(held, path)
    _take_over(media, held)


def _lock(media: Media) -> Media:
    held: Media = Media.objects.select_for_update(no_key=True).get(pk=media.pk)
    return held


def _point_to(held: Media, path: str) -> None:
    """A picture that had been chosen before is deleted when the new pointer is sure; drawn ones belong to their job."""
    replaced, held.thumbnail_path = held.thumbnail_path, path
    held.save(update_fields=["thumbnail_path", "is_thumbnail_chosen", "updated_at"])
    if f"/{CHOSEN}" in replaced and replaced != path:
        transaction.on_commit(lambda: default_storage.delete(replaced))


def _take_over(media: Media, held: Media) -> None:
    media.thumbnail_path, media.is_thumbnail_chosen = held.thumbnail_path, held.is_thumbnail_chosen
