"""The kinds of job there are. Each app declares its own in `jobs.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from core.models.job import Lane

Work = Callable[[Any], None]


@dataclass(frozen=True)
class JobKind:
    """What a kind of job does and is allowed. `label` is what people call it, `time_limit` seconds for one attempt."""

    name: str
    work: Work
    lane: str
    stage: str
    label: str | Promise
    priority: int
    max_attempts: int
    time_limit: float


_kinds: dict[str, JobKind] = {}


def job(
    *,
    lane: Lane = Lane.SHORT,
    stage: str = "",
    label: str | Promise = "",
    priority: int = 0,
    max_attempts: int = 3,
    time_limit: float = 300,
) -> Callable[[Work], Work]:
    """Declare a function of `jobs.py` as a kind of job, named like the function.

    `stage` is the status its subject shows meanwhile, such as `processing`; `label` says in words what it does, such
    as “Make it playable”. Of one organization's work in a lane the highest `priority` comes first.
    """

    def declare(work: Work) -> Work:
        if work.__name__ in _kinds:
            raise ValueError(f"Two kinds of job are called {work.__name__}.")
        _kinds[work.__name__] = JobKind(
            name=work.__name__, work=work, lane=lane, stage=stage, label=label, priority=priority,
            max_attempts=max_attempts, time_limit=time_limit,
        )  # fmt: skip
        return work

    return declare


def kinds_of_steps() -> list[str]:
    """Names of the kinds that are told of as steps of their subject."""
    return [kind.name for kind in _kinds.values() if kind.stage]


def kind_named(name: str) -> JobKind:
    """Raises LookupError for a kind nobody declared."""
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"There is no kind of job called {name!r}.") from None


def label_of(name: str) -> str:
    """What people call a kind of job; of one that is not declared any more, its name."""
    declared = _kinds.get(name)
    return str(declared.label) if declared and declared.label else name.replace("_", " ").capitalize()
