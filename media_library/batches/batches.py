"""Batches of a project: made, named, put in order, filled and given up. Whoever fills one or ends one holds it."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import Organization
from core.errors import Refused
from core.identifiers import uuid7
from core.jobs import cancel_job
from core.lines import one_line
from core.models import Job
from core.models.job import LIVE_STATES
from core.ordering import LAST, move_to, put_in_order, renumber
from core.tenancy import current_organization_id
from media_library.models import Frame, FrameExtraction, Media, Project, Upload, UploadBatch, UploadState
from media_library.models.batches import BATCH_NAME_CHARACTERS

STEM_LETTERS = 60
END_LETTERS = 8  # of a UUIDv7 the last ones are random


@transaction.atomic
def save_batch(batch: UploadBatch, *, by: Any) -> UploadBatch:
    """Write a new batch, at the end of its project, or a changed one; its folder never changes.

    Without a date it is of today, where the organization is. Raises Refused: name_missing, name_too_long, name_taken.
    """
    batch.name = one_line(batch.name)
    _refuse_name(batch)
    batches = _locked(batch.project_id)
    if batches.filter(name=batch.name).exclude(pk=batch.pk).exists():
        raise _refusal("name_taken", _("The project has a batch of this name already."))
    batch.date = batch.date or _today()
    is_new = batch._state.adding
    if is_new:
        batch.created_by, batch.position, batch.folder = by, LAST, _folder_for(batch)
    batch.save()
    if is_new:
        move_to(batches, batch.pk, None)
        batch.refresh_from_db(fields=["position"])
    return batch


@transaction.atomic
def move_batch(batch: UploadBatch, *, project: Project, position: int | None = None, by: Any) -> None:
    """Into another project, or to another place of its own, from 1; None is the end. Raises Refused: name_taken."""
    former = batch.project_id
    siblings = _locked(project.pk)
    if siblings.filter(name=batch.name).exclude(pk=batch.pk).exists():
        raise _refusal("name_taken", _("The project has a batch of this name already."))
    UploadBatch.objects.filter(pk=batch.pk).update(project=project, position=LAST)
    move_to(siblings, batch.pk, position)
    if former != project.pk:
        renumber(UploadBatch.objects.filter(project=former))
    batch.refresh_from_db()


@transaction.atomic
def reorder_batches(project: Project, keys: Iterable[UUID], *, by: Any) -> None:
    """Batches that are not named follow in their own order. Raises Refused: unknown_batch."""
    batches, wanted = _locked(project.pk), list(keys)
    if set(wanted) - set(batches.values_list("pk", flat=True)):
        raise _refusal("unknown_batch", _("This batch does not stand in the project."), field="batches")
    put_in_order(batches, wanted)


@transaction.atomic
def put_in_batch(media_ids: Iterable[UUID], batch: UploadBatch | None, *, by: Any) -> int:
    """Have media stand in this batch, or in none; answers how many are moved. Raises Refused: batch_gone (404)."""
    if batch is not None:
        lock_batch(batch)
    moved: int = Media.objects.filter(pk__in=list(media_ids)).exclude(batch=batch).update(batch=batch)
    return moved


@transaction.atomic
def delete_batch(batch: UploadBatch, *, with_frames: bool = False, by: Any) -> None:
    """Its frames go with their files, where told so; media stay in the library, in no batch.

    Raises Refused (409): in_use where it has frames or media, under_way while files are arriving for it.
    """
    try:
        held = lock_batch(batch, ends=True)
    except Refused:
        return
    _refuse_end(held, with_frames=with_frames)
    _stop_work_on(held)
    paths = list(Frame.objects.filter(batch=held).values_list("path", flat=True))
    project = held.project_id
    held.delete()
    renumber(UploadBatch.objects.filter(project=project))
    for path in paths:
        transaction.on_commit(partial(default_storage.delete, path))


def lock_batch(batch: UploadBatch, *, ends: bool = False) -> UploadBatch:
    """As it is now, held until the end of the transaction. Raises Refused: batch_gone (404)."""
    rows = UploadBatch.objects.select_for_update(of=("self",), no_key=not ends)
    held: UploadBatch | None = rows.filter(pk=batch.pk).first()
    if held is None:
        raise Refused("batch_gone", _("This batch is gone."), status=404)
    return held


def _locked(project_id: Any) -> Any:
    """The project's batches, in order; whoever else changes them waits."""
    Project.objects.select_for_update(no_key=True).get(pk=project_id)
    return UploadBatch.objects.filter(project=project_id).order_by("position", "pk")


def _today() -> date:
    return timezone.localdate(timezone=Organization.objects.get(pk=current_organization_id()).zone)


def _folder_for(batch: UploadBatch) -> str:
    return f"{slugify(batch.name)[:STEM_LETTERS] or 'batch'}-{uuid7().hex[-END_LETTERS:]}"


def _refuse_name(batch: UploadBatch) -> None:
    if not batch.name:
        raise _refusal("name_missing", _("A batch needs a name."))
    if len(batch.name) > BATCH_NAME_CHARACTERS:
        words = _("The name of a batch has at most %(most)d characters.") % {"most": BATCH_NAME_CHARACTERS}
        raise _refusal("name_too_long", words)


def _refuse_end(batch: UploadBatch, *, with_frames: bool) -> None:
    arriving = Upload.objects.filter(batch=batch, state__in=[UploadState.RECEIVING, UploadState.CHECKING])
    if arriving.exists():
        words = _("Files are arriving for “%(batch)s”. Let them arrive, or cancel them.")
        raise Refused("under_way", words % {"batch": batch}, status=409)
    counts = {"media": Media.objects.filter(batch=batch).count(), "frames": Frame.objects.filter(batch=batch).count()}
    if not with_frames and any(counts.values()):
        words = _("“%(batch)s” has %(media)d media and %(frames)d frames. Say that it goes with its frames.")
        raise Refused("in_use", words % {"batch": batch, **counts}, status=409)


def _stop_work_on(batch: UploadBatch) -> None:
    extractions = FrameExtraction.objects.filter(batch=batch).values("pk")
    for job in Job.objects.filter(subject_id__in=extractions, state__in=LIVE_STATES):
        cancel_job(job)


def _refusal(code: str, words: str, *, field: str = "name") -> Refused:
    return Refused(code, words, fields={field: [words]})
