"""Keeps one django-q2 cluster a lane alive, and replaces a cluster that went silent.

A cluster can die in ways it does not notice (an idle worker killed while it holds the queue's lock stops all of them).
So the judge is the work itself: work due for too long while nobody in the lane holds a lease means that the cluster is
replaced, whole process group at once. Leases bring back what it was doing.
"""

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.models.functions import Now

from core.jobs.lease import hand_back, reap
from core.jobs.liveness import LIFELINE, SECONDS_BETWEEN_SIGNS, leave_sign
from core.jobs.queue import wake_forgotten
from core.jobs.schedule import enqueue_due
from core.jobs.scratch import clean_scratch
from core.jobs.worker import SUPERVISOR
from core.models.job import Job, JobState
from core.processes import dies_with_parent, kill_group, stop_all

logger = logging.getLogger(__name__)
MANAGE = Path(settings.BASE_DIR) / "manage.py"
TICK_SECONDS = 2.0
STOP_SECONDS = 5.0  # enough for a short job; a long one is handed back
CLEANING_SECONDS = 300.0


class Cluster:
    """The processes of one lane, all in one process group. They hold the `lifeline` until the supervisor is gone."""

    def __init__(self, lane: str, *, lifeline: int) -> None:
        self.lane = lane
        self.lifeline = lifeline
        self.start()

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, str(MANAGE), "qcluster"],
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGTERM),  # no threads run here
            pass_fds=[self.lifeline],
            env={
                **os.environ,
                "Q_CLUSTER_NAME": self.lane,
                SUPERVISOR: str(os.getpid()),
                LIFELINE: str(self.lifeline),
            },
        )

    def replace(self, reason: str) -> None:
        """The whole group, orphans of a dead main process included; their leases expire and the work comes back."""
        logger.warning("Replacing the workers of the %s lane: %s", self.lane, reason)
        kill_group(self.process)
        self.start()

    def check(self) -> None:
        if self.process.poll() is not None:
            self.replace("its main process ended")
        elif time.monotonic() - self.started > settings.JOB_SILENCE_SECONDS and _lane_is_silent(self.lane):
            self.replace(f"work has been due for {settings.JOB_SILENCE_SECONDS} s and nobody takes it")


class Supervisor:
    """Runs until told to stop; `tick` is everything it does in between."""

    def __init__(self) -> None:
        self.stopping = False
        self._last: dict[Callable[[], object], float] = {}

    def run(self) -> None:
        lifeline, self._held = os.pipe()  # its writing end is ours alone, and closes when this process ends
        clusters = [Cluster(lane, lifeline=lifeline) for lane in settings.JOB_LANES]
        try:
            while not self.stopping:
                self.tick(clusters)
                time.sleep(TICK_SECONDS)
        finally:
            stop_all([cluster.process for cluster in clusters], within=STOP_SECONDS)
            _hand_back_work()

    def stop(self) -> None:
        self.stopping = True

    def tick(self, clusters: list[Cluster]) -> None:
        """A database that is away leaves the workers alone: they reconnect when it is back."""
        try:
            reap()
            enqueue_due()
            wake_forgotten()
            self._now_and_then(_leave_sign, every=SECONDS_BETWEEN_SIGNS)
            self._now_and_then(clean_scratch, every=CLEANING_SECONDS)
            for cluster in clusters:
                cluster.check()
        except Exception as error:  # whatever a database that is away makes of it: the watch goes on
            logger.warning("The watch over the workers was interrupted: %s", error)
            connection.close()

    def _now_and_then(self, do: Callable[[], object], *, every: float) -> None:
        now = time.monotonic()
        if now - self._last.get(do, -every) >= every:
            self._last[do] = now
            do()


def _name() -> str:
    return f"{socket.gethostname()}/{os.getpid()}"


def _leave_sign() -> None:
    leave_sign(_name())


def _hand_back_work() -> None:
    """The workers are dead by now; without a database their leases run out instead."""
    try:
        hand_back(_name())
    except Error as error:
        logger.warning("The work in progress will be taken up when its leases run out: %s", error)


def _lane_is_silent(lane: str) -> bool:
    waiting_since = Now() - timedelta(seconds=settings.JOB_SILENCE_SECONDS)
    jobs = Job.objects.filter(lane=lane)
    return (
        jobs.filter(state=JobState.QUEUED, available_at__lt=waiting_since).exists()
        and not jobs.filter(state=JobState.RUNNING).exists()
        and not jobs.filter(finished_at__gt=waiting_since).exists()
    )
