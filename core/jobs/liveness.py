"""Who watches whom: workers end with their supervisor, and supervisors leave a sign of life for everybody to see."""

import os
import signal
import threading
from functools import cache

from django.core.cache import cache as shared
from django.utils import timezone

LIFELINE = "LECTERN_LIFELINE"  # set by the supervisor for its workers: a pipe that closes when it is gone
SIGN = "jobs:supervisor_alive"
SECONDS_BETWEEN_SIGNS = 10.0
SIGN_KEPT_SECONDS = 24 * 3600


def leave_sign(name: str) -> None:
    """Tell everybody that the supervisor of that name lives."""
    shared.set(SIGN, (name, timezone.now()), SIGN_KEPT_SECONDS)


def last_sign() -> tuple[str, float] | None:
    """Which supervisor was last seen, and how many seconds ago; None where there was none for a day."""
    sign = shared.get(SIGN)
    return sign and (sign[0], (timezone.now() - sign[1]).total_seconds())


def seconds_of_silence() -> float:
    """Since a supervisor was last seen, whichever; SIGN_KEPT_SECONDS where none was for so long, or ever."""
    sign = last_sign()
    return sign[1] if sign else float(SIGN_KEPT_SECONDS)


@cache
def end_with_supervisor() -> None:
    """From now on this process and its whole group end at once when their supervisor is gone, however it ended.

    Else they would go on beside the next supervisor's. What they were doing is taken up when its lease runs out. Does
    nothing in a process that has no supervisor.
    """
    lifeline = os.environ.get(LIFELINE)
    if lifeline:
        threading.Thread(target=_hold, args=[int(lifeline)], name="lifeline", daemon=True).start()


def _hold(lifeline: int) -> None:
    """Nobody writes into the pipe: reading it ends when no process has it open for writing."""
    while os.read(lifeline, 1):
        pass
    os.killpg(0, signal.SIGKILL)
