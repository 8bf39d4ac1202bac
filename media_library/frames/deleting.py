"""Giving frames up, with their files."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction

from media_library.batches.noting import FRAMES_DELETED, note_frames
from media_library.frames.outcome import Outcome, refuse_too_many
from media_library.models import Frame


@transaction.atomic
def delete_frames(keys: Iterable[UUID], *, by: Any) -> Outcome:
    """The rows now, their files when that is sure. Raises Refused: nothing_chosen, too_many_at_once."""
    named = refuse_too_many(keys)
    held = Frame.objects.select_for_update(of=("self",)).filter(pk__in=named).order_by("pk")
    rows = list(held.values_list("pk", "path", "batch"))
    paths = {key: path for key, path, _batch in rows}
    Frame.objects.filter(pk__in=paths).delete()
    note_frames(FRAMES_DELETED, [batch for _key, _path, batch in rows], by=by)
    transaction.on_commit(lambda: _remove(paths.values()))
    return Outcome(done=[key for key in named if key in paths], gone=[key for key in named if key not in paths])


def _remove(paths: Iterable[str]) -> None:
    for path in paths:
        default_storage.delete(path)
