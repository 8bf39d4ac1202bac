"""Batches of a project: made, named, put in order, filled and given up. Whoever fills one or ends one holds it."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Organization
from core.errors import Refused
from core.identifiers import uuid7
from core.jobs import cancel_job
from core.lines import one_line
from core.models import Job
from core.models.job import LIVE_STATES
from core.ordering import LAST, move_to, put_in_order, renumber
from core.tenancy import current_organization_id
from media_library.batches.noting import BATCH_DELETED, BATCH_MOVED, BATCH_RENAMED, frames_counted, note
from media_library.models import Frame, FrameExtraction, Media, Project, Upload, UploadBatch, UploadState
from media_library.models.batches import BATCH_NAME_CHARACTERS

YEARS = range(1900, 2201)  # of recordings; what lies outside is a slip of the finger
STEM_LETTERS = 60
NAME_TAKEN = gettext_lazy("The project has a batch of this name already.")
END_LETTERS = 8  # of a UUIDv7 the last ones are random


@transaction.atomic
def save_batch(batch: UploadBatch, *, by: Any) -> UploadBatch:
    """Write a new batch, at the end of its project, or the name and date of one; its folder never changes.

    Without a date it is of today, where the organization is. Raises Refused: name_missing, name_too_long, name_taken,
    date_outside, project_gone (404), batch_gone (404), moved_meanwhile (409).
    """
    batch.date = batch.date or _today()
    _check_date(batch.date)
    if not batch._state.adding:
        return change_batch(batch, name=batch.name, date=batch.date, by=by)
    batches = _locked(batch.project_id)
    batch.name = _valid_name(batch.name, batches)
    batch.created_by, batch.position, batch.folder = by, LAST, _folder_for(batch)
    batch.save()
    move_to(batches, batch.pk, None)
    batch.refresh_from_db(fields=["position"])
    return batch


@transaction.atomic
def change_batch(batch: UploadBatch, *, by: Any, **facts: Any) -> UploadBatch:
    """Write these of `name`, `date` and `project_id`; what others wrote meanwhile stays. Raises Refused likewise."""
    held = _hold(batch, to=facts.get("project_id"))
    home = facts.setdefault("project_id", held.project_id)
    facts["name"] = _valid_name(facts.get("name", held.name), _batches_of(home).exclude(pk=batch.pk))
    if "date" in facts:
        _check_date(facts["date"])
    facts["position"] = held.position if home == held.project_id else LAST
    UploadBatch.objects.filter(pk=batch.pk).update(**facts)
    batch.refresh_from_db()
    if batch.name != held.name:
        note(BATCH_RENAMED, home, f"“{held.name}” is called “{batch.name}” now.", by=by)
    return batch


@transaction.atomic
def rename_batches(project_id: UUID, names: dict[UUID, str], *, by: Any) -> None:
    """All at once, so that two can change names; keys of no batch of the project are passed over.

    Raises Refused like `save_batch`.
    """
    batches = _locked(project_id)
    standing = dict(batches.values_list("pk", "name"))
    changed = {key: one_line(name) for key, name in names.items() if standing.get(key, name) != name}
    for key in changed:  # names that nobody types, until all of the former ones are free
        UploadBatch.objects.filter(pk=key).update(name=str(key))
    for key, name in changed.items():
        UploadBatch.objects.filter(pk=key).update(name=_valid_name(name, batches.exclude(pk=key)))
        note(BATCH_RENAMED, project_id, f"“{standing[key]}” is called “{name}” now.", by=by)


@transaction.atomic
def move_batch(
    batch: UploadBatch, *, project: Project | None = None, position: int | None = None, by: Any, **facts: Any
) -> None:
    """Into another project, or to another place of its own, from 1; None is the end.

    `facts` are a new name and date, written along: all of it or nothing. Raises Refused like `save_batch`.
    """
    former = _hold(batch, to=project.pk if project is not None else None).project_id
    home = project.pk if project is not None else former
    change_batch(batch, by=by, **facts, project_id=home)
    move_to(_batches_of(home), batch.pk, position)
    if former != home:
        renumber(_batches_of(former))
        _note_move(batch, former, home, by=by)
    batch.refresh_from_db()


def _note_move(batch: UploadBatch, former: UUID, home: UUID, *, by: Any) -> None:
    titles = dict(Project.objects.filter(pk__in=[former, home]).values_list("pk", "title"))
    for project in (former, home):
        note(BATCH_MOVED, project, f"“{batch.name}” moved from “{titles[former]}” to “{titles[home]}”.", by=by)


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
        fill_batch(batch)
    named = Media.objects.filter(pk__in=list(media_ids))
    lock_in_order(named)
    moved: int = named.exclude(batch=batch).update(batch=batch)
    return moved


@transaction.atomic
def delete_batch(batch: UploadBatch, *, with_frames: bool = False, by: Any) -> None:
    """Its frames go with their files, where told so; media stay in the library, in no batch.

    Raises Refused (409): in_use where it has frames or media, under_way while files are arriving for it,
    moved_meanwhile.
    """
    homes = _lock_projects(_homes_of(batch))
    count = Frame.objects.filter(batch=batch).count()
    end_batches(UploadBatch.objects.filter(pk=batch.pk), of=homes, with_frames=with_frames)
    for home in homes:
        renumber(_batches_of(home))
        frames = f" with {frames_counted(count)}" if count else ""
        note(BATCH_DELETED, home, f"The batch “{batch.name}” was deleted{frames}.", by=by)


def end_batches(found: QuerySet, *, of: set[UUID], with_frames: bool) -> None:
    """All of these, of projects that the caller holds. Raises Refused like `delete_batch`.

    Work is locked before batches, as `Run.publish` does, all batches before what stands in them, media before their
    uploads and those before frames, as a purge does: two that need the same never wait for each other. What moves a
    frame holds its row: its file goes only where it stands in one of these when nobody holds it any more.
    """
    jobs = _lock_work_on(found)
    held = list(found.select_for_update(of=("self",)).order_by("pk"))
    if {batch.project_id for batch in held} - of:
        raise _moved_meanwhile()
    for batch in held:
        _refuse_end(batch, with_frames=with_frames)
    ending = UploadBatch.objects.filter(pk__in=[batch.pk for batch in held])
    for job in {*jobs, *_lock_work_on(ending, skip_locked=True)}:  # asked for meanwhile; what publishes finds no batch
        cancel_job(job)
    inside = (rows.filter(batch__in=held) for rows in (Media.objects, Upload.objects, Frame.objects))
    lock_in_order(*inside, FrameExtraction.objects.filter(batch__in=held))
    Media.objects.filter(batch__in=held).update(batch=None)
    paths = list(Frame.objects.filter(batch__in=held).values_list("path", flat=True))
    ending.delete()
    for path in paths:
        transaction.on_commit(partial(default_storage.delete, path))


def lock_in_order(*kinds: QuerySet) -> None:
    """Rows of each kind in turn, in the order of their keys: until the end of the transaction nobody changes them."""
    for rows in kinds:
        list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def lock_batch(batch: UploadBatch, *, ends: bool = False) -> UploadBatch:
    """As it is now, held until the end of the transaction. Raises Refused: batch_gone (404)."""
    rows = UploadBatch.objects.select_for_update(of=("self",), no_key=not ends)
    held: UploadBatch | None = rows.filter(pk=batch.pk).first()
    if held is None:
        raise Refused("batch_gone", _("This batch is gone."), status=404)
    return held


def fill_batch(batch: UploadBatch) -> UploadBatch:
    """Held for what comes into it: however soon that leaves again, from when it is empty is counted anew.

    Raises Refused like `lock_batch`.
    """
    held = lock_batch(batch)
    held.empty_since = held.warned_at = None
    held.save(update_fields=["empty_since", "warned_at"])
    return held


def hold_to_end(batch: UploadBatch) -> UploadBatch:
    """With its project, whose other batches will be numbered anew. Raises Refused like `save_batch`."""
    return _hold(batch, ends=True)


def _hold(batch: UploadBatch, *, to: UUID | None = None, ends: bool = False) -> UploadBatch:
    """As it is now, with the project it stands in and the one it goes to, held in the order of their keys."""
    homes = _lock_projects(_homes_of(batch) | Q(pk=to))
    held = lock_batch(batch, ends=ends)
    if to is not None and to not in homes:
        raise project_gone()
    if held.project_id not in homes:
        raise _moved_meanwhile()
    return held


def _homes_of(batch: UploadBatch) -> Q:
    return Q(pk__in=UploadBatch.objects.filter(pk=batch.pk).values("project_id"))


def _lock_projects(wanted: Q) -> set[UUID]:
    rows = Project.objects.select_for_update(no_key=True, of=("self",)).filter(wanted).order_by("pk")
    return {project.pk for project in rows}


def _locked(project_id: UUID) -> QuerySet:
    """The project's batches, in order; whoever else changes them waits. Raises Refused: project_gone (404)."""
    if not _lock_projects(Q(pk=project_id)):
        raise project_gone()
    return _batches_of(project_id)


