"""What an organization gives so that more works with a host: taken, sealed, tested, forgotten."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import Refused
from core.identifiers import uuid7
from core.jobs import enqueue
from core.models import Job
from core.models.job import LIVE_STATES
from core.secrets import seal
from media_library.models import SourceAccount
from media_library.services.describing import ask_host
from media_library.services.hosts import access_to, credentials_in, job_error, opened, reference_of
from media_library.services.source_health import newest_playing, refused_at
from media_library.sources import SOURCES, Check, Source, SourceError
from media_library.sources.errors import POSTPONED, RETRIED, UNREACHED

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
    account, _is_new = SourceAccount.objects.select_for_update(no_key=True).get_or_create(source=source.name)
    kept = {**credentials_in(account.sealed), **given}
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
    """Try what the credentials are for, and write down what works; what failed without them is asked about again.

    Raises JobPostponed where the host asks for a pause, JobError where it could not be asked.
    """
    account = SourceAccount.objects.filter(pk=account_id).first()
    if account is None:
        return
    had_worked = account.works
    checks = [_lost()] if is_lost(account) else findings_of(SOURCES[account.source])
    account.findings, account.checked_at = [_told(check) for check in checks], timezone.now()
    facts = {"findings": account.findings, "checked_at": account.checked_at}
    is_same = SourceAccount.objects.filter(pk=account.pk, sealed=account.sealed).update(**facts)
    if is_same and account.works and not had_worked:
        for media in refused_at(SOURCES[account.source]):
            ask_host(media)


def findings_of(source: Source) -> list[Check]:
    """What works now for the organization in scope. Goes out to the host."""
    try:
        return list(source.check(access_to(source)))
    except SourceError as error:
        if error.code in POSTPONED | RETRIED:
            raise job_error(error, source) from error
        return [Check(_("The credentials"), works=False, words=error.message(source.label))]


def is_lost(account: SourceAccount) -> bool:
    """Whether it was sealed under a SECRET_KEY that is here no more: it counts for nothing until it is given again."""
    return opened(account.sealed) is None


def findings_on(account: SourceAccount) -> list[dict[str, Any]]:
    """What the last test found, unless nothing of that holds any more."""
    return [_told(_lost())] if is_lost(account) else account.findings


def way_to(source: Source) -> list[dict[str, Any]]:
    """Whether a host without credentials answers, tried on the newest media that plays from there; none without any.

    Goes out to the host. Raises JobPostponed.
    """
    media = newest_playing(source)
    if media is None:
        return []
    access, reference = access_to(source), reference_of(media)
    tried: list[tuple[str, Callable[[], object]]] = [
        (_("Tells about videos"), lambda: source.describe(reference, access)),
        (_("Gives its captions"), lambda: source.captions(reference, access)),
    ]
    return [_told(_tried(what, source, ask)) for what, ask in tried]


def _tried(what: str, source: Source, ask: Callable[[], object]) -> Check:
    """What is wrong with one video says nothing about the way there."""
    try:
        ask()
    except SourceError as error:
        if error.code in POSTPONED:
            raise job_error(error, source) from error
        return Check(what, works=False if error.code in UNREACHED else None, words=error.message(source.label))
    return Check(what, works=True)


def _lost() -> Check:
    words = _("They were stored under another key of this installation. Please give them again.")
    return Check(_("The credentials"), works=False, words=words)


def _told(check: Check) -> dict[str, Any]:
    return {"what": str(check.what), "works": check.works, "words": str(check.words)}


def _clean(source: Source, values: Mapping[str, str]) -> dict[str, str]:
    known = {one.name for one in source.credentials}
    wrong = {name: [_("This is not asked for.")] for name in values if name not in known}
    wrong |= {name: [_("This is too long.")] for name, value in values.items() if len(value) > LONGEST}
    if wrong:
        raise Refused("invalid_credentials", _("These credentials could not be taken."), fields=wrong)
    return {name: value.strip() for name, value in values.items() if value.strip()}
