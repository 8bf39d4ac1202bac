"""How it goes with batches: what lies in them, how far it is, and what it takes of the storage."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from media_library.models import (
    Frame,
    Media,
    Rendition,
    Status,
    Storyboard,
    Upload,
    UploadBatch,
    UploadState,
)
from media_library.wording import words_for_size

LARGEST = 20


@dataclass(frozen=True)
class Standing:
    """Of one batch: media by how far they are (archived ones are not told of), files that are arriving, frames.

    `media_bytes` are of their files and what was made to play them, `frame_bytes` of the batch's frames.
    """

    media: int = 0
    ready: int = 0
    processing: int = 0
    failed: int = 0
    arriving: int = 0
    frames: int = 0
    media_bytes: int = 0
    frame_bytes: int = 0

    @property
    def percent(self) -> int:
        """Of what was brought in, 0–100: how much is ready."""
        total = self.media + self.arriving
        return 100 * self.ready // total if total else 0

    @property
    def total_bytes(self) -> int:
        return self.media_bytes + self.frame_bytes

    @property
    def size_words(self) -> str:
        return words_for_size(self.total_bytes)


def standings(batches: Iterable[UploadBatch]) -> dict[Any, Standing]:
    """By key of the batch. Six statements, however many batches there are."""
    keys = [batch.pk for batch in batches]
    media = {row.pop("batch"): row for row in _media(keys)}
    made = [_bytes(rows, "media__batch", keys) for rows in (Rendition.objects.all(), Storyboard.objects.all())]
    files = [_bytes(Media.objects.all(), "batch", keys), *made]
    frames = {row["batch"]: row for row in _frames(keys)}
    arriving = dict(_arriving(keys))
    return {
        key: Standing(
            **media.get(key, {}),
            arriving=arriving.get(key, 0),
            frames=frames.get(key, {}).get("count", 0),
            media_bytes=sum(sizes.get(key, 0) for sizes in files),
            frame_bytes=frames.get(key, {}).get("size", 0),
        )
        for key in keys
    }


def largest_batches() -> list[tuple[UploadBatch, Standing]]:
    """Those that take most of the storage, largest first; empty ones are left out."""
    batches = list(UploadBatch.objects.select_related("project"))
    found = standings(batches)
    taking = [(batch, found[batch.pk]) for batch in batches if found[batch.pk].total_bytes]
    return sorted(taking, key=lambda one: -one[1].total_bytes)[:LARGEST]


def _media(keys: list[Any]) -> QuerySet[Any]:
    ended = (Status.COMPLETED, Status.FAILED)
    return (
        Media.objects.present()
        .filter(batch__in=keys)
        .order_by()
        .values("batch")
        .annotate(
            media=Count("pk"),
            ready=Count("pk", filter=Q(status=Status.COMPLETED)),
            processing=Count("pk", filter=~Q(status__in=ended)),
            failed=Count("pk", filter=Q(status=Status.FAILED)),
        )
    )


def _frames(keys: list[Any]) -> QuerySet[Any]:
    rows = Frame.objects.filter(batch__in=keys).order_by().values("batch")
    return rows.annotate(count=Count("pk"), size=Sum("size_bytes"))


def _arriving(keys: list[Any]) -> QuerySet[Any]:
    rows = Upload.objects.filter(batch__in=keys, state=UploadState.RECEIVING).order_by()
    return rows.values("batch").annotate(count=Count("pk")).values_list("batch", "count")


def _bytes(rows: QuerySet[Any], batch: str, keys: list[Any]) -> dict[Any, int]:
    found = rows.filter(**{f"{batch}__in": keys}).order_by().values(batch).annotate(size=Sum("size_bytes"))
    return dict(found.values_list(batch, "size"))
