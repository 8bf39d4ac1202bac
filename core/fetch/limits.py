"""Who may go out, and how much a request may take."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from core.fetch.errors import FetchError

CONNECT_SECONDS, READ_SECONDS = 5.0, 30.0
MOST_SECONDS = 60.0  # for one request as a whole with its redirects, downloads apart
MOST_BYTES = 8 * 1024 * 1024  # of a body, unpacked
LOOK_SECONDS = 0.25  # how often a download looks whether it should stop

_allowed: ContextVar[bool] = ContextVar("network_allowed", default=False)


@contextmanager
def network_allowed() -> Iterator[None]:
    """Work that nobody waits for in front of a page."""
    token = _allowed.set(True)
    try:
        yield
    finally:
        _allowed.reset(token)


def refuse_where_not_allowed() -> None:
    if not _allowed.get():
        raise RuntimeError("Only jobs and commands may go out to the network.")


@dataclass(frozen=True)
class Limits:
    """Of one request with its redirects. `most_seconds` from now on, None for as long as nobody stops it."""

    most_bytes: int = MOST_BYTES
    most_seconds: float | None = MOST_SECONDS
    should_stop: Callable[[], bool] | None = None
    began_at: float = field(default_factory=time.monotonic)

    def wait(self, longest: float | None) -> float:
        """For how many seconds to wait now, at most `longest`. Raises FetchError where the time is over."""
        if self.should_stop is not None and self.should_stop():
            raise FetchError("network", "It was told to stop.")
        waits = [READ_SECONDS if longest is None else longest]
        if self.should_stop is not None:
            waits.append(LOOK_SECONDS)
        if self.most_seconds is not None:
            waits.append(self.began_at + self.most_seconds - time.monotonic())
        if min(waits) <= 0:
            raise FetchError("network", "It took longer than it may.")
        return min(waits)


_limits: ContextVar[Limits | None] = ContextVar("limits", default=None)


def present_limits() -> Limits:
    return _limits.get() or Limits()


@contextmanager
def limited(make: Callable[[], Limits]) -> Iterator[None]:
    """Those that hold already go on holding."""
    token = _limits.set(_limits.get() or make())
    try:
        yield
    finally:
        _limits.reset(token)
