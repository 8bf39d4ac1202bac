"""The kinds of job there are. Each app declares its own in `jobs.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.models.job import Lane

Work = Callable[[Any], None]


@dataclass(frozen=True)
class JobKind:
    """What a kind of job does and is allowed. `time_limit` in seconds, for one attempt."""

    name: str
    work: Work
    lane: str
    stage: str
    max_attempts: int
    time_limit: float


_kinds: dict[str, JobKind] = {}


def job(
    *, lane: Lane = Lane.SHORT, stage: str = "", max_attempts: int = 3, time_limit: float = 300
) -> Callable[[Work], Work]:
    """Declare a function of `jobs.py` as a kind of job, named like the function.

    `stage` is the status its subject shows meanwhile, such as `processing`.
    """

    def declare(work: Work) -> Work:
        if work.__name__ in _kinds:
            raise ValueError(f"Two kinds of job are called {work.__name__}.")
        _kinds[work.__name__] = JobKind(work.__name__, work, lane, stage, max_attempts, time_limit)
        return work

    return declare


def kind_named(name: str) -> JobKind:
    """Raises LookupError for a kind nobody declared."""
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"There is no kind of job called {name!r}.") from None
