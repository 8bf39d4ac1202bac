"""Synchronizing the courses of a host: by a job or by hand, with answers that stand in an import of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Refused
from core.identifiers import uuid7
from core.jobs import JobError, Run, enqueue
from core.models import Job
from core.models.job import LIVE_STATES
from media_library.models import Import, ImportRow, SourceAccount
from media_library.models.importing import ImportFormat, RowState
from media_library.services.hosts import job_error
from media_library.services.lessons import LessonAnswer, Outcome, sync_lessons
from media_library.sources import SOURCES, Source, SourceError

STATES = {
    Outcome.ADDED: RowState.ADDED,
    Outcome.UPDATED: RowState.HERE,
    Outcome.UNCHANGED: RowState.HERE,
    Outcome.SKIPPED: RowState.REFUSED,
}


@transaction.atomic
def request_sync(account: SourceAccount, *, by: Any) -> Job:
    """Put it in line, unless it stands there or is going on. Raises Refused no_lessons."""
    if not (host := SOURCES.get(account.source)) or not host.has_lessons:
        raise Refused("no_lessons", _("This source has no lessons."), status=409)
    SourceAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    going_on = _jobs_of(account).filter(state__in=LIVE_STATES).first()
    payload = {"by": str(by.pk)} if by else {}
    return going_on or enqueue("sync_lessons", account.pk, key=f"sync_lessons:{account.pk}:{uuid7()}", payload=payload)


def last_sync(account: SourceAccount) -> Job | None:
    """The one that goes on, or the last that ended; an import of its key holds its answers, if there were any."""
    return _jobs_of(account).order_by("-pk").first()


def sync_account(account_id: UUID, *, run: Run) -> None:
    """Raises JobError, JobPostponed. What was read before a pause is not read again after it."""
    account = SourceAccount.objects.filter(pk=account_id).first()
    if account is None:
        raise JobError("gone", _("These credentials were removed before the work began."), permanent=True)
    by = User.objects.filter(pk__in=filter(None, [run.payload.get("by")])).first()
    for _answer in synchronize(SOURCES[account.source], into=run.job.pk, by=by):
        run.check()


def synchronize(host: Source, *, into: UUID, by: Any) -> Iterator[LessonAnswer]:
    """Each answer, once it stands in the import of that key; of a lesson that stands there already none.

    Raises JobError, JobPostponed.
    """
    known = list(ImportRow.objects.filter(batch=into).values_list("facts__lesson", flat=True))
    with _words_of(host):
        answers = sync_lessons(host, by=by, known=frozenset(known))
        for position, answer in enumerate(answers, len(known) + 1):
            _keep(answer, host, into=into, position=position, by=by)
            yield answer


def foreseen_lessons(host: Source) -> Iterator[LessonAnswer]:
    """What `synchronize` would answer. Nothing is written. Raises JobError, JobPostponed."""
    with _words_of(host):
        yield from sync_lessons(host, by=None, dry_run=True)


@contextmanager
def _words_of(host: Source) -> Iterator[None]:
    try:
        yield
    except SourceError as error:
        raise job_error(error, host) from error


@transaction.atomic
def _keep(answer: LessonAnswer, host: Source, *, into: UUID, position: int, by: Any) -> None:
    batch, _is_new = Import.objects.get_or_create(
        pk=into, defaults={"by": by, "format": ImportFormat.JSON, "name": host.label}
    )
    ImportRow.objects.create(
        batch=batch, position=position, facts={"title": answer.lesson.title, "lesson": answer.lesson.key},
        state=STATES[answer.outcome], media=answer.media, code=answer.code, message=answer.message,
    )  # fmt: skip


def _jobs_of(account: SourceAccount) -> Any:
    return Job.objects.filter(kind="sync_lessons", subject_id=account.pk)
