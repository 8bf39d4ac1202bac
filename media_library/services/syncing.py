"""Synchronizing the courses of a host as a job, whose answers stand in an import of their own."""

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
from media_library.sources import SOURCES, SourceError

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
    going_on = Job.objects.filter(kind="sync_lessons", subject_id=account.pk, state__in=LIVE_STATES).first()
    payload = {"by": str(by.pk)} if by else {}
    return going_on or enqueue("sync_lessons", account.pk, key=f"sync_lessons:{account.pk}:{uuid7()}", payload=payload)


def sync_account(account_id: UUID, *, run: Run) -> None:
    """Raises JobError, JobPostponed. What was read before a pause is not read again after it."""
    account = SourceAccount.objects.filter(pk=account_id).first()
    if account is None:
        raise JobError("gone", "These credentials were removed before the work began.", permanent=True)
    host = SOURCES[account.source]
    by = User.objects.filter(pk__in=filter(None, [run.payload.get("by")])).first()
    facts = {"by": by, "format": ImportFormat.JSON, "name": host.label}
    batch, _is_new = Import.objects.get_or_create(pk=run.job.pk, defaults=facts)
    try:
        known = frozenset(batch.rows.values_list("facts__lesson", flat=True))
        for answer in sync_lessons(host, by=by, known=known):
            run.check()
            _keep(batch, answer)
    except SourceError as error:
        raise job_error(error, host) from error


def _keep(batch: Import, answer: LessonAnswer) -> None:
    ImportRow.objects.create(
        batch=batch, position=batch.rows.count() + 1, facts={"title": answer.lesson.title, "lesson": answer.lesson.key},
        state=STATES[answer.outcome], media=answer.media, code=answer.code, message=answer.message,
    )  # fmt: skip
