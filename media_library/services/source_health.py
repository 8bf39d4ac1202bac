"""How it goes with each host: what is here from it, what fails, and whether its credentials work."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from core.models import Job
from core.models.job import JobState
from core.tenancy import current_organization_id
from media_library.models import Media, Outcome, Publication, Rung, SourceAccount
from media_library.models.transcript import Method
from media_library.services.hosts import host_of
from media_library.sources import SOURCES, Source

LATEST = 3


@dataclass(frozen=True)
class SourceHealth:
    """Of one host. `with_words` of its media have captions of the host's own."""

    source: Source
    account: SourceAccount | None
    media: int
    playable: int
    with_words: int
    failing: int
    troubles: Sequence[Job]

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
        return {None: "unchecked", True: "works", False: "failing"}[self.account.works]


def health_of_sources() -> list[SourceHealth]:
    """Of every host, in the order of the registry. Four statements."""
    accounts = {account.source: account for account in SourceAccount.objects.select_related("by")}
    counts, words, troubles = _counts(), _words(), _troubles()
    return [
        SourceHealth(
            source=source,
            account=accounts.get(source.name),
            with_words=words.get(source.name, 0),
            troubles=troubles.get(source.name, [])[:LATEST],
            failing=len(troubles.get(source.name, [])),
            **counts.get(source.name, {"media": 0, "playable": 0}),
        )
        for source in SOURCES.values()
    ]


def _of(source: Source) -> Q:
    """Its media: those stored under another one's name are its own only."""
    if source.stored_as:
        return Q(source=source.stored_as) & ~Q(**{source.key_field: ""})
    lent = [other.key_field for other in SOURCES.values() if other.stored_as == source.name]
    return Q(source=source.name, **dict.fromkeys(lent, ""))


def _counts() -> dict[str, dict[str, int]]:
    present = Media.objects.exclude(publication=Publication.ARCHIVED)
    figures = {f"{source.name}_media": Count("pk", filter=_of(source)) for source in SOURCES.values()}
    figures |= {
        f"{source.name}_playable": Count("pk", filter=_of(source) & Q(described_at__isnull=False))
        for source in SOURCES.values()
    }
    found = present.aggregate(**figures)
    return {name: {"media": found[f"{name}_media"], "playable": found[f"{name}_playable"]} for name in SOURCES}


def _words() -> dict[str, int]:
    found = Rung.objects.filter(method=Method.HOST, outcome=Outcome.FOUND)
    figures = {name: Count("media", distinct=True, filter=_within(source)) for name, source in SOURCES.items()}
    return dict(found.aggregate(**figures))


def _within(source: Source) -> Q:
    """The same condition, seen from a row that points to the media."""
    return Q(media__in=Media.objects.filter(_of(source)).values("pk"))


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
