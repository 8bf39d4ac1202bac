"""The picture of a playlist that somebody chose; without one the first picture of what stands in it is shown."""

import tempfile
from pathlib import Path
from typing import BinaryIO

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.services.locking import lock_organization
from core.errors import Refused
from core.identifiers import uuid7
from core.tenancy import current_organization_id
from media_library.ffmpeg.errors import MediaError
from media_library.ffmpeg.picture import save_thumbnail
from media_library.keeping import Keeper, add_keeper
from media_library.models import Playlist
from media_library.services.ceiling import refuse_over_ceiling
from media_library.storage import store_file

LARGEST_PICTURE = 20_000_000  # bytes
COVERS = add_keeper(
    Keeper(
        "playlist_covers", gettext_lazy("Covers of playlists"), "playlists",
        lambda: Playlist.objects.exclude(cover_path="").annotate(path=F("cover_path"), size_bytes=F("cover_bytes")),
    )
)  # fmt: skip


def set_cover(playlist: Playlist, picture: BinaryIO, *, field: str = "cover") -> None:
    """Keep a JPEG, PNG or WebP picture as a 1280x720 JPEG, encoded anew, under a name of its own; the old one goes.

    Raises Refused, with the `field` that it came in: not_a_picture, too_large_picture; storage_full (413);
    playlist_gone (404).
    """
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / "cover.jpg"
        _encode(picture, draft, field)
        with draft.open("rb") as encoded:
            _store(playlist, encoded, size=draft.stat().st_size)


@transaction.atomic
def drop_cover(playlist: Playlist) -> None:
    """Back to the first picture of what stands in it."""
    _point_to(playlist, "", size=0)


def _encode(picture: BinaryIO, target: Path, field: str) -> None:
    if (getattr(picture, "size", None) or 0) > LARGEST_PICTURE:
        words = _("The file is larger than 20 MB.")
        raise Refused("too_large_picture", words, fields={field: [words]})
    try:
        save_thumbnail(picture, to=target)
    except MediaError as error:
        raise Refused(error.code, error.message, fields={field: [error.message]}) from error


@transaction.atomic
def _store(playlist: Playlist, encoded: BinaryIO, *, size: int) -> None:
    lock_organization(current_organization_id())
    if not Playlist.objects.select_for_update(no_key=True).filter(pk=playlist.pk):
        raise Refused("playlist_gone", _("This playlist is no longer there."), status=404)  # before a file lies about
    refuse_over_ceiling(size)
    path = f"{current_organization_id()}/{COVERS.folder}/{playlist.pk}/{uuid7()}.jpg"
    store_file(File(encoded), path)
    _point_to(playlist, path, size=size)


def _point_to(playlist: Playlist, path: str, *, size: int) -> None:
    """The file that is shown no more is deleted when the new pointer is sure."""
    rows = Playlist.objects.filter(pk=playlist.pk)
    replaced = rows.select_for_update(no_key=True).values_list("cover_path", flat=True).first()
    rows.update(cover_path=path, cover_bytes=size)
    playlist.cover_path, playlist.cover_bytes = path, size
    if replaced:
        transaction.on_commit(lambda: default_storage.delete(replaced))
