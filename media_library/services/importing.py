"""Bringing in what creators have elsewhere: each row is answered on its own, and nothing is half imported."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from core.identifiers import uuid7
from core.jobs import cancel_job, enqueue
from core.models import Job
from core.models.job import LIVE_STATES, JobState
from media_library.importing import PROBLEMS, Row
from media_library.importing.rows import refuse_too_many
from media_library.models import Import, ImportRow, RowState
from media_library.services.import_answers import Answer, answers_to
from media_library.services.import_rows import is_list, keep_answers, settle_row

AT_ONCE = 20  # videos that become media in the request of whoever brings them; the others in a job
MOMENT = timedelta(seconds=5)  # until which a request has done its own rows
SOON = timedelta(seconds=30)  # what begins again within that is going on
ENDED_BADLY = (JobState.FAILED, JobState.CANCELLED)
RETRIED = ~Q(code__in=list(PROBLEMS)) & ~Q(address="")  # what is wrong with a row itself stays wrong


def preview_import(rows: Sequence[Row]) -> list[Answer]:
    """What `start_import` would do with each row. Writes nothing, asks nobody.

    Raises Refused: empty, too_many_rows.
    """
    _refuse_size(rows)
    return answers_to(rows)


def start_import(rows: Sequence[Row], *, format: str, name: str = "", by: Any) -> Import:
    """Take the rows in, answer those that can be answered at once, and put the rest in line.

    However many there are, the rows themselves take the same few statements. Raises Refused: empty, too_many_rows.
    """
    _refuse_size(rows)
    with transaction.atomic():
        batch: Import = Import.objects.create(format=format, name=name[:255], by=by)
        kept = keep_answers(batch, answers_to(rows))
        waiting = [row for row in kept if row.state == RowState.WAITING]
        put_in_line(batch, waiting)
    _settle_some(waiting)
    return batch


def retry_import(batch: Import, *, by: Any) -> int:
    """Try the rows again that were refused for what may have passed. Answers how many.

    Raises Refused `nothing_to_retry` (409).
    """
    with transaction.atomic():
        again = list(ImportRow.objects.select_for_update().filter(RETRIED, batch=batch, state=RowState.REFUSED))
        if not again:
            words = _("Nothing in this import can be tried again: what was refused would be refused again.")
            raise Refused("nothing_to_retry", words, status=409)
        keys = [row.pk for row in again]
        ImportRow.objects.filter(pk__in=keys).update(state=RowState.WAITING, code="", message="")
        put_in_line(batch, again)
    _settle_some(again)
    return len(again)


@transaction.atomic
def stop_import(batch: Import, *, by: Any) -> None:
    """What waits is refused, at once or as soon as the work notices, and can be tried again.

    Raises Refused `nothing_to_stop` (409).
    """
    if not ImportRow.objects.filter(batch=batch, state=RowState.WAITING).exists():
        raise Refused("nothing_to_stop", _("Nothing in this import is going on."), status=409)
    for job in _jobs_of(batch.pk):
        cancel_job(job)


def goes_on_at(batch: Import) -> datetime | None:
    """When the work on it begins again that is put off; None where it is going on, or has ended."""
    jobs = list(_jobs_of(batch.pk))
    later = [job.available_at for job in jobs if job.state == JobState.QUEUED]
    soonest = min(later) if later and len(later) == len(jobs) else None
    return soonest if soonest and soonest > timezone.now() + SOON else None


def put_in_line(batch: Import, waiting: Sequence[ImportRow]) -> None:
    """A job for what waits. Where a request does all of it by itself, the job comes in case that it does not."""
    if waiting:
        delay = MOMENT if len(waiting) <= AT_ONCE and not any(map(is_list, waiting)) else None
        enqueue("settle_import", batch.pk, key=f"settle_import:{batch.pk}:{uuid7()}", delay=delay)


def counts_of(batches: Iterable[Import]) -> dict[UUID, dict[str, int]]:
    """How many rows of each import are in each state. One statement."""
    found = ImportRow.objects.filter(batch__in=list(batches)).order_by().values("batch_id", "state")
    counts = {batch.pk: dict.fromkeys(RowState.values, 0) for batch in batches}
    for one in found.annotate(rows=Count("pk")):
        counts[one["batch_id"]][one["state"]] = one["rows"]
    return counts


def can_retry(batch: Import) -> bool:
    return ImportRow.objects.filter(RETRIED, batch=batch, state=RowState.REFUSED).exists()


def follow_import(job: Job) -> None:
    """No row waits for work that has ended for good: it says why, and can be tried again."""
    if job.kind != "settle_import" or job.subject_id is None or job.state not in ENDED_BADLY:
        return
    if not _jobs_of(job.subject_id).exists():
        waiting = ImportRow.objects.filter(batch=job.subject_id, state=RowState.WAITING)
        waiting.update(state=RowState.REFUSED, **_words_for_end(job))


def _words_for_end(job: Job) -> dict[str, str]:
    """What a cancelled job was put off for before no longer matters."""
    if job.state == JobState.CANCELLED:
        return {"code": "cancelled", "message": _("This was stopped.")}
    return {"code": job.error_code, "message": job.error_message}


def _jobs_of(batch_id: UUID) -> QuerySet[Job]:
    return Job.objects.filter(kind="settle_import", subject_id=batch_id, state__in=LIVE_STATES)


def _settle_some(waiting: Sequence[ImportRow]) -> None:
    for row in [row for row in waiting if not is_list(row)][:AT_ONCE]:
        settle_row(row.pk, skips_busy=True)


def _refuse_size(rows: Sequence[Row]) -> None:
    if not rows:
        words = _("There is nothing to import.")
        raise Refused("empty", words, fields={"addresses": [words]})
    refuse_too_many(len(rows))
