"""A row of an import becomes media, or says why not; a list becomes rows of its own."""

from collections.abc import Callable, Iterable, Sequence
from itertools import count, islice
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import Refused
from core.jobs import JobError, JobPostponed, Run
from media_library.importing import Row
from media_library.importing.rows import BadRow
from media_library.models import Import, ImportRow, RowState
from media_library.services.hosts import access_to, job_error
from media_library.services.import_answers import Answer, answers_to, named_by, note_on, words_for_here
from media_library.services.import_media import bring_in
from media_library.sources import SOURCES, Collection, SourceError

MOST_IN_A_LIST = 5_000
ROWS_A_LOOK, ROWS_A_REPORT = 100, 20

Later = JobError | JobPostponed


def keep_answers(batch: Import, answers: Sequence[Answer], *, found_in: ImportRow | None = None) -> list[ImportRow]:
    """Write down the rows: those whose answer is final with it, the others waiting."""
    rows = [_kept(batch, answer, found_in) for answer in answers]
    return list(ImportRow.objects.bulk_create(rows, batch_size=1_000))


def is_list(row: ImportRow) -> bool:
    """Whether it takes the network to know what it holds."""
    try:
        return isinstance(named_by(row.address), Collection)
    except BadRow:
        return False


def settle_import(batch_id: UUID, *, run: Run) -> None:
    """Bring every row that waits to its end. Killed and begun again, it goes on where it was.

    A row whose host does not answer now keeps waiting, and the job with it; at the last attempt it is refused in the
    words of its host. Raises JobError, JobPostponed.
    """
    rows = count()

    def next_row() -> None:
        run.check()
        if next(rows) % ROWS_A_REPORT == 0:
            run.report(_percent_done(batch_id))

    later = settle_waiting(batch_id, is_last=run.job.attempt >= run.job.max_attempts, before_each=next_row)
    if later:
        raise next((one for one in later if isinstance(one, JobPostponed)), later[0])


def settle_waiting(batch_id: UUID, *, is_last: bool, before_each: Callable[[], object]) -> list[Later]:
    """Each row in a transaction of its own, those too that lists turn out to hold. Answers why some go on waiting."""
    later: dict[UUID, Later] = {}
    while rows := _waiting(batch_id, without=later):
        for row in rows:
            before_each()
            if (put_off := _settle(row, is_last=is_last)) is not None:
                later[row.pk] = put_off
                _tell_why(row.pk, put_off)
    return list(later.values())


@transaction.atomic
def settle_row(key: UUID, *, skips_busy: bool = False) -> None:
    """The video of a waiting row becomes media; whoever comes second finds it settled. Lists are left alone."""
    row = _held(key, skips_busy=skips_busy)
    if row is None or is_list(row):
        return
    try:
        named = named_by(row.address)
        media, is_new = bring_in(named, row.facts, by=row.batch.by)  # type: ignore[arg-type]
    except (BadRow, Refused) as refusal:
        _end(row, RowState.REFUSED, refusal.code, refusal.message)
        return
    row.media = media
    if is_new:
        _end(row, RowState.ADDED, "", note_on(named, row.facts))
    else:
        _end(row, RowState.HERE, *words_for_here(media, named))


def _settle(row: ImportRow, *, is_last: bool) -> Later | None:
    """Answers why it has to wait."""
    if is_list(row):
        return _expand(row, named_by(row.address), is_last=is_last)  # type: ignore[arg-type]
    settle_row(row.pk)
    return None


def _expand(row: ImportRow, listed: Collection, *, is_last: bool) -> Later | None:
    """Ask the host what a list holds, and then write all of it or nothing. Answers why it has to wait."""
    host = SOURCES[listed.source]
    try:
        found = list(islice(host.items(listed, access_to(host)), MOST_IN_A_LIST + 1))
    except JobPostponed as not_our_turn:
        return not_our_turn
    except SourceError as error:
        later = job_error(error, host)
        if isinstance(later, JobPostponed) or not (later.permanent or is_last):
            return later
        _refuse(row.pk, error.code, error.message(host.label))
        return None
    rows = [Row(0, host.address(one)) for one in found[:MOST_IN_A_LIST]]
    _list(row.pk, rows, has_more=len(found) > MOST_IN_A_LIST)
    return None


@transaction.atomic
def _list(key: UUID, children: Sequence[Row], *, has_more: bool) -> None:
    row = _held(key)
    if row is None:
        return
    if not children:
        _end(row, RowState.REFUSED, "empty_list", _("This list holds no videos."))
        return
    keep_answers(row.batch, answers_to(children), found_in=row)
    words = ngettext("%(count)d video.", "%(count)d videos.", len(children)) % {"count": len(children)}
    if has_more:
        words += " " + _("More are not taken from one list.")
    _end(row, RowState.LISTED, "", words)


def _tell_why(key: UUID, put_off: Later) -> None:
    """It goes on waiting, and meanwhile says for what."""
    waiting = ImportRow.objects.filter(pk=key, state=RowState.WAITING)
    waiting.update(code=put_off.code[:40], message=put_off.message[:500])


@transaction.atomic
def _refuse(key: UUID, code: str, message: str) -> None:
    if (row := _held(key)) is not None:
        _end(row, RowState.REFUSED, code, message)


def _held(key: UUID, *, skips_busy: bool = False) -> ImportRow | None:
    """A row that waits still, held until the end of the transaction."""
    waiting = ImportRow.objects.filter(pk=key, state=RowState.WAITING).select_related("batch__by")
    found: ImportRow | None = waiting.select_for_update(of=("self",), skip_locked=skips_busy).first()
    return found


def _end(row: ImportRow, state: RowState, code: str, message: str) -> None:
    row.state, row.code, row.message = state, code[:40], message[:500]
    row.save(update_fields=["state", "code", "message", "media"])


def _waiting(batch_id: UUID, *, without: Iterable[UUID]) -> list[ImportRow]:
    rows = ImportRow.objects.filter(batch=batch_id, state=RowState.WAITING).exclude(pk__in=list(without))
    return list(rows.order_by("pk")[:ROWS_A_LOOK])


def _percent_done(batch_id: UUID) -> float:
    rows = ImportRow.objects.filter(batch=batch_id)
    return 100 * (1 - rows.filter(state=RowState.WAITING).count() / max(rows.count(), 1))


def _kept(batch: Import, answer: Answer, found_in: ImportRow | None) -> ImportRow:
    told = {"code": answer.code, "message": answer.message[:500], "state": answer.state}
    return ImportRow(
        batch=batch, position=answer.row.position, address=answer.row.address, facts=dict(answer.row.facts),
        found_in=found_in, media=answer.media, **({} if answer.waits else told),
    )  # fmt: skip
