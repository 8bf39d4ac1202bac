"""One attempt at a job, as the working function sees it."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction

from core.jobs import lease
from core.jobs.errors import JobError, LeaseLost
from core.models.job import Job

SECONDS_BETWEEN_REPORTS = 1.0
LONGEST_BEAT = 2.0  # seconds; with what FFmpeg may take to end, a cancelled job is gone within ten


class Heartbeat:
    """Keeps the lease from a thread of its own, and notices why the work should stop."""

    def __init__(self, job: Job, *, time_limit: float) -> None:
        self.job = job
        self.deadline = time.monotonic() + time_limit
        self.lost = self.cancelled = False
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"lease of {job.pk}", daemon=True)

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join(timeout=10)

    @property
    def overdue(self) -> bool:
        return time.monotonic() > self.deadline

    def _beat(self) -> None:
        """After the time limit nothing extends the lease: work stuck in foreign code is taken over by the reaper."""
        try:
            while not self._done.wait(min(settings.JOB_LEASE_SECONDS / 9, LONGEST_BEAT)) and not self.overdue:
                self._extend()
        except LeaseLost:
            self.lost = True
        finally:
            connection.close()

    def _extend(self) -> None:
        """A database that is away for a moment is no reason to give up: the lease outlasts several beats."""
        try:
            self.cancelled = lease.extend(self.job)
        except LeaseLost:
            raise
        except Exception:  # whatever the driver raises while the server restarts
            connection.close()


class Run:
    """Handed to the working function: what to work on, how to report, how to publish."""

    def __init__(self, job: Job, heartbeat: Heartbeat) -> None:
        self.job = job
        self.heartbeat = heartbeat
        self.published = False
        self._reported = 0.0

    @property
    def subject_id(self) -> UUID:
        if self.job.subject_id is None:
            raise LookupError(f"{self.job} has no subject.")
        return self.job.subject_id

    @property
    def payload(self) -> dict[str, Any]:
        return self.job.payload

    @property
    def attempt_name(self) -> str:
        """Unlike that of any other attempt: a folder of this name is nobody else's."""
        return f"{self.job.pk}-{self.job.lease_token}"

    def report(self, percent: float, step: str = "") -> None:
        """Tell how far the work is (0–100); at most once a second it reaches the database."""
        now = time.monotonic()
        if now - self._reported >= SECONDS_BETWEEN_REPORTS or percent >= 100:
            self._reported = now
            lease.report(self.job, percent, step or self.job.stage)

    def tell_command(self, argv: Sequence[str], exit_code: int | None = None) -> None:
        """Keep for operators which program runs, and once it has ended its exit code. Nothing secret may be in it.

        A database that is away for a moment is no reason to stop: the lease is what decides.
        """
        try:
            lease.tell_command(self.job, argv, exit_code)
        except (OperationalError, InterfaceError):
            connection.close()

    def should_stop(self) -> bool:
        """Cheap enough to ask ten times a second."""
        return self.heartbeat.lost or self.heartbeat.cancelled or self.heartbeat.overdue

    def check(self) -> None:
        """Raise what `should_stop` means: LeaseLost, or a JobError `cancelled` or `timed_out`."""
        if self.heartbeat.lost:
            raise LeaseLost(self.job.pk)
        if self.heartbeat.cancelled:
            raise cancelled()
        if self.heartbeat.overdue:
            raise JobError("timed_out", "This took longer than it is allowed to.")

    @contextmanager
    def publish(self) -> Iterator[None]:
        """One transaction for the result and the job's end, the fence first and the end last.

        Raises LeaseLost or a JobError `cancelled`, and then nothing was published.
        """
        with transaction.atomic():
            if lease.extend(self.job):
                raise cancelled()
            yield
            lease.succeed(self.job)
        self.published = True


def cancelled() -> JobError:
    return JobError("cancelled", "This was stopped.", permanent=True)