def _batches_of(project_id: UUID) -> QuerySet:
    found: QuerySet[UploadBatch] = UploadBatch.objects.filter(project=project_id).order_by("position", "pk")
    return found


def _today() -> date:
    return timezone.localdate(timezone=Organization.objects.get(pk=current_organization_id()).zone)


def _check_date(day: date) -> None:
    if not YEARS.start <= day.year < YEARS.stop:
        words = _("Please give a day from %(first)d to %(last)d.") % {"first": YEARS[0], "last": YEARS[-1]}
        raise _refusal("date_outside", words, field="date")


def _folder_for(batch: UploadBatch) -> str:
    return f"{slugify(batch.name)[:STEM_LETTERS] or 'batch'}-{uuid7().hex[-END_LETTERS:]}"


def _valid_name(name: str, others: QuerySet) -> str:
    """As one line."""
    name = one_line(name)
    if not name:
        raise _refusal("name_missing", _("A batch needs a name."))
    if len(name) > BATCH_NAME_CHARACTERS:
        words = _("The name of a batch has at most %(most)d characters.") % {"most": BATCH_NAME_CHARACTERS}
        raise _refusal("name_too_long", words)
    if others.filter(name=name).exists():
        raise _refusal("name_taken", str(NAME_TAKEN))
    return name


