"""Which host a media item is at, and how it is reached from here."""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from accounts.models import Organization
from core.fetch import Fetcher, origin_of
from core.jobs import JobError, JobPostponed
from core.secrets import unseal
from core.tenancy import current_organization_id
from media_library.models import Media, SourceAccount
from media_library.sources import SOURCES, Access, Reference, Source, SourceError
from media_library.sources.errors import POSTPONED, RETRIED

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
    """The way to a host for the organization in scope. Two statements."""
    languages = Organization.objects.values_list("caption_languages", flat=True).get(pk=current_organization_id())
    return access_with(host, credentials_at(host.name), languages=languages)


def access_with(host: Source, credentials: Mapping[str, str], *, languages: list[str] | None = None) -> Access:
    """With these credentials: for those that were just typed, and for playing, which needs no preferred language."""
    options = settings.SOURCES[host.name]
    return Access(
        http=Fetcher(trusted=_trusted(options), proxy=options.get("proxy", "")),
        options=options,
        credentials=credentials,
        languages=languages or ["en"],
        site=settings.SITE_URL.rstrip("/"),
    )


def credentials_at(source: str) -> dict[str, str]:
    """Those that the organization in scope gave; none where it gave none."""
    sealed = SourceAccount.objects.filter(source=source).values_list("sealed", flat=True).first()
    found: dict[str, str] = json.loads(unseal(sealed)) if sealed else {}
    return found


def job_error(error: SourceError, host: Source) -> JobError | JobPostponed:
    """How a job ends that a host did not give what it needs: tried again, put off, or failed for good."""
    message = error.message(host.label)
    if error.code in POSTPONED:
        return JobPostponed(error.code, message, delay=error.delay or PAUSE_SECONDS, detail=error.detail)
    return JobError(error.code, message, detail=error.detail, permanent=error.code not in RETRIED)


def _trusted(options: Mapping[str, Any]) -> frozenset[str]:
    """The origins that the operator set, wherever they are."""
    return frozenset(origin_of(value) for value in options.values() if isinstance(value, str) and "://" in value)
