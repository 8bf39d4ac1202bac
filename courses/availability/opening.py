"""Whether something is open to a learner now; if not, when and why. Pure."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from courses.availability.rules import Availability, Facts, Match, Verdict, in_words

__all__ = ["OPEN", "Facts", "Opening", "Period", "both", "opening", "opening_of_course"]


@dataclass(frozen=True)
class Opening:
    """`reasons` are sentences, none where it is open; `opens_at` is known where time alone will open it."""

    is_open: bool
    opens_at: datetime | None = None
    reasons: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return " ".join(self.reasons)


OPEN = Opening(True)


@dataclass(frozen=True)
class Period:
    """When learning is possible: the dates of the course, and the end of one's own enrollment."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    ends_at: datetime | None = None


def opening_of_course(period: Period, *, now: datetime, zone: ZoneInfo) -> Opening:
    """Before and after its time nothing of a course is open, not even what was done."""
    if period.ends_at is not None and now >= period.ends_at:
        return _shut(_("Your access ended on %(moment)s."), period.ends_at, zone)
    if period.closes_at is not None and now >= period.closes_at:
        return _shut(_("The course ended on %(moment)s."), period.closes_at, zone)
    if period.opens_at is not None and now < period.opens_at:
        return _shut(_("The course opens on %(moment)s."), period.opens_at, zone, opens_at=period.opens_at)
    return OPEN


def opening(availability: Availability, facts: Facts) -> Opening:
    """What the rules of one chapter or item come to."""
    verdicts = [rule.judge(facts) for rule in availability.rules]
    unmet = [verdict for verdict in verdicts if not verdict.is_met]
    if not unmet or (availability.match == Match.ANY and len(unmet) < len(verdicts)):
        return OPEN
    return _any_of(unmet) if availability.match == Match.ANY else _all_of(unmet)


def both(first: Opening, second: Opening) -> Opening:
    """Open where both are, as an item and its chapter; each reason is said once."""
    if first.is_open or second.is_open:
        return second if first.is_open else first
    reasons = tuple(dict.fromkeys([*first.reasons, *second.reasons]))
    return Opening(False, _last([first.opens_at, second.opens_at]), reasons)


def _shut(sentence: str, moment: datetime, zone: ZoneInfo, *, opens_at: datetime | None = None) -> Opening:
    return Opening(False, opens_at, (sentence % {"moment": in_words(moment, zone)},))


def _all_of(unmet: list[Verdict]) -> Opening:
    return Opening(False, _last([verdict.opens_at for verdict in unmet]), tuple(verdict.reason for verdict in unmet))


def _any_of(unmet: list[Verdict]) -> Opening:
    known = [verdict.opens_at for verdict in unmet if verdict.opens_at is not None]
    told = tuple(verdict.reason for verdict in unmet)
    reasons = told if len(told) == 1 else (_("One of these is enough:"), *told)
    return Opening(False, min(known, default=None), reasons)


def _last(moments: list[datetime | None]) -> datetime | None:
    """Known only where each of them is."""
    known = [moment for moment in moments if moment is not None]
    return max(known) if len(known) == len(moments) else None
