"""Removing what nobody needs any more: superseded renditions, files that no row names, what dead work left.

In the storage only folders of media (`…/{organization}/{media}/`), of frames and of images are looked at, of
organizations that exist. A file goes when no row names it or a folder it lies in, and when it is older than a day: what
is under way has a row by then.
Rows go before their files, so a crash anywhere leaves files without rows, which the next run finds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path, PurePosixPath
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from core.tenancy import current_organization_id
from media_library.keeping import keepers
from media_library.models import (
    Frame,
    LibraryImage,
    Media,
    Rendition,
    RenditionKind,
    SiteConfigurationChange,
    Storyboard,
    Upload,
    UploadState,
)
from media_library.services.site import site_configuration
from media_library.storage import frames_folder, heard_folder, images_folder, local_path, sidecar_name

#: Files as young as this are never touched.
GRACE = timedelta(days=1)
#: Whoever is watching an older rendition has this long to finish.
STILL_WATCHED = timedelta(hours=24)


@dataclass(frozen=True)
class Leftover:
    """Something in the storage that no row names. Removing it twice is no error."""

    name: str
    size_bytes: int

    def remove(self) -> None:
        default_storage.delete(self.name)
        if (path := local_path(self.name)) is not None:
            _remove_emptied(path.parent, depth=self.name.count("/"))


@dataclass(frozen=True)
class Named:
    """What rows name, file by file or as whole folders."""

    files: frozenset[str]
    folders: frozenset[str]


def drop_superseded() -> int:
    """Delete the rows of renditions and storyboards that nobody sees any more. Answers how many."""
    gone = [rows.delete()[0] for rows in (superseded_renditions(), superseded_storyboards())]
    return sum(gone)


def superseded_renditions() -> QuerySet[Rendition]:
    """Older ones than what plays now, or than the newest of their kind, once that is a day old."""
    newer = Rendition.objects.filter(media=OuterRef("media"), kind=OuterRef("kind"), id__gt=OuterRef("id"))
    replaced = Exists(newer.filter(created_at__lt=timezone.now() - STILL_WATCHED))
    plays_now = Q(kind=RenditionKind.HLS, pk=F("media__rendition"))
    found: QuerySet[Rendition] = Rendition.objects.filter(replaced).exclude(plays_now)
    return found


def superseded_storyboards() -> QuerySet[Storyboard]:
    newer = Storyboard.objects.filter(media=OuterRef("media"), id__gt=OuterRef("id"))
    replaced = Exists(newer.filter(created_at__lt=timezone.now() - STILL_WATCHED))
    current = Media.objects.filter(pk=OuterRef("media")).values("storyboard")
    found: QuerySet[Storyboard] = Storyboard.objects.filter(replaced).annotate(shown=Subquery(current))
    return found.exclude(pk=F("shown"))


def leftovers() -> Iterator[Leftover]:
    """What lies in the folders of media and images of the organization in scope and belongs to nothing that stays."""
    named = _named()
    for root in sorted(_roots()):
        for media in _folders_of_media(root):
            yield from _unnamed(f"{root}/{media}", named)
    for folder in (images_folder(current_organization_id()), frames_folder(current_organization_id())):
        yield from _unnamed(folder, named)
    for keeper in keepers():
        yield from _unnamed(f"{current_organization_id()}/{keeper.folder}", named)


def _named() -> Named:
    """Read before the storage is listed: what is published meanwhile is young."""
    here = current_organization_id()
    media = list(Media.objects.values_list("pk", "source_path", "thumbnail_path"))
    arriving = Upload.objects.filter(state__in=[UploadState.RECEIVING, UploadState.CHECKING])
    uploads = arriving.values_list("pk", "storage_path")
    images = LibraryImage.objects.values_list("path", flat=True).union(Frame.objects.values_list("path", flat=True))
    elsewhere = {path for keeper in keepers() for path in keeper.rows().values_list("path", flat=True)}
    files = {path for _, *paths in (*media, *uploads) for path in paths} | {*images} | elsewhere
    sidecars = {sidecar_name(here, key) for key, *_ in (*media, *uploads)}
    kept = Rendition.objects.exclude(pk__in=superseded_renditions()).values_list("folder", flat=True)
    pictures = Storyboard.objects.exclude(pk__in=superseded_storyboards().values("pk")).values_list("folder", flat=True)
    heard = {heard_folder(here, key) for key, *_ in media}  # paid for: kept until published
    return Named(frozenset((files | sidecars) - {""}), frozenset({*kept, *pictures, *heard} - {""}))


def _roots() -> set[str]:
    """Where this organization's media lie: below the present storage prefix and all former ones."""
    former = SiteConfigurationChange.objects.filter(field="storage_prefix").values_list("before", "after")
    prefixes = {"", site_configuration().storage_prefix, *(prefix for pair in former for prefix in pair)}
    return {str(PurePosixPath(prefix, str(current_organization_id()))) for prefix in prefixes}


def _folders_of_media(root: str) -> list[str]:
    return [name for name in _listed(root)[0] if _is_key(name)]


def _unnamed(folder: str, named: Named) -> Iterator[Leftover]:
    if folder in named.folders:
        return
    folders, files = _listed(folder)
    for name in (f"{folder}/{file}" for file in files):
        if name not in named.files and _is_old(name):
            yield Leftover(name, default_storage.size(name))
    for inner in folders:
        yield from _unnamed(f"{folder}/{inner}", named)


def _is_old(name: str) -> bool:
    try:
        return timezone.now() - default_storage.get_modified_time(name) > GRACE
    except FileNotFoundError:
        return False  # somebody else has removed it


def _remove_emptied(folder: Path, *, depth: int) -> None:
    """On a disk, folders stay when their last file goes; the organization's own stays."""
    for emptied in [folder, *folder.parents][: depth - 1]:
        try:
            emptied.rmdir()
        except OSError:  # there is something in it, or it has gone
            return


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []
    return folders, files


def _is_key(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
