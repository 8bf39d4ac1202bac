"""Putting frames into another batch. Their files stay where they were made."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import ngettext

from core.errors import Refused
from media_library.batches.batches import fill_batch
from media_library.batches.extracting import MOST_FRAMES, room_of
from media_library.batches.noting import FRAMES_MOVED, note_frames
from media_library.frames.outcome import Outcome, refuse_too_many
from media_library.models import Frame, UploadBatch


@transaction.atomic
def move_frames(keys: Iterable[UUID], *, to: UploadBatch, by: Any) -> Outcome:
    """All of them, or none where they do not fit. `kept` stood there already.

    Whoever adds frames to a batch holds it, so that none grows above its limit. Raises Refused: too_many_frames (409),
    batch_gone (404), nothing_chosen, too_many_at_once.
    """
    named = refuse_too_many(keys)
    batch = fill_batch(to)
    held = dict(_frames(named).values_list("pk", "batch_id"))
    moved = [key for key in named if key in held and held[key] != batch.pk]
    _refuse_overflow(batch, len(moved))
    Frame.objects.filter(pk__in=moved).update(batch=batch)
    note_frames(FRAMES_MOVED, [held[key] for key in moved], to=batch, by=by)
    kept = [key for key in named if held.get(key) == batch.pk]
    return Outcome(moved, kept, [key for key in named if key not in held])


def _frames(keys: list[UUID]) -> Any:
    """Held in the order of their keys: two moves of the same never wait for each other.

    The batches they come from need not be held: whoever deletes one of these waits for its frames.
    """
    return Frame.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")


def _refuse_overflow(batch: UploadBatch, coming: int) -> None:
    """Those that are being taken for the batch have their places already."""
    room = room_of(batch)
    if coming > room.left:
        words = ngettext(
            "“%(batch)s” takes %(left)d more frame; a batch has at most %(most)d.",
            "“%(batch)s” takes %(left)d more frames; a batch has at most %(most)d.",
            room.left,
        )
        told = words % {"batch": batch, "left": room.left, "most": MOST_FRAMES}
        told = f"{told} {room.words}".strip()
        raise Refused("too_many_frames", told, fields={"batch": [told]}, status=409)
