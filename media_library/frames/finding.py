"""Which frames there are: by project, batch, media, words, and whether something is noted on them."""

from dataclasses import dataclass
from typing import Any
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
    """In the order of batches, media and seconds."""
    found: QuerySet[Frame] = Frame.objects.order_by("batch", "media", "second", "pk")
    named = {"batch__project": wanted.project, "batch": wanted.batch, "media": wanted.media}
    found = found.filter(**{field: key for field, key in named.items() if key is not None})
    if wanted.annotated is not None:
        found = found.filter(IS_ANNOTATED if wanted.annotated else ~IS_ANNOTATED)
    for word in wanted.words.split():
        found = found.filter(annotation__icontains=word)
    return found


def batches_with_frames(wanted: FrameFilter) -> QuerySet[UploadBatch]:
    """Those that hold any of them, with `frame_count` and `annotated_count`; the newest project's first."""
    keys = frames_of(wanted).order_by().values("pk")
    counted = Count("frames", filter=Q(frames__in=keys)) if wanted else Count("frames")
    noted = Count("frames", filter=_noted() & (Q(frames__in=keys) if wanted else Q()))
    batches: QuerySet[UploadBatch] = UploadBatch.objects.select_related("project")
    counts = batches.annotate(frame_count=counted, annotated_count=noted)
    return counts.filter(frame_count__gt=0).order_by("project__title", "project", "position", "pk")


def neighbors_of(frame: Frame) -> tuple[Any, Any]:
    """The keys of the frames before and after it in its batch; None where there is none."""
    keys = list(frames_of(FrameFilter(batch=frame.batch_id)).values_list("pk", flat=True))
    if frame.pk not in keys:
        return None, None
    place = keys.index(frame.pk)
    return keys[place - 1] if place else None, keys[place + 1] if place + 1 < len(keys) else None


def _noted() -> Q:
    return ~Q(frames__annotation="") | Q(frames__left__isnull=False)
