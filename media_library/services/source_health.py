"""How it goes with each host: what is here from it, what fails, and whether its credentials work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, Max, Q, Value, When
from django.db.models.functions import Now

from core.models import Job
from core.models.job import JobState
from core.tenancy import current_organization_id
from media_library.models import Media, Outcome, Publication, Rung, SourceAccount
from media_library.models.transcript import Method
from media_library.services.hosts import host_of, opened, pauses
from media_library.sources import SOURCES, Source
from media_library.sources.errors import UNREACHED

LATEST = 3
LATELY = timedelta(days=1)


@dataclass(frozen=True)
class SourceHealth:
    """Of one host. `with_words` of its media have captions of the host's own.

    `paused_until` it is not asked; `described_at` it last told about a video; `closed` are the host's words of the last
    day where it did not answer us when it was asked for captions the last time, empty where it did.
    """

    source: Source
    account: SourceAccount | None
    media: int
    playable: int
    with_words: int
    failing: int
    troubles: Sequence[Job]
    described_at: datetime | None
    paused_until: datetime | None
    closed: str

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def label(self) -> str:
        return self.source.label

    @property
    def state(self) -> str:
        """`failing`, `works`, `unchecked`, or `open` where no credentials were given."""
        if self.account is None:
            return "open"
        if opened(self.account.sealed) is None:
            return "failing"
        return {None: "unchecked", True: "works", False: "failing"}[self.account.works]


def health_of_sources() -> list[SourceHealth]:
    """Of every host, in the order of the registry. Six statements."""
    accounts = {account.source: account for account in SourceAccount.objects.select_related("by")}
    counts, words, troubles, paused, closed = _counts(), _words(), _troubles(), pauses(accounts), _closed()
    return [
        SourceHealth(
            source=source,
            account=accounts.get(source.name),
            with_words=words.get(source.name, 0),
            troubles=troubles.get(source.name, [])[:LATEST],
            failing=len(troubles.get(source.name, [])),
            paused_until=paused.get(source.name),
            closed=closed.get(source.name, ""),
            **counts[source.name],
        )
        for source in SOURCES.values()
    ]


def newest_playing(source: Source) -> Media | None:
    """None where nothing plays from there."""
    playing = Media.objects.present().filter(_of(source), described_at__isnull=False)
    newest: Media | None = playing.order_by("-pk").first()
    return newest


def refused_at(source: Source) -> list[Media]:
    """What its host did not tell about when it was asked last: for want of credentials, or never yet."""
    failed = _troubles().get(source.name, [])
    return [job.media for job in failed if job.error_code == "auth_invalid" or job.media.described_at is None]


def _of(source: Source) -> Q:
    """Its media: those stored under another one's name are its own only."""
    if source.stored_as:
        return Q(source=source.stored_as) & ~Q(**{source.key_field: ""})
    lent = [other.key_field for other in SOURCES.values() if other.stored_as == source.name]
    return Q(source=source.name, **dict.fromkeys(lent, ""))


def _counts() -> dict[str, dict[str, Any]]:
    present = Media.objects.exclude(publication=Publication.ARCHIVED)
    figures: dict[str, Any] = {f"{source.name}_media": Count("pk", filter=_of(source)) for source in SOURCES.values()}
    figures |= {
        f"{source.name}_playable": Count("pk", filter=_of(source) & Q(described_at__isnull=False))
        for source in SOURCES.values()
    }
    figures |= {f"{source.name}_described_at": Max("described_at", filter=_of(source)) for source in SOURCES.values()}
    found = present.aggregate(**figures)
    return {name: {fact: found[f"{name}_{fact}"] for fact in ("media", "playable", "described_at")} for name in SOURCES}


def _words() -> dict[str, int]:
    found = Rung.objects.filter(method=Method.HOST, outcome=Outcome.FOUND)
    figures = {name: Count("media", distinct=True, filter=_within(source)) for name, source in SOURCES.items()}
    return dict(found.aggregate(**figures))


def _within(source: Source) -> Q:
    """The same condition, seen from a row that points to the media."""
    return Q(media__in=Media.objects.filter(_of(source)).values("pk"))


def _closed() -> dict[str, str]:
    """By host, its words where the newest answer of the last day to a question for captions was none to us."""
    hosts = [When(_within(source), then=Value(name)) for name, source in SOURCES.items()]
    asked = Rung.objects.filter(method=Method.HOST, happened_at__gt=Now() - LATELY).exclude(outcome=Outcome.SKIPPED)
    newest = asked.annotate(host=Case(*hosts, default=Value(""), output_field=CharField()))
    rows = newest.order_by("host", "-happened_at").distinct("host").values_list("host", "code", "message")
    return {host: message for host, code, message in rows if code in UNREACHED}


def _troubles() -> dict[str, list[Any]]:
    """What hosts answered last time where it made the work fail, newest first; each with its `media`."""
    asked = Job.objects.filter(organization=current_organization_id(), kind="describe_media")
    newest = asked.order_by("subject_id", "-id").distinct("subject_id")
    failed = Job.objects.filter(pk__in=newest.values("pk"), state=JobState.FAILED).order_by("-id")
    jobs: list[Any] = list(failed)
    media = Media.objects.present().for_list().in_bulk([job.subject_id for job in jobs])
    troubles: dict[str, list[Any]] = {}
    for job in jobs:
        job.media = media.get(job.subject_id)
        host = host_of(job.media) if job.media else None
        if host is not None:
            troubles.setdefault(host.name, []).append(job)
    return troubles