def _refuse_end(batch: UploadBatch, *, with_frames: bool) -> None:
    arriving = Upload.objects.filter(batch=batch, state__in=[UploadState.RECEIVING, UploadState.CHECKING])
    if arriving.exists():
        words = _("Files are arriving for “%(batch)s”. Let them arrive, or cancel them.")
        raise Refused("under_way", words % {"batch": batch}, status=409)
    words = words_for_content(Media.objects.filter(batch=batch).count(), Frame.objects.filter(batch=batch).count())
    if not with_frames and words:
        told = _("“%(batch)s” has %(content)s. Say that it goes with its frames.")
        raise Refused("in_use", told % {"batch": batch, "content": words}, status=409)


def words_for_content(media: int, frames: int) -> str:
    """“1 media item and 3 frames”; empty where there is neither."""
    items = ngettext("%(count)d media item", "%(count)d media items", media) % {"count": media}
    pictures = ngettext("%(count)d frame", "%(count)d frames", frames) % {"count": frames}
    if media and frames:
        return _("%(items)s and %(pictures)s") % {"items": items, "pictures": pictures}
    return items if media else pictures if frames else ""


def _lock_work_on(batches: QuerySet, *, skip_locked: bool = False) -> list[Job]:
    """Work that waits or runs for them, held until the end of the transaction."""
    extractions = FrameExtraction.objects.filter(batch__in=batches.order_by().values("pk")).values("pk")
    live = Job.objects.filter(subject_id__in=extractions, state__in=LIVE_STATES)
    return list(live.select_for_update(skip_locked=skip_locked).order_by("pk"))


def project_gone() -> Refused:
    return Refused("project_gone", _("This project is gone."), status=404)


def _moved_meanwhile() -> Refused:
    words = _("Somebody else has just moved this to another project. Please try again.")
    return Refused("moved_meanwhile", words, status=409)


def _refusal(code: str, words: str, *, field: str = "name") -> Refused:
    return Refused(code, words, fields={field: [words]})
