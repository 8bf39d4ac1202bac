"""Which host a media item is at, and how it is reached from here."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings

from accounts.models import Organization
from core import pace
from core.fetch import Fetcher, Turn, no_turn, origin_of
from core.jobs import JobError, JobPostponed
from core.secrets import unseal
from core.tenancy import current_organization_id
from media_library.models import Media, SourceAccount
from media_library.sources import SOURCES, Access, Reference, Source, SourceError
from media_library.sources.errors import POSTPONED, RETRIED

RATE_LIMITED = "rate_limited"
PAUSE_SECONDS = 60.0  # where a host asks for a pause and does not say how long


def host_of(media: Media) -> Source | None:
    """None for what was uploaded."""
    lent = (host for host in SOURCES.values() if host.stored_as == media.source and getattr(media, host.key_field))
    return next(lent, SOURCES.get(media.source))


def reference_of(media: Media) -> Reference:
    """What the media item is called at its host. Raises LookupError for what was uploaded."""
    host = host_of(media)
    if host is None:
        raise LookupError(f"{media.pk} is at no host.")
    found = host.recognize(media.source_url)
    return found if isinstance(found, Reference) else Reference(host.name, getattr(media, host.key_field))


def access_to(host: Source) -> Access:
    """The way to a host for the organization in scope: each request takes its turn, whatever it is for. Two statements.

    Whatever asks raises JobPostponed, `rate_limited`, while the host is asked as much as it may be, or rests.
    """
    languages = Organization.objects.values_list("caption_languages", flat=True).get(pk=current_organization_id())
    credentials = credentials_at(host.name)
    turn = partial(_take_turn, host, _whom(host, credentials))
    return access_with(host, credentials, languages=languages, take_turn=turn)


def access_with(
    host: Source, credentials: Mapping[str, str], *, languages: list[str] | None = None, take_turn: Turn = no_turn
) -> Access:
    """With these credentials: for what asks the host nothing, and for pictures, which lie elsewhere."""
    options = settings.SOURCES[host.name]
    return Access(
        http=Fetcher(trusted=_trusted(host, options), proxy=options.get("proxy", ""), take_turn=take_turn),
        options=options,
        credentials=credentials,
        languages=languages or ["en"],
        site=settings.SITE_URL.rstrip("/"),
    )


def credentials_at(source: str) -> dict[str, str]:
    """Those that the organization in scope gave; none where it gave none."""
    return credentials_in(SourceAccount.objects.filter(source=source).values_list("sealed", flat=True).first())


def credentials_in(sealed: str | None) -> dict[str, str]:
    """What was sealed of an account; nothing of none, and of what was sealed under a key that is here no more."""
    return (opened(sealed) if sealed else None) or {}


def opened(sealed: str) -> dict[str, str] | None:
    """None where it was sealed under another SECRET_KEY, which is not among the fallbacks."""
    try:
        found: dict[str, str] = json.loads(unseal(sealed))
    except InvalidToken:
        return None
    return found


def job_error(error: SourceError, host: Source) -> JobError | JobPostponed:
    """How work ends that a host did not give what it needs: tried again, put off, or failed for good.

    The one place where a pause begins: where the host asked for one, all that ask it in the same name rest.
    """
    message = error.message(host.label)
    if error.code in POSTPONED:
        delay = min(error.delay or PAUSE_SECONDS, pace.LONGEST_HOLD)
        if error.code == RATE_LIMITED:
            pace.hold(_whom(host, credentials_at(host.name)), delay)
        return JobPostponed(error.code, message, delay=delay, detail=error.detail)
    return JobError(error.code, message, detail=error.detail, permanent=error.code not in RETRIED)


def pauses(accounts: Mapping[str, SourceAccount]) -> dict[str, datetime]:
    """Until when hosts are not asked for the organization in scope, whose accounts those are. One statement."""
    credentials = {name: credentials_in(account.sealed) for name, account in accounts.items()}
    whom = {_whom(host, credentials.get(name, {})): name for name, host in SOURCES.items()}
    return {whom[key]: until for key, until in pace.holds(whom).items()}


def _take_turn(host: Source, whom: str) -> None:
    """The pace is that of the whole installation; a pause is of whoever was asked for it."""
    waits = pace.held(whom)
    if not waits and (allowed := host.pace_with(settings.SOURCES[host.name])) is not None:
        limit, seconds = allowed
        waits = pace.take(host.name, limit=limit, seconds=seconds)
    if waits:
        raise JobPostponed(RATE_LIMITED, SourceError(RATE_LIMITED).message(host.label), delay=waits)


def _whom(host: Source, credentials: Mapping[str, str]) -> str:
    """As whom the host knows us: as an organization, or as this installation."""
    return f"{host.name}:{current_organization_id() if credentials else 'anyone'}"


def _trusted(host: Source, options: Mapping[str, Any]) -> frozenset[str]:
    """The origins that the operator set, wherever they are; a host's own must be public. A proxy is nowhere to go."""
    changed = (options[one.name] for one in host.options if one.name != "proxy" and options[one.name] != one.default)
    return frozenset(origin_of(value) for value in changed if isinstance(value, str) and "://" in value)
