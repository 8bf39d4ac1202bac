"""What alerts watch: how each condition is measured, and how its figure is said."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import ngettext

from analytics.models.alert import AlertRule, Condition
from analytics.operation import measures
from analytics.operation.measures import Ended
from core.jobs.liveness import seconds_of_silence
from core.jobs.registry import label_of
from media_library.services.paying import begin_of_month
from media_library.wording import words_for_seconds

GB = 1000**3
FEWEST_ENDED = 5  # of which a share says something
KINDS_NAMED = 3


@dataclass(frozen=True)
class Reading:
    value: float
    detail: str = ""


@dataclass(frozen=True)
class Measured:
    """`measure` is asked in the scope of the rule; `words` say a figure with its unit."""

    measure: Callable[[AlertRule], Reading]
    words: Callable[[float], str]


def read(rule: AlertRule) -> Reading:
    return MEASURED[Condition(rule.condition)].measure(rule)


def words_for(rule: AlertRule, value: float) -> str:
    return MEASURED[Condition(rule.condition)].words(value)


def _failures(rule: AlertRule) -> Reading:
    failed = [one for one in _ended(rule) if one.failed]
    return Reading(sum(one.failed for one in failed), _most(failed))


def _failure_share(rule: AlertRule) -> Reading:
    """Of a handful nothing can be said."""
    ended = _ended(rule)
    failed = sum(one.failed for one in ended)
    tried = failed + sum(one.succeeded for one in ended)
    share = 100 * failed / tried if tried >= FEWEST_ENDED else 0.0
    return Reading(share, _most([one for one in ended if one.failed]))


def _ended(rule: AlertRule) -> list[Ended]:
    """Of the site all jobs; of an organization what is done to its media."""
    within = timedelta(minutes=rule.window_minutes)
    return measures.ended_steps(within) if rule.organization_id else measures.ended_by_kind(within)


def _most(failed: list[Ended]) -> str:
    """“Make it playable 8, Words 2”"""
    worst = sorted(failed, key=lambda one: -one.failed)[:KINDS_NAMED]
    return ", ".join(f"{label_of(one.of)} {one.failed}" for one in worst)


def _waiting_jobs(rule: AlertRule) -> Reading:
    lanes = measures.lanes()
    return Reading(sum(lane.waiting for lane in lanes), ", ".join(f"{one.lane} {one.waiting}" for one in lanes))


def _waiting_time(rule: AlertRule) -> Reading:
    oldest = max(measures.lanes(), key=lambda lane: lane.oldest_seconds)
    return Reading(oldest.oldest_seconds, oldest.lane if oldest.oldest_seconds else "")


def _disk_share(rule: AlertRule) -> Reading:
    return Reading(measures.free_percent())


def _disk_free(rule: AlertRule) -> Reading:
    return Reading(measures.free_bytes() / GB)


def _cost_day(rule: AlertRule) -> Reading:
    return _cost(measures.ai_cost(timezone.now() - measures.LAST_DAY))


def _cost_month(rule: AlertRule) -> Reading:
    zone = rule.organization.zone if rule.organization else ZoneInfo("UTC")
    return _cost(measures.ai_cost(begin_of_month(zone)))


def _cost(by_purpose: dict[str, Decimal]) -> Reading:
    detail = ", ".join(f"{purpose} ${cost:.2f}" for purpose, cost in sorted(by_purpose.items()))
    return Reading(float(sum(by_purpose.values())), detail)


def _silence(rule: AlertRule) -> Reading:
    return Reading(seconds_of_silence())


def _jobs(value: float) -> str:
    return ngettext("%(count)d job", "%(count)d jobs", round(value)) % {"count": value}


def _percent(value: float) -> str:
    return f"{value:.3g} %"


def _gigabytes(value: float) -> str:
    return f"{value:.3g} GB"


def _dollars(value: float) -> str:
    return f"${value:,.2f}"


MEASURED: dict[Condition, Measured] = {
    Condition.FAILURES: Measured(_failures, _jobs),
    Condition.FAILURE_SHARE: Measured(_failure_share, _percent),
    Condition.WAITING_JOBS: Measured(_waiting_jobs, _jobs),
    Condition.WAITING_TIME: Measured(_waiting_time, words_for_seconds),
    Condition.DISK_SHARE: Measured(_disk_share, _percent),
    Condition.DISK_FREE: Measured(_disk_free, _gigabytes),
    Condition.COST_DAY: Measured(_cost_day, _dollars),
    Condition.COST_MONTH: Measured(_cost_month, _dollars),
    Condition.WORKER_SILENCE: Measured(_silence, words_for_seconds),
}
