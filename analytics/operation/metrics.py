"""The metrics there are. README lists them; a test compares."""

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from django.utils import timezone

from analytics.operation import measures
from analytics.operation.exposition import Family, Sample
from analytics.operation.measures import Ended, LaneFigures
from core.jobs.liveness import seconds_of_silence
from media_library.services.paying import begin_of_month
from media_library.services.space import disks
from media_library.services.storage_report import bytes_by_kind


def families() -> Iterator[Family]:
    """All of the installation, asked in the scope of every organization. About a dozen statements."""
    yield from _of_lanes(measures.lanes())
    yield from _of_work(measures.ended_by_kind())
    yield from _of_sources(measures.ended_by_source())
    yield from _of_files()
    yield Family("lectern_ai_cost_dollars", "US dollars paid to model providers, by period: the last 24 hours, or this "
                 "month in UTC.", _costs())  # fmt: skip
    yield Family("lectern_worker_silence_seconds", "Since a worker was last seen, on whichever machine; 86400 at most.",
                 [({}, seconds_of_silence())])  # fmt: skip


def _of_lanes(lanes: list[LaneFigures]) -> Iterator[Family]:
    def of(figure: str) -> list[Sample]:
        return [({"lane": one.lane}, getattr(one, figure)) for one in lanes]

    yield Family("lectern_jobs_waiting", "Jobs that wait for a worker.", of("waiting"))
    yield Family("lectern_jobs_scheduled", "Jobs that are put off until later.", of("scheduled"))
    yield Family("lectern_jobs_running", "Jobs that are being worked on.", of("running"))
    yield Family("lectern_jobs_oldest_waiting_seconds", "For how long the oldest job has waited for a worker.",
                 of("oldest_seconds"))  # fmt: skip


def _of_work(kinds: list[Ended]) -> Iterator[Family]:
    yield Family("lectern_last_hour_jobs", "Jobs that ended in the last hour.", _outcomes("kind", kinds))
    yield Family("lectern_last_hour_job_seconds", "Seconds that jobs which ended in the last hour took, together.",
                 [({"kind": one.of}, one.seconds) for one in kinds])  # fmt: skip
    yield Family("lectern_last_hour_job_seconds_max", "Seconds that the longest of them took.",
                 [({"kind": one.of}, one.longest) for one in kinds])  # fmt: skip
    yield Family("lectern_jobs_dead", "Jobs of which no attempt is left.", _by("kind", measures.dead_jobs()))


def _of_sources(sources: list[Ended]) -> Iterator[Family]:
    yield Family("lectern_last_hour_media_steps", "Steps of media that ended in the last hour.",
                 _outcomes("source", sources))  # fmt: skip
    yield Family("lectern_last_hour_media_failure_ratio", "Failed steps of those that failed or succeeded, 0 to 1.",
                 [({"source": one.of}, one.failure_ratio) for one in sources])  # fmt: skip
    yield Family("lectern_media_failed", "Media that could not be prepared.", _by("source", measures.failed_media()))


def _of_files() -> Iterator[Family]:
    found = disks()
    yield Family("lectern_storage_bytes", "Bytes that files take, by what they are.", _by("kind", bytes_by_kind()))
    yield Family("lectern_disk_free_bytes", "Bytes free where files are written.",
                 [({"disk": name}, disk.free) for name, disk in found.items()])  # fmt: skip
    yield Family("lectern_disk_size_bytes", "Bytes that the disk has.",
                 [({"disk": name}, disk.total) for name, disk in found.items()])  # fmt: skip


def _outcomes(label: str, rows: Iterable[Ended]) -> list[Sample]:
    outcomes = ("succeeded", "failed", "cancelled")
    return [({label: one.of, "outcome": outcome}, getattr(one, outcome)) for one in rows for outcome in outcomes]


def _costs() -> list[Sample]:
    periods = {"day": timezone.now() - measures.LAST_DAY, "month": begin_of_month(ZoneInfo("UTC"))}
    return [
        ({"period": period, "purpose": purpose}, float(cost))
        for period, since in periods.items()
        for purpose, cost in measures.ai_cost(since).items()
    ]


def _by(label: str, counts: dict[str, int]) -> list[Sample]:
    return [({label: name}, count) for name, count in counts.items()]
