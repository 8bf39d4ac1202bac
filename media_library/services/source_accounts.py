"""What an organization gives so that more works with a host: taken, sealed, tested, forgotten."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import Refused
from core.identifiers import uuid7
from core.jobs import enqueue
from core.models import Job
from core.models.job import LIVE_STATES
from core.secrets import seal
from media_library.models import SourceAccount
from media_library.services.hosts import access_to, credentials_at, job_error
from media_library.sources import SOURCES, Check, Source, SourceError
from media_library.sources.errors import POSTPONED, RETRIED

LONGEST = 10_000  # characters; a private key in base64 has some 2,300


def source_named(name: str) -> Source:
    """Raises Refused unknown_source (404) for a host that takes no credentials, or that nobody knows."""
    source = SOURCES.get(name)
    if source is None or not source.credentials:
        raise Refused("unknown_source", _("There is no such source."), status=404)
    return source


@transaction.atomic
def give_credentials(source: Source, values: Mapping[str, str], *, by: Any) -> SourceAccount:
    """Keep what was given and test it. What is left out or empty stays as it was.

    Raises Refused: invalid_credentials with the fields that are unknown or too long, nothing_given.
    """
    given = _clean(source, values)
    account = SourceAccount.objects.select_for_update(no_key=True).filter(source=source.name).first()
    account = account or SourceAccount(source=source.name)
    kept = {**credentials_at(source.name), **given}
    if not kept:
        raise Refused("nothing_given", _("Nothing was given."))
    account.sealed, account.by = seal(json.dumps(kept)), by
    account.findings, account.checked_at = [], None
    account.save()
    record("credentials_changed", by=by, row=account, detail=", ".join(sorted(given)))
    request_check(account)
    return account


@transaction.atomic
def forget_credentials(account: SourceAccount, *, by: Any) -> None:
    """What was brought in with them stays; what needs them works no longer."""
    record("credentials_removed", by=by, row=account)
    account.delete()


@transaction.atomic
def request_check(account: SourceAccount) -> None:
    """Have them tested soon; while a test is under way that one is enough."""
    if not is_being_checked(account):
        enqueue("check_source", account.pk, key=f"check_source:{account.pk}:{uuid7()}")


def is_being_checked(account: SourceAccount) -> bool:
    return Job.objects.filter(kind="check_source", subject_id=account.pk, state__in=LIVE_STATES).exists()


def check_source(account_id: UUID) -> None:
    """Try what the credentials are for, and write down what works.

    Raises JobPostponed where the host asks for a pause, JobError where it could not be asked.
    """
    account = SourceAccount.objects.filter(pk=account_id).first()
    if account is None:
        return
    findings = [_told(check) for check in findings_of(SOURCES[account.source])]
    SourceAccount.objects.filter(pk=account.pk, sealed=account.sealed).update(findings=findings, checked_at=Now())


def findings_of(source: Source) -> list[Check]:
    """What works now for the organization in scope. Goes out to the host."""
    try:
        return list(source.check(access_to(source)))
    except SourceError as error:
        if error.code in POSTPONED | RETRIED:
            raise job_error(error, source) from error
        return [Check(_("The credentials"), works=False, words=error.message(source.label))]


def _told(check: Check) -> dict[str, Any]:
    return {"what": str(check.what), "works": check.works, "words": str(check.words)}


def _clean(source: Source, values: Mapping[str, str]) -> dict[str, str]:
    known = {one.name for one in source.credentials}
    wrong = {name: [_("This is not asked for.")] for name in values if name not in known}
    wrong |= {name: [_("This is too long.")] for name, value in values.items() if len(value) > LONGEST}
    if wrong:
        raise Refused("invalid_credentials", _("These credentials could not be taken."), fields=wrong)
    return {name: value.strip() for name, value in values.items() if value.strip()}
