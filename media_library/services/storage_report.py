"""What the files of an organization take: by kind, of its ceiling, and the largest media."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from core.tenancy import current_organization_id
from media_library.keeping import keepers
from media_library.models import Frame, LibraryImage, Media, Rendition, RenditionKind, Storyboard, Upload, UploadState

LARGEST = 20
KINDS = {
    "sources": _("Uploaded files"),
    "streams": _("Streams"),
    "mp4": _("MP4"),
    "sound": _("Sound"),
    "pictures": _("Pictures"),
    "frames": _("Frames"),
    "images": _("Images in texts"),
    "arriving": _("Unfinished uploads"),
}


@dataclass(frozen=True)
class Used:
    """Bytes of one kind; `percent` of all that is used, 0–100."""

    kind: str
    size_bytes: int
    percent: float

    @property
    def label(self) -> str:
        return str(_labels()[self.kind])


@dataclass(frozen=True)
class StorageReport:
    """All in bytes; without a ceiling there is no end. `largest` are media with `total_bytes`."""

    kinds: list[Used]
    total: int
    ceiling: int | None
    largest: list[Any]

    @property
    def percent(self) -> float | None:
        """Of the ceiling, 0–100."""
        if self.ceiling is None:
            return None
        return min(100.0, 100 * self.total / self.ceiling) if self.ceiling else 100.0


def storage_report() -> StorageReport:
    """Of the organization in scope, archived media included. Two statements."""
    here = Organization.objects.filter(pk=current_organization_id())
    rows = _rows()
    sums: list[Any] = [Coalesce(Subquery(_sum(*rows[kind])), 0) for kind in _labels()]
    ceiling, *sizes = here.values_list("storage_ceiling", *sums).get()
    total = sum(sizes)
    shares = [100 * size / total if total else 0.0 for size in sizes]
    kinds = [Used(*one) for one in zip(_labels(), sizes, shares, strict=True)]
    return StorageReport(kinds, total, ceiling, list(with_total_bytes()[:LARGEST]))


def bytes_by_kind() -> dict[str, int]:
    """Of everything in scope, which may be all organizations. One statement a kind."""
    return {kind: rows.aggregate(total=Sum(column))["total"] or 0 for kind, (rows, column) in _rows().items()}


def with_total_bytes() -> QuerySet[Any]:
    """Media with `total_bytes`, its file and everything made from it; the largest first."""
    made = [
        Coalesce(Subquery(_sum(rows.filter(media=OuterRef("pk")), "size_bytes")), 0)
        for rows in (Rendition.objects.all(), Storyboard.objects.all(), Frame.objects.all())
    ]
    media: QuerySet[Any] = Media.objects.annotate(total_bytes=sum(made, F("size_bytes")))
    return media.defer("source_metadata", "description").order_by("-total_bytes", "pk")


def bytes_of(media: Media) -> int:
    """One media item's file and everything made from it."""
    return int(with_total_bytes().values_list("total_bytes", flat=True).get(pk=media.pk))


def _labels() -> dict[str, Any]:
    """What each kind is called, those of higher floors last."""
    return {**KINDS, **{keeper.kind: keeper.label for keeper in keepers()}}


def _rows() -> dict[str, tuple[QuerySet[Any], str]]:
    """Of each kind the rows that tell its bytes, and in which column."""
    made = Rendition.objects.all()
    return {
        "sources": (Media.objects.all(), "size_bytes"),
        "streams": (made.filter(kind=RenditionKind.HLS), "size_bytes"),
        "mp4": (made.filter(kind=RenditionKind.MP4), "size_bytes"),
        "sound": (made.filter(kind__in=[RenditionKind.MP3, RenditionKind.M4A]), "size_bytes"),
        "pictures": (Storyboard.objects.all(), "size_bytes"),
        "frames": (Frame.objects.all(), "size_bytes"),
        "images": (LibraryImage.objects.all(), "size_bytes"),
        "arriving": (Upload.objects.filter(state=UploadState.RECEIVING), "received_bytes"),
        **{keeper.kind: (keeper.rows(), "size_bytes") for keeper in keepers()},
    }


def _sum(rows: QuerySet[Any], column: str) -> QuerySet[Any]:
    return rows.order_by().values("organization").annotate(total=Sum(column)).values("total")
