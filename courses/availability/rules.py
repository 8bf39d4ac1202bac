"""What a rule asks of a learner, whether it is met, and the sentence that says so. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Facts:
    """What is known of a learner in a course.

    `titles` names the chapters and published items there are, by key; what is not among them holds nobody back.
    `done` are items; `settled` are items done or excused from, and chapters in which nothing that counts is left.
    `percents` are grades by item, 0–100. `previous` is what came before the place that is asked about.
    """

    now: datetime
    zone: ZoneInfo
    enrolled_at: datetime
    titles: Mapping[UUID, str]
    done: frozenset[UUID] = frozenset()
    settled: frozenset[UUID] = frozenset()
    percents: Mapping[UUID, Decimal] | None = None
    previous: UUID | None = None


@dataclass(frozen=True)
class Verdict:
    """Whether a rule is met; if not, why, and when it will be by itself (None: not by itself)."""

    is_met: bool
    reason: str = ""
    opens_at: datetime | None = None


MET = Verdict(True)


class Match(StrEnum):
    """How many of the rules must be met."""

    ALL = "all"
    ANY = "any"


class Rule:
    """One of the rules below."""

    kind: ClassVar[str]

    def judge(self, facts: Facts) -> Verdict:
        raise NotImplementedError


@dataclass(frozen=True)
class FromDate(Rule):
    """Open from this moment on."""

    kind = "date"
    at: datetime

    def judge(self, facts: Facts) -> Verdict:
        return _from_moment(self.at, facts)


@dataclass(frozen=True)
class DaysAfterEnrollment(Rule):
    """Open at the so many-th midnight after the day of enrollment, by the clock of the organization."""

    kind = "days"
    days: int

    def judge(self, facts: Facts) -> Verdict:
        return _from_moment(midnight_after(facts.enrolled_at, self.days, zone=facts.zone), facts)


@dataclass(frozen=True)
class AfterItem(Rule):
    """Open when an item is done, or the learner was excused from it."""

    kind = "after_item"
    item: UUID

    def judge(self, facts: Facts) -> Verdict:
        return _after(self.item, facts)


@dataclass(frozen=True)
class AfterChapter(Rule):
    """Open when nothing that counts is left in a chapter."""

    kind = "after_chapter"
    chapter: UUID

    def judge(self, facts: Facts) -> Verdict:
        return _after(self.chapter, facts)


@dataclass(frozen=True)
class AfterPrevious(Rule):
    """Open when what comes before it is done; the first has nothing before it."""

    kind = "after_previous"

    def judge(self, facts: Facts) -> Verdict:
        return MET if facts.previous is None else _after(facts.previous, facts)


@dataclass(frozen=True)
class MinScore(Rule):
    """Open to who has at least this grade, 0–100, or was excused from the item."""

    kind = "min_score"
    item: UUID
    percent: int

    def judge(self, facts: Facts) -> Verdict:
        reached = (facts.percents or {}).get(self.item)
        is_excused = self.item in facts.settled and self.item not in facts.done
        if self.item not in facts.titles or is_excused or (reached is not None and reached >= self.percent):
            return MET
        return Verdict(False, self._reason(facts.titles[self.item], reached))

    def _reason(self, title: str, reached: Decimal | None) -> str:
        words = {"percent": self.percent, "title": title}
        if reached is None:
            return _("Score at least %(percent)d %% in “%(title)s” first.") % words
        told = _("Score at least %(percent)d %% in “%(title)s” first (you have %(reached)d %%).")
        return told % {**words, "reached": int(reached)}


@dataclass(frozen=True)
class Availability:
    """Rules of one chapter or item; without any it is open at once."""

    match: Match = Match.ALL
    rules: tuple[Rule, ...] = ()


def midnight_after(moment: datetime, days: int, *, zone: ZoneInfo) -> datetime:
    """The beginning of a local day; with 0 days the moment itself.

    Where the clocks skip that midnight it is the first moment after it, where it comes twice the first one.
    """
    if not days:
        return moment
    day = moment.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, time(), tzinfo=zone)


def in_words(moment: datetime, zone: ZoneInfo) -> str:
    """`3 May 2027, 00:00`, in the organization's zone."""
    return dateformat.format(moment.astimezone(zone), "j F Y, H:i")


def _from_moment(moment: datetime, facts: Facts) -> Verdict:
    """Moments are compared in UTC: two times of one zone would be compared by what its clock shows."""
    if facts.now.timestamp() >= moment.timestamp():
        return MET
    words = _("Opens on %(moment)s.") % {"moment": in_words(moment, facts.zone)}
    return Verdict(False, words, moment)


def _after(key: UUID, facts: Facts) -> Verdict:
    if key in facts.settled or key not in facts.titles:
        return MET
    return Verdict(False, _("Complete “%(title)s” first.") % {"title": facts.titles[key]})
