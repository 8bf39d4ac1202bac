"""Which frames there are: by project, batch, media, words, and whether something is noted on them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from media_library.models import Frame, UploadBatch


@dataclass(frozen=True)
class FrameFilter:
    """What to show; empty means all. `annotated`: True, False, or None for both; `words` all stand in the text."""

    project: UUID | None = None
    batch: UUID | None = None
    media: UUID | None = None
    annotated: bool | None = None
    words: str = ""

    def __bool__(self) -> bool:
        return self != EVERY_FRAME


EVERY_FRAME = FrameFilter()
IS_ANNOTATED = ~Q(annotation="") | Q(left__isnull=False)


def frames_of(wanted: FrameFilter) -> QuerySet[Frame]:
    """By batch, media and second, as the index `frame_by_batch` has them: in the order of keys, so of making."""
    found: QuerySet[Frame] = Frame.objects.order_by("batch_id", "media_id", "second", "pk")
    named = {"batch__project": wanted.project, "batch": wanted.batch, "media": wanted.media}
    found = found.filter(**{field: key for field, key in named.items() if key is not None})
    if wanted.annotated is not None:
        found = found.filter(IS_ANNOTATED if wanted.annotated else ~IS_ANNOTATED)
    for word in wanted.words.split():
        found = found.filter(annotation__icontains=word)
    return found


class Counts(NamedTuple):
    frames: int
    annotated: int


def counts_by_batch(wanted: FrameFilter = EVERY_FRAME) -> dict[UUID, Counts]:
    """How many of them each batch holds that holds any. One statement about frames alone, which is what is quick."""
    counted = frames_of(wanted).order_by().values("batch")
    rows = counted.annotate(frames=Count("pk"), noted=Count("pk", filter=IS_ANNOTATED))
    return {batch: Counts(frames, noted) for batch, frames, noted in rows.values_list("batch", "frames", "noted")}


def batches_in_order(keys: Iterable[UUID] | None = None) -> QuerySet[UploadBatch]:
    """Project by project; of all, or of those."""
    batches: QuerySet[UploadBatch] = UploadBatch.objects.select_related("project")
    named = batches if keys is None else batches.filter(pk__in=keys)
    return named.order_by("project__title", "project", "position", "pk")


def neighbors_of(frame: Frame) -> tuple[Any, Any]:
    """The keys of the frames before and after it in its batch; None where there is none."""
    keys = list(frames_of(FrameFilter(batch=frame.batch_id)).values_list("pk", flat=True))
    if frame.pk not in keys:
        return None, None
    place = keys.index(frame.pk)
    return keys[place - 1] if place else None, keys[place + 1] if place + 1 < len(keys) else None
